import { describe, expect, it } from '@jest/globals';
import { fold, runsOf } from './fold.js';
import {
  agent,
  apiError,
  at,
  interruption,
  type Members,
  read,
  type Reading,
  record,
  result,
  SESSION,
  START,
  turnEnd,
  user,
} from './transcripts.js';

const MINUTE = 60_000;
function runs(lines: (Members | string)[], reading?: Reading): string[] {
  return runsOf(fold(read(lines, reading).events));
}
function completed(lines: (Members | string)[], reading?: Reading): Record<string, unknown> | undefined {
  return read(lines, reading).events.findLast(({ type }) => type === 'run.completed')?.data;
}

describe('where a run starts and ends', () => {
  it('a run is a prompt and all that follows up to the next one', () => {
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 2, 'm1', 'tool'),
      result('r1', 3),
      agent('a2', 5, 'm2', 'text'),
      user('p2', 10, [{ type: 'text', text: 'more' }]),
      agent('a3', 12, 'm3', 'text'),
    ];
    expect(runs(lines)).toEqual(['p1 12:00:00-12:00:05 SUCCEEDED', 'p2 12:00:10-12:00:12 SUCCEEDED']);
  });

  it.each<[string, Members]>([
    ['a meta record', user('x', 4, 'caveat', { isMeta: true })],
    ['a sidechain', user('x', 4, 'look', { isSidechain: true })],
    ['a compact summary', user('x', 4, 'so far', { isCompactSummary: true })],
    ['a tool result', result('x', 4)],
    ['a local command’s output', user('x', 4, '<local-command-stdout>ok</local-command-stdout>')],
    ['a shell command', user('x', 4, '<bash-input>ls</bash-input>')],
    ['its output', user('x', 4, [{ type: 'text', text: '<bash-stdout>a</bash-stdout>' }])],
    ['a notification', user('x', 4, '<task-notification>done</task-notification>')],
    ['a notification by its origin', user('x', 4, 'done', { origin: { kind: 'task-notification' } })],
    ['a message without content', user('x', 4, undefined)],
    ['a record of a type nobody knows', record('novelty', 'x', 4, { message: { content: 'go' } })],
  ])('%s continues the run it stands in', (_, line) => {
    const lines = [user('p1', 0, 'go'), agent('a1', 2, 'm1', 'tool'), line, agent('a2', 6, 'm2', 'text')];
    expect(runs(lines)).toEqual(['p1 12:00:00-12:00:06 SUCCEEDED']);
  });

  it('echoes, progress, meta records and the queue never move its end', () => {
    const idle = [
      record('progress', 'i1', 3600),
      record('queue-operation', 'i2', 3601, { operation: 'enqueue' }),
      record('attachment', 'i3', 3602),
      user('i4', 3603, 'caveat', { isMeta: true }),
      user('i5', 3604, '<local-command-stdout>ok</local-command-stdout>'),
      agent('i6', 3605, 'm9', 'text', [1, 1], { isSidechain: true }),
    ];
    expect(runs([user('p1', 0, 'go'), agent('a1', 2, 'm1', 'text'), ...idle])).toEqual([
      'p1 12:00:00-12:00:02 SUCCEEDED',
    ]);
  });

  it('a prompt or slash command that the agent never worked on is no run', () => {
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 1, 'm1', 'text'),
      user('c1', 5, '<command-name>/model</command-name>'),
      user('e1', 5, '<local-command-stdout>ok</local-command-stdout>'),
      user('p2', 6, 'never mind'),
      user('p3', 7, 'do it'),
      agent('a3', 8, 'm3', 'text'),
      user('c2', 9, '<command-message>check</command-message>\n<command-name>/check</command-name>'),
      agent('a4', 11, 'm4', 'text'),
      user('p4', 20, 'not answered yet'),
    ];
    expect(runs(lines)).toEqual([
      'p1 12:00:00-12:00:01 SUCCEEDED',
      'p3 12:00:07-12:00:08 SUCCEEDED',
      'c2 12:00:09-12:00:11 SUCCEEDED',
    ]);
    const messages = read(lines).events.filter(({ type }) => type === 'message.created');
    expect(messages.map(({ data }) => data.messageId)).toEqual(['p1', 'a1', 'p2', 'p3', 'a3', 'c2', 'a4', 'p4']);
  });

  it('a command without work leaves what stands behind it to the run before', () => {
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 1, 'm1', 'tool'),
      user('c1', 2, '<command-name>/cost</command-name>'),
      result('r1', 3),
      turnEnd('t1', 4),
    ];
    expect(runs(lines)).toEqual(['p1 12:00:00-12:00:04 SUCCEEDED']);
  });

  it('calls before the first prompt are a run of their own', () => {
    const lines = [agent('a1', 1, 'm1', 'tool'), result('r1', 2), agent('a2', 3, 'm2', 'text'), user('p1', 9, 'go')];
    expect(runs(lines)).toEqual([`${SESSION}:start`.slice(0, 8) + ' 12:00:01-12:00:03 SUCCEEDED']);
  });
});

describe('how a run ended', () => {
  const start = [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'text')];

  it.each<[string, Members, string]>([
    ['rate limit', apiError('x', 2, { error: 'rate_limit', apiErrorStatus: 429 }), 'rate_limited'],
    ['usage limit said in words', apiError('x', 2, {}, 'Claude usage limit reached'), 'rate_limited'],
    [
      'overloaded',
      apiError('x', 2, {}, 'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}'),
      'provider_error',
    ],
    ['a server error', apiError('x', 2, { error: { status: 500 } }), 'provider_error'],
    ['login', apiError('x', 2, { error: 'authentication_failed' }, 'Please run /login'), 'permission_denied'],
    ['a forbidden request', apiError('x', 2, {}, 'API Error: 403 no'), 'permission_denied'],
    ['a long prompt', apiError('x', 2, { error: 'invalid_request' }, 'Prompt is too long'), 'context_overflow'],
    ['something else', apiError('x', 2, {}, 'Credit balance is too low'), 'unknown'],
  ])('%s: FAILED', (_, line, category) => {
    expect(completed([...start, line, turnEnd('t', 3)])).toMatchObject({ status: 'FAILED', failureCategory: category });
  });

  it('says kind and status, or the first line where texts are sent', () => {
    const lines = [...start, apiError('x', 2, { error: 'rate_limit', apiErrorStatus: 429 }, 'You hit\nyour limit')];
    expect(completed(lines)?.errorSummary).toBe('rate_limit, status 429');
    expect(completed(lines, { withText: true })?.errorSummary).toBe('You hit');
    expect(completed([...start, apiError('x', 2, {}, 'Secret path /home/x')])?.errorSummary).toBe('api_error');
  });

  it('an API error that the agent got over, or that was interrupted, is no failure', () => {
    expect(completed([...start, apiError('x', 2, {}), agent('a2', 3, 'm2', 'text')])?.status).toBe('SUCCEEDED');
    expect(completed([...start, apiError('x', 2, {}), interruption('i', 3)])?.status).toBe('CANCELED');
  });

  it('an interruption behind the last answer: CANCELED', () => {
    expect(completed([...start, agent('a2', 2, 'm2', 'tool'), result('r', 3), interruption('i', 4)])).toMatchObject({
      status: 'CANCELED',
      completedAt: at(4),
      errorSummary: undefined,
    });
    expect(completed([...start, interruption('i', 4), agent('a2', 5, 'm2', 'text')])?.status).toBe('SUCCEEDED');
  });

  it('the last message is complete with end_turn, the next prompt, a turn end, or after five minutes', () => {
    const nowMs = START + 2000;
    expect(completed(start, { nowMs })).toBeUndefined();
    expect(completed(start, { nowMs: START + 1000 + 5 * MINUTE })).toBeUndefined();
    expect(completed(start, { nowMs: START + 1001 + 5 * MINUTE })?.status).toBe('SUCCEEDED');
    expect(completed([...start, user('p2', 2, 'more')], { nowMs })?.status).toBe('SUCCEEDED');
    expect(completed([...start, turnEnd('t', 2)], { nowMs })).toMatchObject({
      status: 'SUCCEEDED',
      completedAt: at(2),
    });
    const done = agent('a2', 2, 'm2', 'text', [1, 1], { message: { stop_reason: 'end_turn' } });
    expect(completed([...start, done], { nowMs })?.status).toBe('SUCCEEDED');
  });

  it('a message that asks for a tool in any of its lines is not the last word', () => {
    const asks = [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'tool'), agent('a2', 2, 'm1', 'text')];
    const nowMs = START + 10 * MINUTE;
    expect(completed(asks, { nowMs })).toBeUndefined();
    expect(completed([...asks, user('p2', 3, 'more')], { nowMs })).toMatchObject({
      status: 'CANCELED',
      completedAt: at(2),
    });
    expect(completed([...asks, result('r', 3), agent('a3', 4, 'm1', 'text')], { nowMs })).toBeUndefined();
  });

  it('a run that nothing followed for 24 hours: CANCELED, and it says why', () => {
    const cut = [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'tool'), record('progress', 'x', 10)];
    const day = 24 * 60 * MINUTE;
    expect(completed(cut, { nowMs: START + 10_000 + day })).toBeUndefined();
    expect(completed(cut, { nowMs: START + 10_001 + day })).toMatchObject({
      status: 'CANCELED',
      completedAt: at(1),
      errorSummary: 'the transcript ends in the middle of the run',
    });
  });
});

describe('what a run changed', () => {
  const edit = (uuid: string, s: number, toolUseResult: unknown, isError = false) =>
    user(uuid, s, [{ type: 'tool_result', tool_use_id: 't', is_error: isError, content: '' }], { toolUseResult });
  const patch = (...lines: string[]) => [{ oldStart: 1, lines }];

  it('distinct files, lines of patches, all lines of a new file, no failed edit', () => {
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 1, 'm1', 'tool'),
      edit('r1', 2, { filePath: '/a', structuredPatch: patch(' x', '-old', '+new', '+newer') }),
      edit('r2', 3, { filePath: '/a', structuredPatch: patch('-gone') }),
      edit('r3', 4, { filePath: '/b', type: 'create', content: 'one\ntwo\n', structuredPatch: [], originalFile: null }),
      edit('r4', 5, { filePath: '/c', structuredPatch: patch('+failed') }, true),
      edit('r5', 6, 'Error: no such file'),
      edit('r6', 7, { file: { filePath: '/read', content: 'x' } }),
      agent('a2', 8, 'm2', 'text'),
    ];
    expect(completed(lines)?.artifacts).toEqual({ filesChanged: 2, linesAdded: 4, linesDeleted: 2 });
    expect(completed([user('p1', 0, 'go'), agent('a1', 1, 'm1', 'text')])?.artifacts).toBeUndefined();
  });
});

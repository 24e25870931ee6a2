import { describe, expect, it } from '@jest/globals';
import { fold, runsOf } from './fold.js';
import { agent, apiError, at, interruption, type Members, read, record, result, user } from './transcripts.js';

const userMessages = (lines: Members[]): string[] =>
  [...fold(read(lines, { withText: true }).events).messages.values()]
    .filter(({ role }) => role === 'user')
    .map(({ text }) => String(text));

describe('what other agents and sessions say', () => {
  it.each<[string, Members]>([
    ['a teammate', user('q', 100, '<teammate-message teammate_id="w1">half way</teammate-message>')],
    ['an agent', user('q', 100, [{ type: 'text', text: ' <agent-message from="w2">ready</agent-message>' }])],
    ['another session', user('q', 100, '<cross-session-message from="s2">hello</cross-session-message>')],
    ['behind a sentence', user('q', 100, 'Another session says:\n<agent-message from="w2">x</agent-message>')],
    ['behind a sentence on its line', user('q', 100, 'You got mail. <teammate-message id="1">x</teammate-message>')],
    [
      'behind a sentence of its own block',
      user('q', 100, [
        { type: 'text', text: 'A peer writes' },
        { type: 'text', text: '<agent-message>x</agent-message>' },
      ]),
    ],
    ['as its origin says', user('q', 100, 'done', { origin: { kind: 'peer' } })],
    ['a task, as its origin says', user('q', 100, 'done', { origin: { kind: 'task-notification' } })],
  ])('%s continues the run, and is no message of a person', (_, said) => {
    const lines = [user('p1', 0, 'go'), agent('a1', 10, 'm1', 'text'), said, agent('a2', 110, 'm2', 'text')];
    expect(runsOf(fold(read(lines).events))).toEqual(['p1 12:00:00-12:01:50 SUCCEEDED']);
    expect(userMessages(lines)).toEqual(['go']);
  });

  it('a person who writes of such messages writes a prompt', () => {
    const text = 'why did it say <agent-message>x</agent-message> there?';
    const lines = [user('p1', 0, 'go'), agent('a1', 10, 'm1', 'text'), user('p2', 100, text)];
    expect(userMessages([...lines, agent('a2', 110, 'm2', 'text')])).toEqual(['go', text]);
  });

  it('before any prompt they begin the run of what is done for them', () => {
    const lines = [user('q', 0, '<teammate-message>do it</teammate-message>'), agent('a1', 10, 'm1', 'text')];
    expect(runsOf(fold(read(lines).events))).toEqual(['session- 12:00:10-12:00:10 SUCCEEDED']);
  });
});

describe('a prompt typed while the agent works', () => {
  const queue = (s: number, operation: string): Members =>
    record('queue-operation', '', s, { operation, content: 'use b', uuid: undefined });
  const queued = (uuid: string, s: number, attachment: Members = {}): Members =>
    record('attachment', uuid, s, { attachment: { type: 'queued_command', prompt: 'use b', ...attachment } });
  const around = (...lines: Members[]): Members[] => [
    user('p1', 0, 'go'),
    agent('a1', 3, 'm1', 'tool'),
    ...lines,
    result('r1', 8),
    agent('a2', 20, 'm2', 'text'),
  ];

  it('is a message, once, and no run', () => {
    const mode = { commandMode: 'prompt' };
    const lines = around(queue(5, 'enqueue'), queue(7, 'remove'), queued('q1', 7.1, mode), queued('q1', 7.1, mode));
    expect(runsOf(fold(read(lines).events))).toEqual(['p1 12:00:00-12:00:20 SUCCEEDED']);
    expect(userMessages(lines)).toEqual(['go', 'use b']);
    const blocks = [
      { type: 'image', source: {} },
      { type: 'text', text: 'like this' },
    ];
    expect(userMessages(around(queued('q1', 7, { prompt: blocks })))).toEqual(['go', 'like this']);
  });

  it('what the queue hands over of tasks and agents, and a prompt taken back, is none', () => {
    const peer = { prompt: '<agent-message>x</agent-message>' };
    const lines = around(
      queue(4, 'enqueue'),
      queue(5, 'remove'),
      queued('q1', 5, { commandMode: 'task-notification' }),
      queued('q2', 5, { prompt: '<task-notification>x</task-notification>' }),
      queued('q3', 5, peer),
      queued('q4', 5, { origin: { kind: 'peer' } }),
    );
    expect(userMessages(lines)).toEqual(['go']);
  });

  it('handed over when the turn is over, it is the prompt of the next run', () => {
    const lines = [
      ...around(queue(5, 'enqueue')),
      queue(21, 'dequeue'),
      user('p2', 21, 'use b'),
      agent('a3', 30, 'm3', 'text'),
    ];
    expect(runsOf(fold(read(lines).events))).toEqual([
      'p1 12:00:00-12:00:20 SUCCEEDED',
      'p2 12:00:21-12:00:30 SUCCEEDED',
    ]);
    expect(userMessages(lines)).toEqual(['go', 'use b']);
  });
});

describe('the time that a run waits for a person', () => {
  const tool = (uuid: string, s: number, id: string, name: string, toolId = 't'): Members =>
    agent(uuid, s, id, 'tool', [1, 1], { message: { content: [{ type: 'tool_use', id: toolId, name }] } });
  const answer = (uuid: string, s: number, toolId = 't', more: Members = {}): Members =>
    user(uuid, s, [{ type: 'tool_result', tool_use_id: toolId, content: 'ok', ...more }]);
  const waits = (...lines: Members[]): unknown =>
    [...fold(read([user('p1', 0, 'go'), ...lines]).events).runs.values()].map(({ awaitMs }) => awaitMs);

  it.each(['AskUserQuestion', 'ExitPlanMode'])('%s: from the question to its answer', (name) => {
    const lines = [tool('a1', 60, 'm1', name), answer('r1', 50_400), agent('a2', 50_460, 'm2', 'text')];
    expect(waits(...lines)).toEqual([50_340_000]);
    expect(waits(...lines, ...lines)).toEqual([50_340_000]);
  });

  it('other tools are work; one that the person refused only waited', () => {
    expect(waits(tool('a1', 60, 'm1', 'Bash'), answer('r1', 500), agent('a2', 510, 'm2', 'text'))).toEqual([undefined]);
    const refusal = "The user doesn't want to proceed with this tool use. The tool use was rejected.";
    expect(
      waits(
        tool('a1', 60, 'm1', 'Bash'),
        answer('r1', 500, 't', { is_error: true, content: refusal }),
        interruption('i', 500),
      ),
    ).toEqual([440_000]);
  });

  it('questions at once count once, and one that is never answered not at all', () => {
    expect(
      waits(
        tool('a1', 10, 'm1', 'AskUserQuestion', 't1'),
        tool('a2', 20, 'm1', 'AskUserQuestion', 't2'),
        answer('r1', 110, 't1'),
        answer('r2', 120, 't2'),
        tool('a3', 130, 'm2', 'AskUserQuestion', 't3'),
      ),
    ).toEqual([110_000]);
  });

  it('an interruption ends the wait', () => {
    expect(waits(tool('a1', 10, 'm1', 'AskUserQuestion'), interruption('i', 70))).toEqual([60_000]);
  });

  it('from a limit’s error to the retry after its reset', () => {
    const limit = (uuid: string, s: number): Members => apiError(uuid, s, { error: 'rate_limit' }, 'limit reached');
    expect(waits(agent('a1', 10, 'm1', 'tool'), limit('e1', 20), agent('a2', 3620, 'm2', 'text'))).toEqual([3_600_000]);
    const resumed = user('c1', 3020, 'Continue', { isMeta: true });
    expect(waits(limit('e1', 20), limit('e2', 1000), resumed, agent('a2', 3600, 'm2', 'text'))).toEqual([3_000_000]);
    expect(waits(limit('e1', 20), user('p2', 5000, 'go on'), agent('a2', 5010, 'm2', 'text'))).toEqual([
      undefined,
      undefined,
    ]);
    const overloaded = apiError('e1', 20, { error: 'overloaded_error' }, 'overloaded');
    expect(waits(overloaded, agent('a2', 3620, 'm2', 'text'))).toEqual([undefined]);
  });
});

describe('what telemetry calls a prompt', () => {
  it('goes along with runs, calls and messages where the transcript says it', () => {
    const lines = [user('p1', 0, 'go', { promptId: 'x1' }), agent('a1', 1, 'm1', 'text')];
    const { runs, calls, messages } = fold(read(lines).events);
    for (const row of [...runs.values(), ...calls.values(), ...messages.values()]) {
      expect(row.key).toBe('prompt:session-1:x1');
    }
    const side = [user('s1', 0, 'look', { promptId: 'x1', isSidechain: true }), agent('s2', 1, 'm2', 'text')];
    const subagent = fold(read(side, { role: 'subagent' }).events).calls.get('m2');
    expect([subagent?.key, subagent?.runId]).toEqual(['prompt:session-1:x1', undefined]);
    expect(at(0)).toBe(runs.get('p1')?.startedAt);
  });
});

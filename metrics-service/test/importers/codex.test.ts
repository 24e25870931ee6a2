import { describe, expect, it } from '@jest/globals';
import { parseEvent } from '../../src/ingest/parse.js';
import { fold, runsOf } from './fold.js';
import {
  at,
  completed,
  context,
  count,
  event,
  item,
  type Members,
  meta,
  readRollout,
  SESSION,
  started,
  toBytes,
  TURN,
  T1,
  T2,
} from './rollouts.js';
import type { Reading } from './rollouts.js';

const read = (lines: (Members | string)[], reading: Reading = {}) => readRollout(toBytes(lines), reading);
const folded = (lines: (Members | string)[], reading: Reading = {}) => fold(read(lines, reading).events);
const calls = (lines: (Members | string)[]) => [...folded(lines).calls.values()];
/** [input, cached, output, reasoning] of each call */
const steps = (lines: (Members | string)[]) =>
  calls(lines).map(({ usage }) => {
    const { inputTokens, cacheReadTokens, outputTokens, reasoningTokens } = usage as Record<string, number>;
    return [inputTokens, cacheReadTokens, outputTokens, reasoningTokens];
  });
const runs = (lines: (Members | string)[], reading: Reading = {}) => runsOf(folded(lines, reading));

describe('a rollout', () => {
  it('gives a session, a run, a call for each step of the count, and messages; every event is valid', () => {
    const { events, problems } = read(TURN);
    expect(events.map((event) => parseEvent(event).fault).filter(Boolean)).toEqual([]);
    expect(problems.count).toBe(0);
    const { sessions, runs, calls, messages } = fold(events);
    expect([...sessions.values()]).toEqual([
      {
        sessionId: SESSION,
        createdByUserId: 'dev@example.com',
        createdAt: at(0),
        repo: 'shop',
        runtime: 'codex',
        branch: 'main',
      },
    ]);
    expect([...runs.values()]).toEqual([
      {
        runId: T1,
        sessionId: SESSION,
        userId: 'dev@example.com',
        startedAt: at(1),
        completedAt: at(11),
        status: 'SUCCEEDED',
      },
    ]);
    const call = { sessionId: SESSION, runId: T1, model: 'gpt-5' };
    expect([...calls.values()]).toMatchObject([
      {
        ...call,
        at: at(6),
        usage: { inputTokens: 100, cacheReadTokens: 40, outputTokens: 10, reasoningTokens: 4 },
      },
      {
        ...call,
        at: at(10),
        usage: { inputTokens: 150, cacheReadTokens: 100, outputTokens: 20, reasoningTokens: 5 },
      },
    ]);
    expect([...messages.values()].map(({ role, sentAt, text }) => [role, sentAt, text])).toEqual([
      ['user', at(1), undefined],
      ['agent', at(9), undefined],
    ]);
  });

  it('says texts only where asked', () => {
    const lines = [...TURN, event('thread_name_updated', 12, { thread_name: 'Shop' })];
    const { messages, sessions } = folded(lines, { withText: true });
    expect([...messages.values()].map(({ text }) => text)).toEqual(['go', 'Done.']);
    expect(sessions.get(SESSION)).toMatchObject({ title: 'Shop' });
    expect(JSON.stringify(read(lines).events)).not.toMatch(/Shop|Done/);
  });

  it('comes to the same, wherever an earlier import found its end, and however often it is read', () => {
    const bytes = toBytes(TURN);
    const whole = readRollout(bytes).events;
    for (let end = 1; end <= bytes.length; end += 37) {
      const early = readRollout(bytes.subarray(0, end)).events;
      expect(fold([...early, ...whole, ...early, ...whole])).toEqual(fold(whole));
    }
  });

  it('is read as far as it can be', () => {
    const lines = [
      '# a comment',
      meta(0),
      { timestamp: at(1), type: 'world_state', payload: null },
      { timestamp: 'yesterday', type: 'event_msg', payload: { type: 'brand_new' } },
      '[1]',
      ...TURN.slice(1, 10),
      count(9.5, [-1]),
      event('token_count', 9.6, { info: 'none' }),
      event('token_count', 9.7, { info: { total_token_usage: { input_tokens: 'many' } } }),
      { timestamp: at(9.8), type: 'session_meta', payload: { id: 7 } },
      ...TURN.slice(10),
      '{"timestamp":',
    ];
    const { problems, events } = read(lines);
    expect(fold(events).calls.size).toBe(2);
    expect(problems.named.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '1 is not JSON',
      '5 is JSON, but not an object',
      '15 total_token_usage.input_tokens is not a token count',
      '17 total_token_usage.input_tokens is not a token count',
      '18 a session_meta without id',
      `${lines.length} is not JSON`,
    ]);
  });

  it('leaves out what started before --since', () => {
    const lines = [...TURN, started(100, T2), item(101), count(102, [300, 150, 40, 9]), completed(103, T2)];
    const { runs, calls, messages, sessions } = folded(lines, { sinceMs: Date.parse(at(50)) });
    expect([...runs.keys()]).toEqual([T2]);
    expect([...calls.values()]).toMatchObject([{ runId: T2, usage: { inputTokens: 50 } }]);
    expect([messages.size, sessions.get(SESSION)?.createdAt]).toEqual([0, at(0)]);
  });
});

describe('the count', () => {
  const turn = (...lines: Members[]) => [meta(0), started(1, T1), context(1, T1), item(2), ...lines];

  it.each<[string, Members[], number[][]]>([
    ['steps without a last count', [count(3, [10, 4, 2]), count(4, [25, 12, 3])], [[10, 4, 2, 0], [15, 8, 1, 0]]], // prettier-ignore
    ['one that begins anew', [count(3, [90, 0, 9]), count(4, [30, 5, 3], [30, 5, 3])], [[90, 0, 9, 0], [30, 5, 3, 0]]], // prettier-ignore
    [
      'one that is set to the window’s size, and goes on from nothing',
      [count(3, [90, 0, 9]), count(4, [0, 0, 0]), count(5, [20, 0, 2], [20, 0, 2])],
      [[90, 0, 9, 0], [20, 0, 2, 0]], // prettier-ignore
    ],
    ['an estimate after compaction is no call', [count(3, [90, 0, 9], [90, 0, 9]), count(4, [90, 0, 9], [5])], [[90, 0, 9, 0]]], // prettier-ignore
    [
      'a resume that begins anew with more than before',
      [count(3, [10, 0, 1], [10, 0, 1]), meta(50), started(51, T2), item(52), count(53, [40, 0, 4], [40, 0, 4])],
      [[10, 0, 1, 0], [40, 0, 4, 0]], // prettier-ignore
    ],
    [
      'a resume that goes on',
      [
        count(3, [10, 0, 1]),
        meta(50),
        started(51, T2),
        count(52, [10, 0, 1], [10, 0, 1]),
        item(52),
        count(53, [40, 0, 4], [30, 0, 3]),
      ],
      [[10, 0, 1, 0], [30, 0, 3, 0]], // prettier-ignore
    ],
  ])('%s', (_, lines, expected) => expect(steps(turn(...lines))).toEqual(expected));

  it('each call has the model of its turn; calls before any turn form a run of their own', () => {
    const lines = [
      meta(0),
      count(3, [10, 0, 1]),
      started(5, T1),
      context(5, T1, 'gpt-5-mini'),
      count(6, [20, 0, 2]),
      completed(7, T1),
      started(8, T2),
      context(8, T2, 'gpt-5'),
      count(9, [30, 0, 3]),
      completed(10, T2),
    ];
    expect(calls(lines).map(({ runId, model }) => [runId, model])).toEqual([
      [`${SESSION}:start`, 'unknown'],
      [T1, 'gpt-5-mini'],
      [T2, 'gpt-5'],
    ]);
  });
});

describe('the outcome of a turn', () => {
  const begun = [meta(0), started(1, T1), context(1, T1), item(5)];
  const failed = (s: number, info: unknown) => event('error', s, { message: 'No.\nMore', codex_error_info: info });

  it.each<[string, Members[], string]>([
    ['completed', [completed(9, T1)], '12:00:09 SUCCEEDED'],
    ['aborted', [event('turn_aborted', 9, { turn_id: T1, reason: 'interrupted' })], '12:00:09 CANCELED'],
    ['aborted without saying which', [event('turn_aborted', 9)], '12:00:09 CANCELED'],
    ['an error at the end', [failed(9, 'usage_limit_exceeded')], '12:00:09 FAILED rate_limited'],
    [
      'an error, and the task completed without an answer',
      [
        failed(9, { http_connection_failed: { http_status_code: 503 } }),
        completed(10, T1, { last_agent_message: null }),
      ],
      '12:00:10 FAILED provider_error',
    ],
    [
      'an error of the task',
      [completed(9, T1, { error: { message: 'x', codex_error_info: 'serverOverloaded' } })],
      '12:00:09 FAILED provider_error',
    ],
    ['an error that was got over', [failed(6, 'other'), item(8), completed(9, T1)], '12:00:09 SUCCEEDED'],
    ['an error beside the turn', [failed(6, 'thread_rollback_failed'), completed(9, T1)], '12:00:09 SUCCEEDED'],
    ['nothing more, for a month', [], '12:00:05 CANCELED'],
    ['output after the end', [completed(9, T1), event('exec_command_end', 30, { turn_id: T1 })], '12:00:09 SUCCEEDED'],
  ])('%s', (_, lines, expected) => expect(runs([...begun, ...lines])).toEqual([`a1a1a1a1 12:00:01-${expected}`]));

  it('in flight, as long as it may go on', () => {
    expect(runs(begun, { nowMs: Date.parse(at(600)) })).toEqual(['a1a1a1a1 12:00:01-open IN_FLIGHT']);
    expect(runs(begun, { nowMs: Date.parse(at(5 + 24 * 3600)) })).toEqual(['a1a1a1a1 12:00:01-open IN_FLIGHT']);
  });

  it('canceled where the next turn begins without a word on it, unless that word comes late', () => {
    const next = [...begun, started(20, T2), completed(25, T2)];
    expect(runs(next)).toEqual(['a1a1a1a1 12:00:01-12:00:05 CANCELED', 'a2a2a2a2 12:00:20-12:00:25 SUCCEEDED']);
    expect(runs([...next, completed(26, T1)])[0]).toBe('a1a1a1a1 12:00:01-12:00:26 SUCCEEDED');
  });

  it('says the kind of error, and its text only where asked', () => {
    const lines = [...begun, failed(9, { responseTooManyFailedAttempts: { httpStatusCode: 429 } })];
    const summary = (withText: boolean) => folded(lines, { withText }).runs.get(T1)?.errorSummary;
    expect(summary(false)).toBe('response_too_many_failed_attempts, status 429');
    expect(summary(true)).toBe('No.');
  });

  it('counts what patches changed', () => {
    const changes = {
      'a.ts': { type: 'update', unified_diff: '--- a\n+++ b\n@@ -1 +1,2 @@\n-old\n+new\n+more\n' },
      'b.ts': { type: 'add', content: 'one\ntwo\n' },
    };
    const patch = (s: number, success: boolean) => event('patch_apply_end', s, { turn_id: T1, success, changes });
    expect(folded([...begun, patch(6, true), patch(7, false), completed(9, T1)]).runs.get(T1)?.artifacts).toEqual({
      filesChanged: 2,
      linesAdded: 4,
      linesDeleted: 1,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { fold } from './fold.js';
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
  T1,
  T2,
  toBytes,
} from './rollouts.js';
import { Owners } from '../../src/importers/codex/owners.js';

import { folded } from './rollout-calls.js';

describe('a helper’s rollout', () => {
  const HELPER = 'helper-1';
  const parent = [
    meta(0),
    started(1, T1),
    event('user_message', 2, { message: 'do it' }),
    item(5),
    count(30, [1000, 0, 10], [1000, 0, 10]),
    completed(300, T1),
  ];
  const work = [
    started(60, T2),
    context(60, T2, 'codex-auto-review'),
    event('user_message', 60, { message: 'may it run?' }),
    item(61),
    count(62, [4000, 3500, 20], [4000, 3500, 20]),
    completed(63, T2),
  ];
  const helper = (payload: Members): Members[] => [meta(60, { id: HELPER, ...payload }), ...work];
  const kinds: [string, Members][] = [
    [
      'an approval guardian',
      { session_id: SESSION, parent_thread_id: SESSION, source: { subagent: { other: 'guardian' } } },
    ],
    ['a review', { parent_thread_id: SESSION, source: { subagent: 'review' } }],
    ['a spawned agent', { source: { subagent: { thread_spawn: { parent_thread_id: SESSION } } } }],
    ['one that only names its parent', { parent_thread_id: SESSION }],
    ['one that says so', { thread_source: 'subagent', session_id: SESSION }],
  ];

  it.each(kinds)('%s is no session: its calls are its parent’s, its instructions nobody’s', (_, payload) => {
    const alone = folded(helper(payload));
    expect([alone.sessions.size, alone.runs.size, alone.messages.size]).toEqual([0, 0, 0]);
    const [call] = [...alone.calls.values()];
    expect(call).toMatchObject({
      sessionId: SESSION,
      at: at(62),
      model: 'codex-auto-review',
      usage: { inputTokens: 4000 },
    });
    expect(call).not.toHaveProperty('runId');
    const files = [parent, helper(payload)];
    for (const order of [files, files.toReversed()]) {
      const owners = new Owners();
      const both = fold(order.flatMap((lines) => readRollout(toBytes(lines), { owners }).events));
      expect([both.sessions.size, both.runs.size, both.calls.size, both.messages.size]).toEqual([1, 1, 2, 1]);
    }
  });

  it('of a helper belongs to the session at the top', () => {
    const owners = new Owners();
    readRollout(toBytes(helper({ parent_thread_id: SESSION })), { owners });
    const own = JSON.parse(JSON.stringify(work).replaceAll(T2, T1)) as Members[];
    const nested = [meta(60, { id: 'helper-2', parent_thread_id: HELPER }), ...own];
    expect([...folded(nested, owners).calls.values()]).toMatchObject([{ sessionId: SESSION }]);
  });

  it('that begins with its parent’s history counts what it did itself', () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: SESSION } } };
    const own = work.map((line) => ({
      ...line,
      timestamp: at(Date.parse(String(line.timestamp)) / 1000 - Date.parse(at(0)) / 1000 + 5),
    }));
    const fork = meta(60, { id: HELPER, forked_from_id: SESSION, source });
    expect([...folded([fork, ...parent.slice(1), ...own]).calls.values()]).toMatchObject([
      { sessionId: SESSION, usage: { inputTokens: 4000 } },
    ]);
    const start = { ...(fork.payload as Members), subagent_history_start_ordinal: String(parent.length) };
    const ordinals = [{ ...fork, payload: start }, ...parent.slice(1), ...own].map((line, ordinal): Members => ({
      ...line,
      timestamp: at(61 + ordinal),
      ordinal,
    }));
    expect([...folded(ordinals).calls.values()]).toMatchObject([{ usage: { inputTokens: 4000 } }]);
  });

  it('whose parent nobody knows is a session, without messages', () => {
    const alone = folded(helper({ source: { subagent: 'review' } }));
    expect([alone.sessions.size, alone.runs.size, alone.calls.size, alone.messages.size]).toEqual([1, 1, 1, 0]);
  });
});

describe('a fork that writes its parent’s history down over seconds', () => {
  const own = { id: 'fork', timestamp: at(1000), forked_from_id: SESSION };
  const asked = (s: number, message: string): Members => event('user_message', s, { message });
  /** two turns, as a parent has them and as a fork writes them down again, a second a line */
  const history = (begin: (s: number, index: number) => Members[], from: number, gap: number): Members[] => {
    const lines = (s: number, index: number): Members[] => [
      ...begin(s, index),
      asked(s, `prompt ${index}`),
      item(s + gap),
      count(s + 2 * gap, [100 * (index + 1), 0, 10 * (index + 1)], [100, 0, 10]),
      event('agent_message', s + 3 * gap, { message: 'Done.' }),
      event('task_complete', s + 3 * gap),
    ];
    return [...lines(from, 0), ...lines(from + 4 * gap, 1)];
  };
  const mine = (begin: Members[], prompt = 'something else'): Members[] => [
    ...begin,
    asked(1020, prompt),
    item(1021),
    count(1022, [230, 0, 23], [30, 0, 3]),
    event('agent_message', 1023, { message: 'Done.' }),
    event('task_complete', 1023),
  ];
  const seconds = (s: number): number => Math.floor(Date.parse(at(s)) / 1000);

  it.each<[string, (s: number, index: number) => Members[], Members[], boolean]>([
    ['nothing but prompts', () => [], [], true],
    ['task_started without ids', (s) => [event('task_started', s)], [event('task_started', 1020)], true],
    [
      'ids that are no UUIDs',
      (s, index) => [event('task_started', s, { turn_id: `${index}` })],
      [event('task_started', 1020, { turn_id: '0' })],
      true,
    ],
    [
      'started_at in seconds',
      (s, index) => [event('task_started', s, { turn_id: `${index}`, started_at: seconds(10 * index) })],
      [event('task_started', 1020, { turn_id: '0', started_at: seconds(1020) })],
      false,
    ],
    [
      'started_at as a time',
      (s, index) => [event('task_started', s, { started_at: at(10 * index) })],
      [event('task_started', 1020, { started_at: at(1020) })],
      false,
    ],
  ])('%s: what began before is the parent’s', (_, begin, ownBegin, needsParent) => {
    const owners = new Owners();
    const parentLines = [meta(0), ...history(begin, 5, 1)];
    if (needsParent) readRollout(toBytes(parentLines), { owners });
    const fork = folded([meta(1000, own), ...history(begin, 1000.5, 1), ...mine(ownBegin)], owners);
    expect([...fork.calls.values()].map(({ usage }) => (usage as Members).inputTokens)).toEqual([30]);
    expect([...fork.runs.values()].map(({ sessionId, startedAt }) => [sessionId, startedAt])).toEqual([
      ['fork', at(1020)],
    ]);
    expect([...fork.messages.values()].map(({ role }) => role)).toEqual(['user', 'agent']);
  });

  it('a fork at once is its own from its first prompt on', () => {
    const owners = new Owners();
    readRollout(toBytes([meta(0), ...history(() => [], 5, 1)]), { owners });
    const early = [meta(1019, { ...own, timestamp: at(1019) }), ...mine([event('task_started', 1020.1)])];
    expect([...folded(early, owners).runs.values()]).toMatchObject([{ sessionId: 'fork' }]);
  });
});

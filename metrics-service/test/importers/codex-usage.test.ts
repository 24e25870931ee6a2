import { describe, expect, it } from '@jest/globals';
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
  T1,
  T2,
  toBytes,
} from './rollouts.js';
import { Owners } from '../../src/importers/codex/owners.js';

const folded = (lines: Members[], owners?: Owners) =>
  fold(readRollout(toBytes(lines), owners ? { owners } : {}).events);
/** callId, run, input, output of each call */
const calls = (lines: Members[]): string[] =>
  [...folded(lines).calls.values()].map(({ callId, runId, usage }) => {
    const { inputTokens, outputTokens } = usage as Record<string, number>;
    return [
      String(callId).replace(/^(?:a[12]){4}-[^:]*:/, 'step '),
      String(runId).slice(0, 2),
      inputTokens,
      outputTokens,
    ].join(' ');
  });

/** A response's own record: [input, cached, output, reasoning, written]. */
const response = (s: number, id: string, numbers: number[], turn = T1): Members => {
  const [input = 0, cached = 0, output = 0, reasoning = 0, written = 0] = numbers;
  const usage = {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: written,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  };
  return { timestamp: at(s), type: 'token_usage_record', payload: { turn_id: turn, response_id: id, usage } };
};
const turn = (id: string, s: number, ...lines: Members[]): Members[] => [
  started(s, id),
  context(s, id),
  ...lines,
  completed(s + 30, id),
];

describe('the usage that a rollout records by response', () => {
  const first = [response(5, 'r1', [100, 40, 10]), count(5.1, [100, 40, 10], [100, 40, 10])];
  const compaction = [
    response(10, 'rc', [9000, 8000, 700]),
    {
      timestamp: at(11),
      type: 'compacted',
      payload: { latest_token_usage_record: response(10, 'rc', [9000, 8000, 700]).payload },
    },
  ];

  it('is one call per response, what a compaction cost included, and its count none', () => {
    const lines = [
      meta(0),
      ...turn(T1, 1, ...first, ...compaction, response(20, 'r2', [120, 0, 12]), count(20.1, [220, 40, 22])),
    ];
    expect(calls(lines)).toEqual(['r1 a1 100 10', 'rc a1 9000 700', 'r2 a1 120 12']);
    const doubled = [...lines, ...first, ...compaction];
    expect(calls(doubled)).toEqual(calls(lines));
  });

  it('whichever of both forms comes first', () => {
    const lines = [
      meta(0),
      ...turn(T1, 1, ...first.toReversed(), count(20, [220, 40, 22]), response(20.1, 'r2', [120, 0, 12])),
    ];
    expect(calls(lines)).toEqual(['r1 a1 100 10', 'r2 a1 120 12']);
  });

  it('belongs to the turn that the record names', () => {
    const lines = [
      meta(0),
      ...turn(T1, 1, ...first),
      ...turn(T2, 100, response(105, 'late', [7, 0, 7], T1), response(106, 'r2', [8, 0, 8], T2)),
    ];
    expect(calls(lines)).toEqual(['r1 a1 100 10', 'late a1 7 7', 'r2 a2 8 8']);
    expect(folded(lines).calls.get('late')).toMatchObject({ at: at(105), sessionId: SESSION });
  });

  it('where an older version went on with the rollout, its turns have the steps of the count', () => {
    const older = turn(
      T2,
      100,
      item(101),
      count(105, [150, 40, 15], [50, 0, 5]),
      item(106),
      count(110, [170, 40, 17], [20, 0, 2]),
    );
    expect(calls([meta(0), ...turn(T1, 1, ...first), ...older])).toEqual([
      'r1 a1 100 10',
      'step 0:150:15 a2 50 5',
      'step 0:170:17 a2 20 2',
    ]);
    const newer = turn(T2, 100, response(105, 'r2', [50, 0, 5], T2), count(105.1, [150, 40, 15], [50, 0, 5]));
    expect(calls([meta(0), ...turn(T1, 1, item(2), first[1]!), ...newer])).toEqual([
      'step 0:100:10 a1 100 10',
      'r2 a2 50 5',
    ]);
  });

  it('has what was written to the cache, the turn’s tier and its model', () => {
    const fast = { ...context(1, T1, 'gpt-5.5'), payload: { turn_id: T1, model: 'gpt-5.5', service_tier: 'priority' } };
    const standard = { ...context(100, T2), payload: { turn_id: T2, model: 'gpt-5', service_tier: 'default' } };
    const lines = [meta(0), started(1, T1), fast, response(5, 'r1', [100, 40, 10, 2, 30]), completed(9, T1)];
    const { calls: rows } = folded([
      ...lines,
      started(100, T2),
      standard,
      response(105, 'r2', [9, 0, 9], T2),
      response(106, 'r3', [1, 0, 1]),
    ]);
    expect(rows.get('r1')).toMatchObject({
      model: 'gpt-5.5',
      tier: 'priority',
      usage: { inputTokens: 100, cacheReadTokens: 40, cacheWriteTokens: 30, reasoningTokens: 2 },
    });
    expect(rows.get('r2')).toMatchObject({ model: 'gpt-5' });
    expect(rows.get('r2')?.tier).toBeUndefined();
    expect(rows.get('r3')).toMatchObject({ model: 'gpt-5.5', tier: 'priority' });
  });
});

describe('turns whose ids are no UUIDs', () => {
  it('are of their session, and may come again in the file', () => {
    const lines = (session: string) => [
      meta(0, { id: session }),
      ...turn('3', 1, item(5)),
      ...turn('auto-compact-0', 50, item(60)),
      ...turn('3', 100, item(101)),
    ];
    const { runs } = fold([...readRollout(toBytes(lines('one'))).events, ...readRollout(toBytes(lines('two'))).events]);
    expect([...runs.keys()].sort()).toEqual(
      ['one', 'two'].flatMap((session) =>
        [1, 100]
          .map((s) => `${session}:3:${Date.parse(at(s))}`)
          .concat(`${session}:auto-compact-0:${Date.parse(at(50))}`),
      ),
    );
    expect(runsOf({ ...fold([]), runs }).filter((line) => line.startsWith('one'))).toEqual([
      'one:3:17 12:00:01-12:00:31 SUCCEEDED',
      'one:auto 12:00:50-12:01:20 SUCCEEDED',
      'one:3:17 12:01:40-12:02:10 SUCCEEDED',
    ]);
  });

  it('a turn that was cut off, and one with its id after a resume, are two', () => {
    const { runs } = folded([
      meta(0),
      started(1, '0'),
      context(1, '0'),
      item(5),
      meta(100),
      ...turn('0', 101, item(102)),
    ]);
    expect([...runs.values()].map(({ startedAt, status }) => [startedAt, status])).toEqual([
      [at(1), 'CANCELED'],
      [at(101), 'SUCCEEDED'],
    ]);
  });
});

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

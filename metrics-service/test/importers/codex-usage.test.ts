import { describe, expect, it } from '@jest/globals';
import { fold, runsOf } from './fold.js';
import {
  at,
  completed,
  context,
  count,
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

import { calls, folded } from './rollout-calls.js';

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

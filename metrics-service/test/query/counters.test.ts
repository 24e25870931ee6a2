import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEvent } from '../../src/ingest/parse.js';
import { answerRun } from '../../src/query/one-run.js';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

const ODD = [`a "b'c`, 'constructor', 'é 😀', '=1+1'];

/** Runs of one day, each an hour after the one before. */
function run(number: number, counters?: Record<string, unknown>): unknown {
  const at = (minute: string): string => `2026-03-02T${String(number).padStart(2, '0')}:${minute}:00Z`;
  const data = { runId: `r${number}`, startedAt: at('00'), completedAt: at('30'), status: 'SUCCEEDED', counters };
  return { specversion: '1.0', source: 'x', id: `e${number}`, type: 'run.completed', data };
}

const EVENTS = [
  run(1, { candidates: 4, evaluations: 0.1 }),
  run(2, { candidates: 10, [ODD[0]!]: 1, [ODD[1]!]: 2 }),
  run(3),
  run(4, { candidates: -1.5, evaluations: 0.2, [ODD[2]!]: 3, [ODD[3]!]: 4 }),
  run(5, { evaluations: null }),
];

let world: World;
beforeAll(async () => {
  world = await startWorld(EVENTS);
});
afterAll(() => world.stop());

describe('counters of runs', () => {
  it('are columns of the runs list, by name', async () => {
    const result = await world.ask({ view: 'runs', direction: 'asc' });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const { fields, meta } = result.frames[0]!.schema;
    const names = ['=1+1', `a "b'c`, 'candidates', 'constructor', 'evaluations', 'é 😀'];
    const shown = fields.filter(({ name }) => name.startsWith('counter_'));
    expect(shown.map(({ name }) => name)).toEqual(names.map((name) => `counter_${name}`));
    expect(shown.map(({ config }) => config.displayNameFromDS)).toEqual(names);
    expect(shown.map(({ typeInfo }) => typeInfo)).toEqual(names.map(() => ({ frame: 'float64', nullable: true })));
    expect(meta.notices).toBeUndefined();
    const columns = (row: Record<string, unknown>) => names.map((name) => row[`counter_${name}`]);
    expect(rowsOf(result).map(columns)).toEqual([
      [null, null, 4, null, 0.1, null],
      [null, 1, 10, 2, null, null],
      [null, null, null, null, null, null],
      [4, null, -1.5, null, 0.2, 3],
      [null, null, null, null, null, null],
    ]);
  });

  it.each([
    ['counter_candidates', 'desc', ['r2', 'r1', 'r4', 'r3', 'r5']],
    ['counter_candidates', 'asc', ['r4', 'r1', 'r2', 'r3', 'r5']],
    [`counter_a "b'c`, 'desc', ['r2', 'r1', 'r3', 'r4', 'r5']],
  ])('put the runs in order: %s %s', async (orderBy, direction, runs) => {
    const rows = rowsOf(await world.ask({ view: 'runs', orderBy, direction }));
    expect(rows.map((row) => row.run)).toEqual(runs);
  });

  it('are those of the runs that pass', async () => {
    const ofThree = { from: Date.UTC(2026, 2, 2, 3), to: Date.UTC(2026, 2, 2, 4) };
    const names = (await world.ask({ view: 'runs', ...ofThree })).frames[0]!.schema.fields.map(({ name }) => name);
    expect(names.filter((name: string) => name.startsWith('counter_'))).toEqual([]);
    expect((await world.ask({ view: 'runs', orderBy: 'counter_' })).error).toContain('unknown orderBy "counter_"');
  });

  it('are in the detail of a run', async () => {
    const asked = { runId: 'r4', now: WINDOW.to };
    const detail = await answerRun(world.database, { orgId: 'acme', viewer: null }, asked);
    const { schema, data } = detail!.frame;
    const counted = schema.fields.flatMap(({ name }, at) =>
      name.startsWith('counter_') ? [[name, data.values[at]![0]]] : [],
    );
    expect(counted).toEqual([
      ['counter_=1+1', 4],
      ['counter_candidates', -1.5],
      ['counter_evaluations', 0.2],
      ['counter_é 😀', 3],
    ]);
  });

  it('are columns of the file of runs', async () => {
    const { body } = await world.request(`/v1/export/runs.csv?from=${WINDOW.from}&to=${WINDOW.to}&direction=asc`);
    const [head, first, second] = (body as string).split('\r\n');
    expect(head).toMatch(/,Page,'=1\+1,"a ""b'c",candidates,constructor,evaluations,é 😀$/);
    expect(first).toMatch(/,,,,4,,0.1,$/);
    expect(second).toMatch(/,,,1,10,2,,$/);
  });

  it('are the 20 that most runs have, where there are more: a notice says so', async () => {
    const token = await world.organization('many');
    const counters = (from: number): Record<string, number> =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [`c${String(from + index).padStart(2, '0')}`, index]),
      );
    await world.request('/v1/events', { token, body: [run(1, counters(1)), run(2, counters(11)), run(3, { c30: 7 })] });
    const answer = await world.request('/v1/query', { token, body: { ...WINDOW, queries: [{ view: 'runs' }] } });
    const { fields, meta } = answer.body.results.A.frames[0].schema;
    const names = fields
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => name.startsWith('counter_'));
    // c11 to c20 and c30 are of two runs, the others of one
    const wanted = [...Array.from({ length: 20 }, (_, index) => index + 1).filter((number) => number !== 10)];
    expect(names).toEqual([...wanted, 30].map((number) => `counter_c${String(number).padStart(2, '0')}`));
    expect(meta.notices).toEqual([
      {
        severity: 'info',
        text: 'of 30 counters the 20 that most runs have are shown: counter_total by counter has all',
      },
    ]);
  });

  it('add up exactly, whatever their order and size', async () => {
    const sent = [
      [0.1, 0.2, 0.3],
      [1e300, 1, -1e300],
      [5e-324, 5e-324],
      [2 ** 53, 1, 1],
    ];
    const token = await world.organization('exact');
    const events = sent.flatMap((values, kind) =>
      values.map((value, index) => run(kind * 4 + index, { [`kind ${kind}`]: value })),
    );
    await world.request('/v1/events', { token, body: events });
    const query = {
      view: 'table',
      metrics: ['counter_total', 'counter_per_run'],
      groupBy: ['counter'],
      orderBy: 'counter',
    };
    const { body } = await world.request('/v1/query', {
      token,
      body: { ...WINDOW, queries: [{ ...query, direction: 'asc' }] },
    });
    expect(rowsOf(body.results.A)).toEqual([
      { counter: 'kind 0', counter_total: 0.6, counter_per_run: 0.2 },
      { counter: 'kind 1', counter_total: 1, counter_per_run: 1 / 3 },
      { counter: 'kind 2', counter_total: 1e-323, counter_per_run: 5e-324 },
      { counter: 'kind 3', counter_total: 9_007_199_254_740_994, counter_per_run: 3_002_399_751_580_331.3 },
    ]);
  });

  it.each([
    [{ a: '1' }, 'data.counters.a', 'must be a number'],
    [{ '': 1 }, 'data.counters', 'has a name that is not 1 to 200 characters'],
    [[1], 'data.counters', 'must be an object of numbers by name'],
    [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`c${index}`, 1])), 'data.counters', '20'],
  ])('are numbers by name: %j is refused', async (counters, path, message) => {
    const { status, body } = await world.request('/v1/events', { body: run(9, counters as Record<string, unknown>) });
    expect(status).toBe(422);
    expect(body.rejected[0]).toMatchObject({ code: 'invalid_event', path });
    expect(body.rejected[0].message).toContain(message);
  });

  it('are finite', () => {
    const text = JSON.stringify(run(9, { a: 7 })).replace('"a":7', '"a":1e999');
    expect(parseEvent(JSON.parse(text)).fault).toMatchObject({ path: 'data.counters.a', message: 'must be finite' });
  });
});

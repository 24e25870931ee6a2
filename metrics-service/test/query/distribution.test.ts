import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, type QueryResult } from './world.js';
import { testService, type TestService } from '../support/service.js';

/** Monday in Vienna; the night before, the clock there was put an hour ahead. */
const START = Date.parse('2026-03-30T08:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Made {
  at: number;
  ms?: number;
  status?: string;
  costUsd?: string;
  tokens?: number;
}

const RUNS: Made[] = [
  { at: START, ms: 999, costUsd: '0' },
  { at: START + 1, ms: 1_000, costUsd: '0.009999999', status: 'FAILED' },
  { at: START + 2, ms: 1_999, costUsd: '0.01' },
  { at: START + HOUR, ms: 2_000, costUsd: '0.02', tokens: 2_048_000 },
  // before the clock change, the same weekday in Vienna as in UTC; and one in the hour after it
  { at: START - 3 * DAY, ms: 9_000, status: 'FAILED' },
  { at: START - DAY - HOUR * 7, ms: 8_000, tokens: 999 },
  // it goes on
  { at: START + 5 },
];

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await testService({ clock: () => START + DAY });
  token = await service.organization('distributions', { timezone: 'Europe/Vienna' });
  await service.accept(
    token,
    RUNS.flatMap(({ at, ms, status = 'SUCCEEDED', costUsd, tokens }, index) => {
      const told = { specversion: '1.0', source: 'platform' };
      const runId = `r${index}`;
      const iso = (moment: number): string => new Date(moment).toISOString();
      const usage = tokens === undefined ? undefined : [{ model: 'm', inputTokens: tokens - 1, outputTokens: 1 }];
      const ended = { runId, completedAt: iso(at + (ms ?? 0)), status, costUsd, usage };
      return [
        { ...told, id: `start ${index}`, type: 'run.started', data: { runId, sessionId: 's', startedAt: iso(at) } },
        ...(ms === undefined ? [] : [{ ...told, id: `end ${index}`, type: 'run.completed', data: ended }]),
      ];
    }),
  );
});
afterAll(() => service.stop());

async function ask(query: object, more: object = {}): Promise<QueryResult> {
  const body = { from: START - 7 * DAY, to: START + DAY, ...more, queries: [{ refId: 'A', ...query }] };
  return (await service.request('/v1/query', { token, body })).body.results.A as QueryResult;
}

const fieldsOf = ({ frames }: QueryResult): any[] => frames[0]!.schema.fields as unknown[];
const noticesOf = ({ frames }: QueryResult): string[] => (frames[0]!.schema.meta.notices ?? []).map(({ text }) => text);

describe('a distribution', () => {
  it('counts ended runs in bins that double: the first has all that is less, each begins with its start', async () => {
    expect(rowsOf(await ask({ view: 'distribution' }))).toEqual([
      { xMin: 500, xMax: 1_000, runs: 1, failed_runs: 0 },
      { xMin: 1_000, xMax: 2_000, runs: 2, failed_runs: 1 },
      { xMin: 2_000, xMax: 4_000, runs: 1, failed_runs: 0 },
      { xMin: 4_000, xMax: 8_000, runs: 0, failed_runs: 0 },
      { xMin: 8_000, xMax: 16_000, runs: 2, failed_runs: 1 },
    ]);
  });

  it('is of money and of tokens, too, and says of how many runs it knows nothing', async () => {
    const costs = await ask({ view: 'distribution', of: 'cost' });
    expect(rowsOf(costs)).toEqual([
      { xMin: 0.005, xMax: 0.01, runs: 2, failed_runs: 1 },
      { xMin: 0.01, xMax: 0.02, runs: 1, failed_runs: 0 },
      { xMin: 0.02, xMax: 0.04, runs: 1, failed_runs: 0 },
    ]);
    expect(fieldsOf(costs)[0].config.unit).toBe('currencyUSD');
    expect(noticesOf(costs)).toEqual(['cost of 2 of 6 ended runs is not known: they are in no bin']);
    const tokens = rowsOf(await ask({ view: 'distribution', of: 'tokens' }));
    expect(tokens).toHaveLength(13);
    expect(tokens[0]).toEqual({ xMin: 500, xMax: 1_000, runs: 1, failed_runs: 0 });
    expect(tokens[12]).toEqual({ xMin: 2_048_000, xMax: 4_096_000, runs: 1, failed_runs: 0 });
  });

  it('is cells over time with an interval', async () => {
    const cells = await ask({ view: 'distribution', interval: 'day' });
    const monday = Date.parse('2026-03-29T22:00:00Z');
    expect(rowsOf(cells)).toEqual([
      { xMin: Date.parse('2026-03-26T23:00:00Z'), yMin: 8_000, yMax: 16_000, count: 1 },
      { xMin: Date.parse('2026-03-28T23:00:00Z'), yMin: 8_000, yMax: 16_000, count: 1 },
      { xMin: monday, yMin: 500, yMax: 1_000, count: 1 },
      { xMin: monday, yMin: 1_000, yMax: 2_000, count: 2 },
      { xMin: monday, yMin: 2_000, yMax: 4_000, count: 1 },
    ]);
    expect(cells.frames[0]!.schema.meta.type).toBe('heatmap-cells');
    expect(fieldsOf(cells)[0]).toMatchObject({ type: 'time', config: { interval: DAY } });
  });

  it('says why it is empty, and what it can be of', async () => {
    const none = await ask({ view: 'distribution', filters: { repo: ['nowhere'] } });
    expect(rowsOf(none)).toEqual([]);
    expect(noticesOf(none).join()).toContain('nowhere');
    expect(await ask({ view: 'distribution', of: 'sessions' })).toMatchObject({
      status: 400,
      error: 'unknown of "sessions": one of duration, cost, tokens',
    });
  });
});

describe('a punch card', () => {
  it('has a row for each weekday and a column for each hour of the zone', async () => {
    const rows = rowsOf(await ask({ view: 'punchcard', metrics: ['runs'] }));
    expect(rows.map(({ day_of_week: day }) => day)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const used = rows.flatMap((row) => Object.entries(row).filter(([name, value]) => name !== 'day_of_week' && value));
    // Monday at 10 and 11, Friday at 9 in winter time, Sunday at 3, the hour that follows that at 1
    expect(used).toEqual([
      ['h10', 4],
      ['h11', 1],
      ['h09', 1],
      ['h03', 1],
    ]);
    expect(rows[0]).toMatchObject({ h00: 0, h23: 0 });
    const utc = rowsOf(await ask({ view: 'punchcard', metrics: ['runs'] }, { timezone: 'UTC' }));
    expect([utc[0]!.h08, utc[4]!.h08, utc[6]!.h01]).toEqual([4, 1, 1]);
  });

  it('has one scale of colours, and nothing where there is nothing to tell', async () => {
    const result = await ask({ view: 'punchcard', metrics: ['run_success_rate'], filters: { status: ['FAILED'] } });
    expect(rowsOf(result)[0]).toMatchObject({ h10: 0, h11: null });
    const counts = fieldsOf(await ask({ view: 'punchcard', metrics: ['runs'] }));
    expect(counts[3].config).toMatchObject({ displayNameFromDS: '02', min: 0, max: 4, unit: 'locale' });
    expect(counts[0].config.mappings[0].options[7].text).toBe('Sunday');
  });

  it('takes one metric of the clock', async () => {
    expect(await ask({ view: 'punchcard', metrics: ['runs', 'total_cost'] })).toMatchObject({
      error: 'punchcard takes one metric, not 2',
    });
    const { error } = (await ask({ view: 'punchcard', metrics: ['runs_per_day'] })) as { error?: string };
    expect(error).toContain('metric runs_per_day does not take the grouping day_of_week');
  });
});

it('is there as a file', async () => {
  const query = `from=${START - 7 * DAY}&to=${START + DAY}`;
  const file = async (path: string): Promise<string[]> => {
    const { body } = await service.request(`/v1/export/${path}&${query}`, { token });
    return (body as string).trim().split(/\r?\n/);
  };
  expect(await file('distribution.csv?of=cost')).toEqual([
    'Cost from,Cost to,Runs,Failed runs',
    '0.005,0.01,2,1',
    '0.01,0.02,1,0',
    '0.02,0.04,1,0',
  ]);
  const [heads, monday] = await file('punchcard.csv?metrics=runs');
  expect(heads).toMatch(/^Day of week,00,01,/);
  expect(monday).toBe(`1,${[...Array(10).fill(0), 4, 1, ...Array(12).fill(0)].join()}`);
});

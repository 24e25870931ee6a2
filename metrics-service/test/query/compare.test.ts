import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { rowsOf, startWorld, type QueryResult, type World } from './world.js';

/** Changes that are true: against which window, in which unit, in which colour, and where there is none. */
const DAY = 86_400_000;
/** a Monday, 05:00 UTC */
const MONDAY = Date.UTC(2026, 9, 5, 5);
const NOW = Date.UTC(2026, 10, 28);

let world: World;
let tokens: Record<string, string>;

interface Week {
  runs: number;
  failed?: number;
  costUsd?: number;
  repo?: string;
}

/** So many runs on the Monday of each week, the first week being that of 5 October, after a first event in September. */
function weeks(...all: Week[][]): object[] {
  const event = (id: string, type: string, data: object, time?: number) => ({
    ...{ specversion: '1.0', source: 's', id, type, data },
    ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
  });
  return all.flatMap((groups, week) =>
    groups.flatMap(({ runs, failed = 0, costUsd, repo = 'web' }) =>
      Array.from({ length: runs }, (_, index) => {
        const [id, at] = [`${repo}-${week}-${index}`, MONDAY + week * 7 * DAY + index];
        const startedAt = new Date(at).toISOString();
        const status = index < failed ? 'FAILED' : 'SUCCEEDED';
        return [
          event(`c-${id}`, 'session.created', {
            sessionId: `s-${repo}`,
            createdByUserId: 'u',
            createdAt: startedAt,
            repo,
          }),
          event(`s-${id}`, 'run.started', { runId: id, sessionId: `s-${repo}`, startedAt, userId: 'u' }),
          event(`e-${id}`, 'run.completed', {
            ...{ runId: id, status, completedAt: new Date(at + 1000).toISOString() },
            ...(costUsd === undefined ? {} : { costUsd }),
          }),
        ];
      }).flat(),
    ),
  );
}

const EARLY = {
  ...{ specversion: '1.0', source: 's', id: 'first', type: 'user.upserted', time: '2026-09-01T00:00:00Z' },
  data: { userId: 'u', name: 'U' },
};

beforeAll(async () => {
  world = await startWorld([], NOW);
  const of = async (name: string, events: object[]) => {
    const token = await world.organization(name, { publicVisibility: 'totals' }, [
      'ingest',
      'directory',
      'read',
      'delegate',
    ]);
    if (events.length > 0) await world.accept(token, events);
    return [name, token] as const;
  };
  tokens = Object.fromEntries([
    // 90 of 100 succeeded, then 80 of 120, each run at twice the price
    await of('worse', [
      EARLY,
      ...weeks([{ runs: 100, failed: 10, costUsd: 1 }], [{ runs: 120, failed: 40, costUsd: 2 }]),
    ]),
    await of('noise', [EARLY, ...weeks([{ runs: 100, failed: 10 }], [{ runs: 113, failed: 12 }])]),
    await of('young', weeks([{ runs: 30 }], [{ runs: 60 }])),
    await of('three', [EARLY, ...weeks([{ runs: 2 }], [{ runs: 3, failed: 1 }])]),
    await of('none', []),
    await of('many', [
      EARLY,
      ...weeks(
        [
          { runs: 20, failed: 10 },
          { runs: 20, failed: 2, repo: 'api' },
          { runs: 4, failed: 2, repo: 'few' },
        ],
        [
          { runs: 40, failed: 4 },
          { runs: 22, failed: 2, repo: 'api' },
          { runs: 8, failed: 1, repo: 'few' },
        ],
      ),
    ]),
  ]);
});
afterAll(() => world.stop());

async function ask(name: string, query: object, viewer?: TestViewer): Promise<QueryResult> {
  // the week of 12 October
  const window = { from: Date.UTC(2026, 9, 12), to: Date.UTC(2026, 9, 19) };
  const { body } = await world.request('/v1/query', {
    token: tokens[name]!,
    body: { ...window, queries: [{ refId: 'A', ...query }] },
    ...(viewer ? { headers: headersOf(viewer) } : {}),
  });
  expect(queryAnswer.safeParse(body).error).toBeUndefined();
  return body.results.A;
}

const WEEK_BEFORE = { compare: 'same_weekdays', view: 'total' };

/** What a stat panel shows: its text, its colour and the line below it. */
async function card(name: string, metric: string, more: object = {}, viewer?: TestViewer): Promise<unknown[]> {
  const { frames } = await ask(name, { ...WEEK_BEFORE, metrics: [metric], sparkline: true, ...more }, viewer);
  const { config } = frames[0]!.schema.fields[1];
  const [range, none] = config.mappings;
  expect(range.options).toMatchObject({ from: null, to: null });
  // the last point may be unknown where the whole is not
  expect(none.options).toEqual({ match: 'null', result: { ...range.options.result, index: 1 } });
  return [range.options.result.text, range.options.result.color, config.displayNameFromDS];
}

describe('a card', () => {
  it('has the points, and shows the number of the whole window with its change', async () => {
    const result = await ask('worse', {
      ...{ ...WEEK_BEFORE, metrics: ['run_success_rate', 'runs'], sparkline: true },
      ...{ timezone: 'Europe/Vienna', interval: 'day' },
    });
    expect(result.frames.map(({ schema }) => schema.fields.map(({ name }) => name))).toEqual([
      ['time', 'run_success_rate'],
      ['time', 'runs'],
    ]);
    // the window begins at 02:00 in Vienna: its first and last day are parts of one
    const [rates, counts] = result.frames.map(({ data }) => data.values[1]);
    expect(rates).toEqual([80 / 120, ...Array.from({ length: 7 }, () => null)]);
    expect(counts).toEqual([120, 0, 0, 0, 0, 0, 0, 0]);
    expect(result.frames.map(({ schema }) => schema.meta.custom)).toEqual([
      // 66.67 % against 90 %
      expect.objectContaining({ total: 80 / 120, previous: 0.9, change: (80 / 120 - 0.9) * 100 }),
      expect.objectContaining({ total: 120, previous: 100, change: 0.2 }),
    ]);
    expect(result.frames[0]!.schema.meta.custom).toMatchObject({
      compared: {
        ...{ kind: 'same_weekdays', from: Date.UTC(2026, 9, 5), to: Date.UTC(2026, 9, 12), isCutOff: false },
        words: 'against the week before',
      },
    });
  });

  it('colours what is more than chance, by what is better; never money', async () => {
    expect(await card('worse', 'run_success_rate')).toEqual(['66.7% ▼ 23.3 pp', 'red', 'against the week before']);
    expect(await card('worse', 'run_failure_rate')).toEqual(['33.3% ▲ 23.3 pp', 'red', 'against the week before']);
    // 10 % to 10.6 %, and 100 to 113: 13 is less than 1.96 · √213 = 28.6
    expect(await card('noise', 'run_failure_rate')).toEqual(['10.6% ▲ 0.6 pp', 'text', 'against the week before']);
    expect(await card('noise', 'runs')).toEqual(['113 ▲ 13%', 'text', 'against the week before']);
    expect(await card('worse', 'total_cost')).toEqual(['$240.00 ▲ 140%', 'text', 'against the week before']);
    // 40 against 10: 30 is more than 1.96 · √50 = 13.9
    expect(await card('worse', 'failed_runs')).toEqual(['40 ▲ 300%', 'red', 'against the week before']);
  });

  it('draws no change it cannot tell, and says why', async () => {
    expect(await card('young', 'runs')).toEqual(['60', 'text', 'no data from so long before']);
    expect(await card('three', 'runs')).toEqual(['3', 'text', 'too few runs to compare']);
    expect(await card('three', 'run_success_rate')).toEqual(['66.7%', 'text', 'too few runs to compare']);
    expect(await card('none', 'runs')).toEqual(['0', 'text', 'no data from so long before']);
    expect(await card('none', 'run_success_rate')).toEqual(['–', 'text', 'no data from so long before']);
    expect(await card('worse', 'handoffs')).toEqual(['0', 'text', 'none in the week before']);
    expect(await card('noise', 'total_cost')).toEqual(['–', 'text', 'unknown in the week before']);
    expect(await card('worse', 'runs', { compare: undefined })).toEqual(['120', 'text', 'Runs']);
    expect(await card('worse', 'runs', { legend: 'All of {{metric}}' })).toEqual(['120 ▲ 20%', 'text', 'All of Runs']);
  });

  it('tells who may see nothing', async () => {
    const stranger = { kind: 'user', email: 'x@example.org', auth: 'ldap' };
    expect(await card('worse', 'runs', {}, stranger)).toEqual(['–', 'text', 'not shown to you']);
    const { frames } = await ask('worse', { ...WEEK_BEFORE, metrics: ['runs'], sparkline: true }, stranger);
    expect(frames[0]!.schema.meta.custom).toMatchObject({ total: null });
    expect(frames[0]!.data.values[1]!.every((value) => value === null)).toBe(true);
    // all are one person's
    expect(await card('worse', 'runs', {}, { kind: 'public' })).toEqual(['–', 'text', 'unknown in the week before']);
  });

  it.each([
    [{ groupBy: ['repo'] }, /sparkline draws one number: leave groupBy out/],
    [{ sparkline: 'maybe' }, /sparkline: must be true or false/],
  ])('refuses %j', async (more, message) => {
    const query = { view: 'total', metrics: ['runs'], sparkline: true, ...more };
    const { status, error } = await ask('worse', query);
    expect([status, error]).toEqual([400, expect.stringMatching(message)]);
  });

  it.each([
    [
      { view: 'total', sparkline: true },
      /^sparkline is for panels that people look at: an alert rule asks for the total/,
    ],
    [{ view: 'table', groupBy: ['repo'], trend: 'runs' }, /^trend is for tables that people look at/],
    [{ view: 'series', bounds: true }, /^bounds are for links in panels: an alert rule leaves them out/],
  ])('is no alert rule’s: %j', async (query, message) => {
    const { status, error } = await ask('worse', { metrics: ['runs'], ...query }, { kind: 'alert' });
    expect([status, error]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe('the earlier window', () => {
  const comparedOf = async (from: string, to: string, timezone: string, compare = 'same_weekdays') => {
    const window = { from: Date.parse(from), to: Date.parse(to) };
    const { frames } = await ask('worse', { view: 'total', metrics: ['runs'], compare, timezone, ...window });
    const {
      from: start,
      to: end,
      words,
    } = frames[0]!.schema.meta.custom!.compared as { from: number; to: number; words: string };
    // a total has both, at the start of each
    expect(frames[0]!.data.values[0]).toEqual([start, window.from]);
    return [new Date(start).toISOString(), new Date(end).toISOString(), words];
  };

  it.each([
    // clocks go back on 25 October in Vienna: midnight is at 22:00 before, at 23:00 after
    ['2026-10-25T23:00Z', '2026-10-26T23:00Z', 'Europe/Vienna', '2026-10-18T22:00Z', '2026-10-19T22:00Z', 'a week'],
    // 30 days: five weeks earlier is the first that ends before
    ['2026-10-31T23:00Z', '2026-11-30T23:00Z', 'Europe/Vienna', '2026-09-26T22:00Z', '2026-10-26T23:00Z', '5 weeks'],
    // on 1 November in New York
    ['2026-11-02T05:00Z', '2026-11-03T05:00Z', 'America/New_York', '2026-10-26T04:00Z', '2026-10-27T04:00Z', 'a week'],
    // by half an hour on 4 October on Lord Howe, from +10:30 to +11
    [
      '2026-10-04T13:00Z',
      '2026-10-05T13:00Z',
      'Australia/Lord_Howe',
      '2026-09-27T13:30Z',
      '2026-09-28T13:30Z',
      'a week',
    ],
    // 02:10 to 02:20 was skipped there a week before: both ends are the first instant after it
    [
      '2026-10-10T15:10Z',
      '2026-10-10T15:20Z',
      'Australia/Lord_Howe',
      '2026-10-03T15:30Z',
      '2026-10-03T15:30Z',
      'a week',
    ],
  ])('from %s to %s in %s', async (from, to, zone, earlier, end, weeks) => {
    const iso = (text: string) => new Date(text).toISOString();
    expect(await comparedOf(from, to, zone)).toEqual([
      iso(earlier),
      iso(end),
      `against the same weekdays ${weeks} before`,
    ]);
  });

  it('is named by its length', async () => {
    const named = async (from: string, to: string, compare: string, zone = 'UTC') =>
      (await comparedOf(from, to, zone, compare))[2];
    expect(await named('2026-10-26T00:00Z', '2026-11-02T00:00Z', 'same_weekdays')).toBe('against the week before');
    expect(await named('2026-10-26T00:00Z', '2026-11-16T00:00Z', 'same_weekdays')).toBe('against the 3 weeks before');
    // a week with 25 hours on its Sunday
    expect(await named('2026-10-18T22:00Z', '2026-10-25T23:00Z', 'same_weekdays', 'Europe/Vienna')).toBe(
      'against the week before',
    );
    expect(await named('2026-10-01T00:00Z', '2026-10-31T00:00Z', 'previous')).toBe('against the 30 days before');
    expect(await named('2026-10-01T00:00Z', '2026-10-02T00:00Z', 'previous')).toBe('against the day before');
    expect(await named('2026-10-01T00:00Z', '2026-10-01T01:00Z', 'previous')).toBe('against the hour before');
    expect(await named('2026-10-01T00:00Z', '2026-10-01T06:00Z', 'previous')).toBe('against the 6 hours before');
    expect(await named('2026-10-01T00:00Z', '2026-10-01T00:20Z', 'previous')).toBe('against the 20m before');
  });

  it('counts what lies in it only, though it does not adjoin', async () => {
    // Monday and Tuesday of the second week, against those of the first
    const window = { from: Date.UTC(2026, 9, 12), to: Date.UTC(2026, 9, 14) };
    const rows = rowsOf(
      await ask('worse', { view: 'table', metrics: ['runs', 'active_sessions'], ...window, compare: 'same_weekdays' }),
    );
    expect(rows).toEqual([
      {
        ...{ runs: 120, runs_previous: 100, runs_change: 0.2 },
        ...{ active_sessions: 1, active_sessions_previous: 1, active_sessions_change: 0 },
      },
    ]);
    const { error } = await ask('worse', { view: 'total', metrics: ['runs'], compare: 'yesterday' });
    expect(error).toBe('unknown compare "yesterday": one of previous, same_weekdays');
  });
});

describe('a table', () => {
  const TABLE = { view: 'table', groupBy: ['repo'], orderBy: 'repo', direction: 'asc', compare: 'previous' };

  it('has changes in points for shares, relative for all else', async () => {
    const rows = rowsOf(await ask('many', { ...TABLE, metrics: ['run_success_rate', 'runs'] }));
    expect(rows.map(({ repo, run_success_rate_change: points, runs_change }) => [repo, points, runs_change])).toEqual([
      // 18 of 20, then 20 of 22
      ['api', expect.closeTo((20 / 22 - 0.9) * 100, 10), 0.1],
      ['few', expect.closeTo(37.5, 10), 1],
      // 10 of 20, then 36 of 40
      ['web', expect.closeTo(40, 10), 1],
    ]);
    const young = rowsOf(await ask('young', { ...TABLE, metrics: ['runs'], compare: 'previous' }));
    expect(young).toEqual([{ repo: 'web', runs: 60, runs_previous: 30, runs_change: null }]);
  });

  it('draws them with arrow and colour, and none over few runs', async () => {
    const { frames } = await ask('many', { ...TABLE, metrics: ['run_success_rate', 'runs'] });
    const { fields } = frames[0]!.schema;
    const config = (name: string) => fields.find((field) => field.name === name).config;
    expect(config('run_success_rate_change')).toMatchObject({
      ...{ displayNameFromDS: 'Run success rate (change)', unit: 'suffix: pp', decimals: 1 },
      description: 'Change in percentage points, against the 7 days before; coloured where it is more than chance.',
    });
    const shown = (name: string): unknown[] => {
      const values = frames[0]!.data.values[fields.findIndex((field) => field.name === name)]!;
      const { options } = config(name).mappings[0];
      return values.map((value) => [options[String(value)].text, options[String(value)].color]);
    };
    // Newcombe's interval of 36/40 - 10/20 leaves 0 out, that of 20/22 - 18/20 does not
    expect(shown('run_success_rate_change')).toEqual([
      ['▲ 0.9 pp', 'text'],
      ['–', 'text'],
      ['▲ 40 pp', 'green'],
    ]);
    // web and few share the number 1, and the one with few runs is not drawn: nor is the other
    expect(shown('runs_change')).toEqual([
      ['▲ 10%', 'text'],
      ['–', 'text'],
      ['–', 'text'],
    ]);
  });

  it('is ordered by the change', async () => {
    const by = async (name: string) =>
      rowsOf(await ask(name, { ...TABLE, metrics: ['run_success_rate'], orderBy: 'run_success_rate_change' })).map(
        ({ repo }) => repo,
      );
    expect(await by('many')).toEqual(['api', 'few', 'web']);
  });

  it('has the points of a metric in each row, if asked', async () => {
    const trend = { ...TABLE, compare: undefined, metrics: ['runs'], trend: 'run_success_rate', interval: 'day' };
    const { frames } = await ask('many', trend);
    const { fields } = frames[0]!.schema;
    expect(fields.at(-1)).toMatchObject({
      ...{ name: 'run_success_rate_trend', type: 'other', typeInfo: { frame: 'json.RawMessage' } },
      config: { displayNameFromDS: 'Run success rate (trend)', custom: { cellOptions: { type: 'sparkline' } } },
    });
    const none = [null, null, null, null, null, null];
    expect(frames[0]!.data.values.at(-1)).toEqual([
      [20 / 22, ...none],
      [7 / 8, ...none],
      [0.9, ...none],
    ]);
    expect((await ask('many', { ...trend, trend: 'ruins' })).error).toMatch(/^unknown metric "ruins"/);
    expect((await ask('many', { ...trend, orderBy: undefined, groupBy: ['model'], trend: 'handoffs' })).error).toMatch(
      /handoffs does not take/,
    );
  });
});

describe('a series', () => {
  it('says where its points end, across a clock change, in a field that is drawn nowhere', async () => {
    const window = { from: Date.UTC(2026, 9, 23, 22), to: Date.UTC(2026, 9, 26, 12), timezone: 'Europe/Vienna' };
    const { frames } = await ask('many', {
      view: 'series',
      metrics: ['runs'],
      interval: 'day',
      bounds: true,
      ...window,
    });
    expect(frames[0]!.schema.fields[2]).toMatchObject({
      ...{ name: 'until', type: 'number' },
      config: { custom: { hideFrom: { viz: true, legend: true, tooltip: true } } },
    });
    expect((frames[0]!.data.values[2] as number[]).map((ms) => new Date(ms).toISOString())).toEqual([
      '2026-10-24T22:00:00.000Z',
      // 25 hours
      '2026-10-25T23:00:00.000Z',
      '2026-10-26T12:00:00.000Z',
    ]);
  });
});

it('an unknown zone of a browser is said of hours and weekdays, too', async () => {
  const of = async (groupBy: string[]) => {
    const { frames } = await ask('many', { view: 'table', metrics: ['runs'], groupBy, timezone: 'Etc/Unknown' });
    return (frames[0]!.schema.meta.notices ?? []).filter(({ text }) => text.startsWith('your browser'));
  };
  expect(await of(['hour_of_day'])).toHaveLength(1);
  expect(await of(['repo', 'day_of_week'])).toHaveLength(1);
  expect(await of(['repo'])).toEqual([]);
});

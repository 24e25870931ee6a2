import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWeeks, type Weeks } from './weeks-world.js';
import { rowsOf } from './world.js';

/** Changes that are true: against which window, and where there is none. */
let world: Weeks;
beforeAll(async () => {
  world = await startWeeks();
});
afterAll(() => world.stop());
const ask: Weeks['ask'] = (...asked) => world.ask(...asked);

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
      ['▲ 40 pp', 'semi-dark-green'],
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

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestViewer } from '../access/viewers.js';
import { startWeeks, type Weeks } from './weeks-world.js';

/** Numbers with their change: against which window, in which unit, in which colour, and where there is none. */
let world: Weeks;
beforeAll(async () => {
  world = await startWeeks();
});
afterAll(() => world.stop());
const ask: Weeks['ask'] = (...asked) => world.ask(...asked);

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
    expect(await card('closed', 'runs', {}, stranger)).toEqual(['–', 'text', 'not shown to you']);
    const { frames } = await ask('closed', { ...WEEK_BEFORE, metrics: ['runs'], sparkline: true }, stranger);
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

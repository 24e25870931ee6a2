import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { isRich } from '../../src/cli/query.js';
import type { Field, Frame } from '../../src/contract/frames.js';
import { renderAnswer } from '../../src/cli/render/answer.js';
import { metaOf, rowsOf } from '../../src/presentation/rows.js';
import { textTable } from '../../src/cli/render/text-table.js';
import { showPoints } from '../../src/cli/render/times.js';

const HOUR = 3_600_000;
const custom = { asOf: 0, window: { from: 0, to: 48 * HOUR }, interval: null, timezone: 'UTC', scope: '', sql: [] };

function frame(type: Frame['schema']['meta']['type'], columns: [Partial<Field>, unknown[]][], more = {}): Frame {
  const fields = columns.map(([field]) => ({
    name: 'runs',
    type: 'number' as const,
    typeInfo: { frame: 'float64' as const },
    ...field,
  }));
  const meta = { ...(type ? { type } : {}), custom: { ...custom, ...more } };
  return { schema: { refId: 'A', meta, fields }, data: { values: columns.map(([, values]) => values) } };
}

const TIME: Partial<Field> = { name: 'time', type: 'time', typeInfo: { frame: 'time.Time' } };
const USD = { unit: 'currencyUSD' };

function render(frames: Frame[], options: { rich?: boolean; width?: number; metrics?: string[]; groupBy?: string[] }) {
  const { rich = false, width = 80, metrics = ['runs'], groupBy = [] } = options;
  return renderAnswer(rowsOf(frames), metaOf(frames).answered, { owner: 'acme', rich, width, metrics, groupBy });
}
const plain = (text: string): string[] => stripVTControlCharacters(text).split('\n').slice(2, -1);

describe('a rendered answer', () => {
  const table = frame(undefined, [
    [{ name: 'repo', type: 'string', config: { displayNameFromDS: 'Repository' } }, ['shop', '日本', null]],
    [{ config: { displayNameFromDS: 'Runs', unit: 'short' } }, [1200, 300, null]],
    [{ name: 'total_cost', config: { displayNameFromDS: 'Total cost', ...USD } }, [0.0042, null, 1234.56]],
  ]);

  it('is a table; names take the cells that they take', () => {
    expect(plain(render([table], { groupBy: ['repo'] }))).toEqual([
      'Repository   Runs  Total cost',
      'shop        1,200     $0.0042',
      '日本          300           –',
      '(none)          –   $1,234.56',
    ]);
  });

  it('has bars and colours on a terminal only', () => {
    const rich = render([table], { groupBy: ['repo'], rich: true });
    expect(plain(rich)).toEqual([
      'Repository   Runs                Total cost',
      'shop        1,200  ████████████     $0.0042',
      '日本          300  ███                    –',
      '(none)          –                 $1,234.56',
    ]);
    expect(rich).toContain('\u001b[1m');
    expect(render([table], {})).not.toContain('\u001b');
  });

  it('stacks the words of its heads where a terminal is too narrow', () => {
    const options = { groupBy: ['repo'], metrics: [], width: 24 };
    expect(plain(render([table], { ...options, rich: true }))).toEqual([
      'Repository   Runs      Total',
      '                        cost',
      'shop        1,200    $0.0042',
      '日本          300          –',
      '(none)          –  $1,234.56',
    ]);
    expect(plain(render([table], options))[0]).toBe('Repository   Runs  Total cost');
  });

  it('draws a share’s bar against 100 %', () => {
    const rates = frame(undefined, [
      [{ name: 'team', type: 'string' }, ['a', 'b']],
      [{ name: 'run_success_rate', config: { unit: 'percentunit' } }, [0.5, 0.25]],
    ]);
    expect(plain(render([rates], { rich: true, metrics: ['run_success_rate'] })).slice(1)).toEqual([
      'a                50.0%  ██████',
      'b                25.0%  ███',
    ]);
  });

  it('is a line per metric for a total, a line per group for a grouped one', () => {
    const total = frame('numeric-wide', [
      [{ config: { unit: 'short' } }, [12]],
      [{ name: 'total_cost', config: USD }, [null]],
    ]);
    expect(plain(render([total], {}))).toEqual(['Runs        12', 'Total cost   –']);
    const grouped = frame('numeric-wide', [
      [{ labels: { user: 'Ann', user_id: 'a1' } }, [12]],
      [{ labels: { user: 'Ann', user_id: 'a2' } }, [3]],
      [{ labels: { user: '(none)', user_id: '(none)' } }, [1]],
    ]);
    expect(plain(render([grouped], { groupBy: ['user'] }))).toEqual([
      'User    User id  Runs',
      'Ann     a1         12',
      'Ann     a2          3',
      '(none)  (none)      1',
    ]);
    expect(plain(render([frame('numeric-wide', [])], {}))).toEqual(['nothing in this window']);
  });

  const line = (team: string, values: (number | null)[]): Frame =>
    frame(
      'timeseries-multi',
      [
        [TIME, [0, 24 * HOUR]],
        [{ labels: { team } }, values],
      ],
      { interval: 'day' },
    );

  it('puts a series’ groups side by side where they fit, else one below the other', () => {
    const series = [line('core', [1200, 3]), line('(none)', [null, 1])];
    expect(plain(render(series, { groupBy: ['team'] }))).toEqual([
      'Day          core  (none)',
      '1970-01-01  1,200       –',
      '1970-01-02      3       1',
    ]);
    expect(plain(render(series, { groupBy: ['team'], width: 20 }))).toEqual([
      'Day         Team     Runs',
      '1970-01-01  core    1,200',
      '1970-01-02  core        3',
      '1970-01-01  (none)      –',
      '1970-01-02  (none)      1',
    ]);
  });

  it('has sparklines above a series on a terminal', () => {
    const series = [line('core', [7, 1]), line('web', [null, 2])];
    expect(plain(render(series, { groupBy: ['team'], rich: true })).slice(0, 3)).toEqual([
      'core  █▂  1 to 7',
      // a gap, then the line's own greatest value
      'web    █  2 to 2',
      '',
    ]);
  });
});

describe('points in time', () => {
  const utc = (...parts: [number, number, number, number?, number?]) => Date.UTC(...parts);

  it('are dates, with the time where the window cuts a bucket', () => {
    expect(showPoints([utc(2026, 0, 5, 14, 30), utc(2026, 0, 6)], 'day', 'UTC')).toEqual([
      '2026-01-05 14:30',
      '2026-01-06',
    ]);
    expect(showPoints([utc(2026, 0, 5), utc(2026, 1, 1)], 'month', 'UTC')).toEqual(['2026-01-05', '2026-02']);
  });

  it('say the offset where an hour is repeated', () => {
    const hours = [23, 24, 25, 26].map((hour) => utc(2026, 9, 24, hour));
    expect(showPoints(hours, 'hour', 'Europe/Vienna')).toEqual([
      '2026-10-25 01:00',
      '2026-10-25 02:00+02:00',
      '2026-10-25 02:00+01:00',
      '2026-10-25 03:00',
    ]);
  });
});

describe('a text table', () => {
  it('aligns, and leaves no blanks at the end of a line', () => {
    const columns = [
      { head: 'name', align: 'left' },
      { head: 'n', align: 'right' },
      { head: '', align: 'left' },
    ] as const;
    expect(
      textTable(columns, [
        ['a', '10', ''],
        ['bcdef', '7', 'x'],
      ]),
    ).toEqual(['name    n', 'a      10', 'bcdef   7  x']);
  });
});

it('writes no colours into a pipe, whatever CI and FORCE_COLOR say', () => {
  expect(isRich(new PassThrough() as unknown as NodeJS.WriteStream)).toBe(false);
});

import { reduceField, ReducerID, type DataFrame, type DataQueryRequest } from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { fakeGrafana } from './test/grafana';
import { type RunboardQuery } from './types';

const QUERY: RunboardQuery = { refId: 'A', version: 1, view: 'total', metrics: ['runs'], compare: 'previous' };

/** What a panel of this type gets for the value before and the value now: the value, and the change as Grafana has it. */
async function shown(earlier: number | null, now: number | null, panelPluginId = 'stat', query = QUERY) {
  const fields = [
    { name: 'time', type: 'time', typeInfo: { frame: 'time.Time' } },
    { name: 'runs', type: 'number', typeInfo: { frame: 'float64', nullable: true } },
  ];
  const frame = {
    schema: { refId: 'A', fields },
    data: {
      values: [
        [0, 1000],
        [earlier, now],
      ],
    },
  };
  const { datasource } = fakeGrafana({ results: { A: { status: 200, frames: [frame] } } });
  const request = { targets: [query], scopedVars: {}, timezone: 'utc', panelPluginId, requestId: 'Q1' };
  const { data } = await lastValueFrom(datasource.query(request as unknown as DataQueryRequest<RunboardQuery>));
  const [time, runs] = (data as DataFrame[])[0].fields;
  expect(time.values).toEqual([0, 1000]);
  const { last, diffperc } = reduceField({ field: runs, reducers: [ReducerID.last, ReducerID.diffperc] });
  return [last, diffperc] as unknown;
}

describe('the change on a stat panel', () => {
  it.each([
    [4, 5, 25],
    [4, 0, -100],
    [-4, -5, 25],
    [1000, 1001, 0.1],
  ])('from %p to %p is %p %%', async (earlier, now, change) => {
    expect(await shown(earlier, now)).toEqual([now, change]);
  });

  it.each([
    [null, 5],
    [0, 5],
    [5, 5],
    [100_000, 100_049],
    [100_000, 99_951],
    [5, null],
    [0, 0],
    [null, null],
    [0, null],
  ])('from %p to %p is none, and the value stays', async (earlier, now) => {
    expect(await shown(earlier, now)).toEqual([now, NaN]);
  });

  it('is left as it is for other panels, and for series', async () => {
    expect(await shown(null, 5, 'table')).toEqual([5, 0]);
    expect(await shown(null, 5, 'stat', { ...QUERY, compare: undefined, view: 'series' })).toEqual([5, 0]);
  });
});

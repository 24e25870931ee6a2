import { describe, expect, it } from '@jest/globals';
import { answer } from './answer.js';
import { sameValue } from './same-values.js';
import { firstDifference, type ServiceResult } from './compare.js';
import { DAY_MS, event, run, world } from './example.js';
import type { Query } from './types.js';

const of = world(
  event('user.upserted', { userId: 'u1', name: 'Zoe' }, { time: '2026-01-01T00:00:00Z' }),
  run('r1', '2026-01-01T12:00:00Z', { userId: 'u1' }),
  run('r2', '2026-01-02T12:00:00Z'),
);
const window = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-01-03T00:00:00Z') };
const differenceOf = (query: Partial<Query>, ...frames: [fields: object[], values: unknown[][]][]) => {
  const asked: Query = { refId: 'A', view: 'table', metrics: ['runs'], ...query };
  const expected = answer(of, { window, timezone: 'UTC', query: asked }, { postHandoffMs: DAY_MS, now: 0 });
  const result = { status: 200, frames: frames.map(([fields, values]) => ({ schema: { fields }, data: { values } })) };
  return firstDifference(asked, result as ServiceResult, expected);
};
const time = { name: 'time', type: 'time' };
const runs = (labels?: object) => ({ name: 'runs', type: 'number', labels });
const text = (name: string) => ({ name, type: 'string' });
const zoe = { user: 'Zoe', user_id: 'u1' };
const none = { user: '(none)', user_id: '(none)' };

describe('firstDifference', () => {
  it('accepts the right answer of every view', () => {
    expect(differenceOf({}, [[runs()], [[2]]])).toBeNull();
    const columns = [text('user'), text('user_id'), runs()];
    expect(differenceOf({ groupBy: ['user'] }, [columns, [['Zoe', null], ['u1', null], [1, 1]]])).toBeNull(); // prettier-ignore
    expect(
      differenceOf({ view: 'total', groupBy: ['user'] }, [
        [runs(zoe), runs(none)],
        [[1], [1]],
      ]),
    ).toBeNull();
    expect(differenceOf({ view: 'total', compare: 'previous' }, [[time, runs()], [[0, 1], [0, 2]]])).toBeNull(); // prettier-ignore
    const days = [window.from, window.from + DAY_MS];
    const series: Partial<Query> = { view: 'series', interval: 'day' };
    expect(
      differenceOf(series, [
        [time, runs()],
        [days, [1, 1]],
      ]),
    ).toBeNull();
  });

  it('tells values, order, groups, columns and errors that differ', () => {
    expect(differenceOf({}, [[runs()], [[3]]])).toMatch('column runs, value 0: got 3, expected 2');
    expect(
      differenceOf({ view: 'total', groupBy: ['user'] }, [
        [runs(none), runs(zoe)],
        [[1], [1]],
      ]),
    ).toMatch('order');
    expect(differenceOf({ view: 'total', groupBy: ['user'] }, [[runs(zoe)], [[1]]])).toMatch('1 number fields');
    expect(differenceOf({}, [[text('x')], [[2]]])).toMatch('columns x instead of runs');
    expect(firstDifference({ refId: 'A', view: 'table' }, undefined, { view: 'refused', reason: '' })).toBe(
      'no result',
    );
  });

  it('takes doubles as equal to the last digits only', () => {
    expect(sameValue(0.1 + 0.2, 0.3)).toBe(true);
    expect(sameValue(0.30000001, 0.3)).toBe(false);
    expect(sameValue(null, 0)).toBe(false);
    expect(sameValue(7, 8)).toBe(false);
  });
});

import { humanOf } from '../columns.js';
import { count, decimalSum, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** Over the numbers, `n`, that the runs in the window counted: one row per run and name. */
export const counters = measuresOf('counters', {
  counted: decimalSum('n.value'),
  runs_with_counter: count(),
  people: distinct(humanOf('r.user_id')),
});

export const countersBase = base({
  name: 'counters',
  title: 'counters',
  rowsOf: 'run',
  join: () => 'cross join lateral (select key as name, value::numeric as value from jsonb_each_text(r.counters)) n',
  rows: counters.runs_with_counter,
  people: counters.people,
  addsUpOverTime: true,
});

import { humanOf } from '../columns.js';
import { count, distinct, measuresOf, sum } from '../measure.js';
import { base } from './base.js';

/** Over the runs that cost more now than ten minutes ago, `r`, with what they cost at that rate in an hour. */
export const spending = measuresOf('spending', {
  spending_runs: count(),
  people: distinct(humanOf('r.user_id')),
  nanos_per_hour: sum('r.nanos_per_hour'),
});

export const spendingBase = base({
  name: 'spending',
  title: 'runs that spend now',
  rowsOf: 'run',
  rows: spending.spending_runs,
  people: spending.people,
  addsUpOverTime: false,
});

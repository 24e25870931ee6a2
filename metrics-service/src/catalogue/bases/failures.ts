import { allOf, humanOf, isTrue, type Expression } from '../columns.js';
import { count, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** How many weeks before now the earlier hours are. */
export const EARLIER_WEEKS = [1, 2, 3, 4] as const;

const LATE = isTrue('r.is_late');
const EARLIER: Expression = { sql: 'not r.is_late', columns: ['r.is_late'] };
const HUMAN = humanOf('r.user_id');

/** Over the FAILED runs of the last hour, `r`, and of the same hour of earlier weeks: then `r.is_late` is false. */
export const failures = measuresOf('failures', {
  failures: count({ where: LATE }),
  earlier_failures: count({ where: EARLIER }),
  people: distinct({ sql: `case when ${LATE.sql} then ${HUMAN.sql} end`, columns: allOf(LATE, HUMAN).columns }),
});

export const failuresBase = base({
  name: 'failures',
  title: 'failed runs of the last hour',
  rowsOf: 'run',
  rows: failures.failures,
  people: failures.people,
  addsUpOverTime: false,
});

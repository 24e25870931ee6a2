import { measuresOf, sumIfKnown } from '../measure.js';
import { base } from './base.js';
import { runs } from './runs.js';

/** How far back it looks, whatever the window: days of 24 hours. */
export const FORTNIGHT_DAYS = 14;

/** Over the runs that started in the last 14 days: the measures of runs of the same names. */
export const fortnight = measuresOf('fortnight', {
  runs: runs.runs,
  active_users: runs.active_users,
  succeeded_runs: runs.succeeded_runs,
  cost_nanos: sumIfKnown('r.cost_nanos'),
});

export const fortnightBase = base({
  name: 'fortnight',
  title: 'runs of the last 14 days',
  rowsOf: 'run',
  rows: fortnight.runs,
  people: fortnight.active_users,
  addsUpOverTime: false,
});

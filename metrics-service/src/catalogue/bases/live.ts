import { column, humanOf, is, isKnown, isUnknown } from '../columns.js';
import { count, distinct, measuresOf, percentile } from '../measure.js';
import { base } from './base.js';

const IN_FLIGHT = isKnown('r.started_at');

/** Over the runs queued or in flight as of now, `r`, with their state; those not heard of for a day are lost, and none of them. */
export const live = measuresOf('live', {
  live_runs: count(),
  people: distinct(humanOf('r.user_id')),
  queued_runs: count({ where: isUnknown('r.started_at') }),
  in_flight_runs: count({ where: IN_FLIGHT }),
  stuck_runs: count({ where: is('r.state', 'stuck') }),
  // the greatest of all: a share is no whole number, as `max` takes them
  max_context_use: percentile(1, column('r.context_use'), { where: IN_FLIGHT }),
});

export const liveBase = base({
  name: 'live',
  title: 'runs as of now',
  rowsOf: 'run',
  rows: live.live_runs,
  people: live.people,
  addsUpOverTime: false,
});

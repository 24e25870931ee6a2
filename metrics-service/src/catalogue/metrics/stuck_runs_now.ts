import { plain } from '../formula.js';
import { live } from '../bases/live.js';
import { metric } from '../metric.js';

export default metric({
  id: 'stuck_runs_now',
  title: 'Stuck runs',
  section: 'Now',
  definition:
    "As of now: runs in flight not heard of for the organization's `stuckAfter` (10 minutes unless set), without an open tool call younger than an hour, not waiting for a person.",
  unit: 'runs',
  better: 'lower',
  value: plain(live.stuck_runs),
  live: true,
});

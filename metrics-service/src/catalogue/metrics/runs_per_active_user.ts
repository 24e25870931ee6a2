import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'runs_per_active_user',
  title: 'Runs per active user',
  section: 'Adoption',
  definition: 'Runs of active users ÷ active users.',
  unit: 'runs',
  display: 'short',
  better: 'higher',
  value: ratio(runs.runs_of_users, runs.active_users),
});

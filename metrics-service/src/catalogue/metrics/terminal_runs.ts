import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'terminal_runs',
  title: 'Terminal runs',
  section: 'Reliability',
  definition: 'Runs that succeeded, failed, were canceled or timed out.',
  unit: 'runs',
  better: 'neither',
  value: plain(runs.terminal_runs),
});

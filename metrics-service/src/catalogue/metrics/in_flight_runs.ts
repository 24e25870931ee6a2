import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'in_flight_runs',
  title: 'In-flight runs',
  section: 'Reliability',
  definition: 'Runs that started in the window and have not ended.',
  unit: 'runs',
  better: 'neither',
  value: plain(runs.in_flight_runs),
});

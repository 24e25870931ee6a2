import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'runs',
  title: 'Runs',
  section: 'Adoption',
  definition: 'Runs started in the window, in-flight runs included.',
  unit: 'runs',
  better: 'higher',
  value: plain(runs.runs),
});

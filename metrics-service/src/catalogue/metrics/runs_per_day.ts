import { perDay } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'runs_per_day',
  title: 'Runs per day',
  section: 'Adoption',
  definition: 'Runs ÷ length of the window in days.',
  unit: 'runs/day',
  better: 'higher',
  value: perDay(runs.runs),
});

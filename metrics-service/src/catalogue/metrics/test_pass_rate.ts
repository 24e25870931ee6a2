import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'test_pass_rate',
  title: 'Test pass rate',
  section: 'Output',
  definition: 'Tests passed ÷ tests run, over the runs that reported both.',
  unit: 'ratio',
  better: 'higher',
  value: ratio(runs.counted_tests_passed, runs.counted_tests_run),
});

import { DECIMAL_UNIT, ratio } from '../formula.js';
import { counters } from '../bases/counters.js';
import { metric } from '../metric.js';

export default metric({
  id: 'counter_per_run',
  title: 'Counter per run',
  section: 'Output',
  definition: "Grouped by counter: mean of a number of the platform's own over the runs that reported it.",
  unit: 'number',
  better: 'neither',
  value: ratio(counters.counted, counters.runs_with_counter, DECIMAL_UNIT),
  requires: 'counter',
});

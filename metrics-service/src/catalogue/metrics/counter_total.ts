import { DECIMAL_UNIT, plain } from '../formula.js';
import { counters } from '../bases/counters.js';
import { metric } from '../metric.js';

export default metric({
  id: 'counter_total',
  title: 'Counter total',
  section: 'Output',
  definition: "Grouped by counter: sum of a number of the platform's own over the runs.",
  unit: 'number',
  better: 'neither',
  value: plain(counters.counted, DECIMAL_UNIT),
  requires: 'counter',
});

import { knownSum, NANOS_PER_USD, type Cell } from '../formula.js';
import { fortnight } from '../bases/fortnight.js';
import { metric } from '../metric.js';

const spent = knownSum(fortnight.cost_nanos, fortnight.runs, NANOS_PER_USD);

export default metric({
  id: 'chronic_burn',
  title: 'Chronic burn',
  section: 'Now',
  definition:
    "As of now: the known cost of a group's runs that started in the last 14 days, if none of them SUCCEEDED; else 0.",
  unit: 'USD',
  better: 'lower',
  value: {
    ...spent,
    measures: [...spent.measures, fortnight.succeeded_runs],
    evaluate: (cell: Cell<'fortnight'>) => (cell.value(fortnight.succeeded_runs) === 0n ? spent.evaluate(cell) : 0),
  },
  live: true,
  requiresAny: ['user', 'repo', 'agent'],
});

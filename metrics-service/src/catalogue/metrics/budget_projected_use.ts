import { metric } from '../metric.js';

export default metric({
  id: 'budget_projected_use',
  title: 'Projected budget use',
  section: 'Now',
  definition:
    'As of now, grouped by budget: what its current period will have cost in the end, each hour from now on as usual in that hour of the week ÷ its limit.',
  unit: 'ratio',
  better: 'lower',
  value: { base: 'budgets', of: 'projected_use' },
  requires: 'budget',
  live: true,
});

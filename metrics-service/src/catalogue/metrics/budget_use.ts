import { metric } from '../metric.js';

export default metric({
  id: 'budget_use',
  title: 'Budget use',
  section: 'Now',
  definition: 'As of now, grouped by budget: total cost in its current day, week or month ÷ its limit.',
  unit: 'ratio',
  better: 'lower',
  value: { base: 'budgets', of: 'use' },
  requires: 'budget',
  live: true,
});

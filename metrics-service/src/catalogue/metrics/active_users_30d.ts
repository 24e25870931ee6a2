import { metric } from '../metric.js';

export default metric({
  id: 'active_users_30d',
  title: '30-day active users',
  section: 'Adoption',
  definition: 'Per point in time: distinct persons among the users of the runs started in the 30 days before it.',
  unit: 'users',
  better: 'higher',
  value: { base: 'trailing', days: 30 },
});

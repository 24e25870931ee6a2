import { plain } from '../formula.js';
import { runaways } from '../bases/runaways.js';
import { metric } from '../metric.js';

export default metric({
  id: 'runaway_sessions_now',
  title: 'Runaway sessions',
  section: 'Now',
  definition:
    'As of now: sessions whose runs of the last hour cost more than 5 USD, and more than 99 % of all sessions of the last 30 days.',
  unit: 'sessions',
  better: 'lower',
  value: plain(runaways.sessions),
  live: true,
});

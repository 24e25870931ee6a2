import { plain } from '../formula.js';
import { people } from '../bases/people.js';
import { metric } from '../metric.js';

export default metric({
  id: 'known_users',
  title: 'Known users',
  section: 'Adoption',
  definition:
    'As of now: persons with a record of a user, or named as the user of a run or the creator of a session; services are none.',
  unit: 'users',
  better: 'neither',
  value: plain(people.known_users),
  live: true,
});

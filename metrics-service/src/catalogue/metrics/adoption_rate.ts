import { ratio } from '../formula.js';
import { people } from '../bases/people.js';
import { metric } from '../metric.js';

export default metric({
  id: 'adoption_rate',
  title: 'Adoption rate',
  section: 'Adoption',
  definition: 'Active users ÷ known users, who are those known as of now.',
  unit: 'ratio',
  better: 'higher',
  value: ratio(people.active_users, people.known_users),
});

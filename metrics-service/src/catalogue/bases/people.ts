import { isTrue } from '../columns.js';
import { count, measuresOf } from '../measure.js';
import { base } from './base.js';

/** Over the persons known as of now, `r`: each with whether it ran in the window, or in the one before only. Services are none. */
export const people = measuresOf('people', {
  known_users: count(),
  active_users: count({ where: isTrue('r.is_active') }),
  quiet_users: count({ where: isTrue('r.is_quiet') }),
});

/** Where numbers over few people are hidden, those count who ran in the window: a share of the known tells of them. */
export const peopleBase = base({
  name: 'people',
  title: 'known people',
  rowsOf: 'person',
  rows: people.known_users,
  people: people.active_users,
  addsUpOverTime: false,
  dependsOnWindow: true,
});

import { humanOf } from '../columns.js';
import { count, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** Over the sessions that cost far more in the last hour than nearly all do, `r`, each with its creator. */
export const runaways = measuresOf('runaways', {
  sessions: count(),
  people: distinct(humanOf('r.user_id')),
});

export const runawaysBase = base({
  name: 'runaways',
  title: 'runaway sessions',
  rowsOf: 'run',
  rows: runaways.sessions,
  people: runaways.people,
  addsUpOverTime: false,
});

import { humanOf, type Expression } from '../columns.js';
import { count, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** The run's user, if that person is new; services are none. */
const NEW_HUMAN: Expression = {
  sql: "case when u.kind is distinct from 'service' then fp.person_id end",
  columns: ['fp.person_id', 'pe.person_id', 'u.kind'],
};

/** Over the runs in the window; `fr.agent` and `fp.person_id` are known where the first run ever of the run's agent, or user, lies in it, too. */
export const newcomers = measuresOf('newcomers', {
  runs: count(),
  people: distinct(humanOf('r.user_id')),
  new_agents: distinct('fr.agent'),
  new_users: distinct(NEW_HUMAN),
});

export const newcomersBase = base({
  name: 'newcomers',
  title: 'runs',
  rowsOf: 'run',
  rows: newcomers.runs,
  people: newcomers.people,
  addsUpOverTime: false,
  dependsOnWindow: true,
});

import { humanOf } from '../columns.js';
import { count, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** Over the runs in the window; `fr.agent` is known where the first run ever of the run's agent lies in it, too. */
export const agents = measuresOf('agents', {
  runs: count(),
  people: distinct(humanOf('r.user_id')),
  new_agents: distinct('fr.agent'),
});

export const agentsBase = base({
  name: 'agents',
  title: 'runs',
  rowsOf: 'run',
  rows: agents.runs,
  people: agents.people,
  addsUpOverTime: false,
  dependsOnWindow: true,
});

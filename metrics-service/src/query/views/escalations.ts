import escalationsMetric from '../../catalogue/metrics/escalations.js';
import { takes } from '../../catalogue/index.js';
import { checkTakes } from '../plan.js';
import { ESCALATION_COLUMNS, escalationsListStatement } from '../statements/escalations-list.js';
import { listView } from './list-view.js';

/** The escalations of the window, one row each. */
export const escalations = listView({
  name: 'escalations',
  what: 'escalation',
  title: 'Escalations list',
  columns: ESCALATION_COLUMNS,
  by: 'occurred_at',
  filters: takes(escalationsMetric).filters,
  check: (filters) => checkTakes(escalationsMetric, [], filters),
  statement: escalationsListStatement,
});

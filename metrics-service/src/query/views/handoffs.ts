import handoffsMetric from '../../catalogue/metrics/handoffs.js';
import { takes } from '../../catalogue/index.js';
import { checkTakes } from '../plan.js';
import { HANDOFF_COLUMNS, handoffsListStatement } from '../statements/handoffs-list.js';
import { listView } from './list-view.js';

/** The handoffs of the window, one row each, with what followed. */
export const handoffs = listView({
  name: 'handoffs',
  what: 'handoff',
  title: 'Handoffs list',
  columns: HANDOFF_COLUMNS,
  by: 'occurred_at',
  filters: takes(handoffsMetric).filters,
  check: (filters) => checkTakes(handoffsMetric, [], filters),
  statement: handoffsListStatement,
});

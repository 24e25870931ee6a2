import workItemsMetric from '../../catalogue/metrics/work_items.js';
import { takes } from '../../catalogue/index.js';
import { checkTakes } from '../plan.js';
import { WORK_ITEM_COLUMNS, workItemsListStatement } from '../statements/work-items-list.js';
import { listView } from './list-view.js';

/** The work items that runs in the window are about, one row each. */
export const workItems = listView({
  name: 'work_items',
  what: 'work item',
  title: 'Work items list',
  columns: WORK_ITEM_COLUMNS,
  by: 'total_cost',
  filters: takes(workItemsMetric).filters,
  check: (filters) => checkTakes(workItemsMetric, [], filters),
  statement: workItemsListStatement,
});

import runsMetric from '../../catalogue/metrics/runs.js';
import { DIMENSIONS, takes, type DimensionName } from '../../catalogue/index.js';
import type { Filter } from '../filters.js';
import { checkTakes } from '../plan.js';
import { RUN_COLUMNS, runsListStatement } from '../statements/runs-list.js';
import { listView } from './list-view.js';

/** What runs are filtered by, and what their sessions are. */
export const RUN_FILTERS: readonly DimensionName[] = [
  ...takes(runsMetric).filters,
  ...DIMENSIONS.flatMap(({ name, flag }) => (flag ? [name] : [])),
];

/** The runs that started in the window, one row each. */
export const runs = listView({
  name: 'runs',
  title: 'Runs list',
  columns: RUN_COLUMNS,
  by: 'started_at',
  filters: RUN_FILTERS,
  check: checkRunFilters,
  statement: runsListStatement,
});

/** Refuses what neither runs nor their sessions are filtered by. */
export function checkRunFilters(filters: readonly Filter[]): void {
  checkTakes(
    runsMetric,
    [],
    filters.filter(({ dimension }) => !dimension.flag),
  );
}

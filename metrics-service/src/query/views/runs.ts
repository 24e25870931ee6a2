import runsMetric from '../../catalogue/metrics/runs.js';
import { DIMENSIONS, takes, type DimensionName } from '../../catalogue/index.js';
import type { Filter } from '../filters.js';
import { checkTakes } from '../plan.js';
import { counterOrder } from '../statements/counter-columns.js';
import { RUN_COLUMNS, runsListStatement } from '../statements/runs-list.js';
import { counterColumns } from './counters.js';
import { listView } from './list-view.js';

/** The filters of runs, those of their sessions, and the single run. */
export const RUN_FILTERS: readonly DimensionName[] = [
  ...takes(runsMetric).filters,
  ...DIMENSIONS.flatMap(({ name, flag, ofLists }) => (flag || ofLists ? [name] : [])),
];

/** The runs that started in the window, one row each. */
export const runs = listView({
  name: 'runs',
  what: 'run',
  title: 'Runs list',
  columns: RUN_COLUMNS,
  by: 'started_at',
  filters: RUN_FILTERS,
  check: checkRunFilters,
  statement: runsListStatement,
  more: { columns: counterColumns, order: counterOrder },
});

/** Refuses filters that neither runs nor their sessions support. */
export function checkRunFilters(filters: readonly Filter[]): void {
  checkTakes(
    runsMetric,
    [],
    filters.filter(({ dimension }) => !dimension.flag && !dimension.ofLists),
  );
}

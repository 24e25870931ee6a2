import runsMetric from '../../catalogue/metrics/runs.js';
import { run } from '../evaluate.js';
import { checkTakes, planRows, type Filter } from '../plan.js';
import { RUN_COLUMNS, runsListStatement } from '../statements/runs-list.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { View } from './view.js';

/** The runs that started in the window, one row each. */
export const runs: View = {
  name: 'runs',
  title: 'Runs list',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  plan(query, defaults) {
    const rows = planRows(query, defaults);
    checkRunFilters(rows.filters);
    const page = planPage(query, { columns: RUN_COLUMNS, by: 'started_at', what: 'runs' });
    return {
      rows,
      interval: null,
      async answer(context, resolved) {
        const found = await run(context, runsListStatement(context.tx.orgId, resolved, page));
        const all = Number(found[0]?.found ?? found.length);
        return {
          frames: [{ columns: listColumns(RUN_COLUMNS, found) }],
          notices: cutNotices(found.length, page.offset, all),
        };
      },
    };
  },
};

/** Refuses what neither runs nor their sessions are filtered by. */
export function checkRunFilters(filters: readonly Filter[]): void {
  checkTakes(
    runsMetric,
    [],
    filters.filter(({ dimension }) => !dimension.flag),
  );
}

import handoffsMetric from '../../catalogue/metrics/handoffs.js';
import { run } from '../evaluate.js';
import { checkTakes, planRows } from '../plan.js';
import { HANDOFF_COLUMNS, handoffsListStatement } from '../statements/handoffs-list.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { View } from './view.js';

/** The handoffs of the window, one row each, with what followed. */
export const handoffs: View = {
  name: 'handoffs',
  title: 'Handoffs list',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  plan(query, defaults) {
    const rows = planRows(query, defaults);
    checkTakes(handoffsMetric, [], rows.filters);
    const page = planPage(query, { columns: HANDOFF_COLUMNS, by: 'occurred_at', what: 'handoffs' });
    return {
      rows,
      interval: null,
      async answer(context, resolved) {
        const found = await run(context, handoffsListStatement(context.tx.orgId, resolved, page));
        const all = Number(found[0]?.found ?? found.length);
        return {
          frames: [{ columns: listColumns(HANDOFF_COLUMNS, found) }],
          notices: cutNotices(found.length, page.offset, all),
        };
      },
    };
  },
};

import activeSessions from '../../catalogue/metrics/active_sessions.js';
import { run } from '../evaluate.js';
import { checkTakes, planRows } from '../plan.js';
import { SESSION_COLUMNS, sessionsListStatement } from '../statements/sessions-list.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { View } from './view.js';

/** The sessions that are active in the window, one row each. */
export const sessions: View = {
  name: 'sessions',
  title: 'Sessions list',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  plan(query, defaults) {
    const rows = planRows(query, defaults);
    checkTakes(activeSessions, [], rows.filters);
    const page = planPage(query, { columns: SESSION_COLUMNS, by: 'last_active_at', what: 'sessions' });
    return {
      rows,
      interval: null,
      async answer(context, resolved) {
        const found = await run(context, sessionsListStatement(context.tx.orgId, resolved, page));
        const all = Number(found[0]?.found ?? found.length);
        return {
          frames: [{ columns: listColumns(SESSION_COLUMNS, found) }],
          notices: cutNotices(found.length, page.offset, all),
        };
      },
    };
  },
};

import type { QuestionContext } from './context.js';
import { dimensionOf } from './filters.js';
import { countSessions } from './rolled-sessions.js';
import type { Rows } from './rows.js';
import { latestSessionsStatement, type LatestSession } from './statements/latest-sessions.js';
import type { ListRow, Page } from './statements/list.js';
import { sessionsListStatement } from './statements/sessions-list.js';

/** A page farther down is read as a whole. */
const MOST_ROWS = 1_000;
/** So many moments of each kind are looked at for a row of the page, first; then, if these are of too few sessions, more. */
const MOMENTS_PER_ROW = [4, 64];

/** A page of a list, and how many rows there are in all. */
export interface QuickPage {
  readonly rows: readonly ListRow[];
  readonly all: number;
}

/**
 * A page of the sessions that were active last, from the window's end backwards, and how many there are in all; null where
 * the page has another order or filters, or is as quick to read from all.
 */
export async function latestSessions(context: QuestionContext, rows: Rows, page: Page): Promise<QuickPage | null> {
  const { order, direction, limit, offset, after } = page;
  const wanted = offset + limit;
  const isLatest = 'name' in order && order.name === 'last_active_at' && direction === 'desc' && after === undefined;
  if (!isLatest || rows.filters.length > 0 || wanted > MOST_ROWS || limit === 0 || !(await context.sums())) return null;
  const count = await countSessions(context, [rows.window]);
  if (!count) return null;
  for (const perRow of MOMENTS_PER_ROW) {
    const statement = latestSessionsStatement(context.orgId, rows, perRow * wanted);
    const found = (await context.ask(statement)) as unknown as LatestSession[];
    if (found.filter((one) => one.is_active).length < Math.min(wanted, Number(count[0]))) continue;
    const values = found.map(({ session }) => session);
    const ofThese = { dimension: dimensionOf('session'), values, none: false, negated: false };
    const narrowed = { ...rows, filters: [ofThese] };
    const shown = await context.ask(sessionsListStatement(context.orgId, narrowed, page));
    // how many there are is said beside rows
    return { rows: shown, all: shown.length === 0 ? 0 : Number(count[0]) };
  }
  return null;
}

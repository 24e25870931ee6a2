import type { QuestionContext } from './context.js';
import { dimensionOf } from './filters.js';
import type { QuickPage } from './latest-sessions.js';
import type { Rows } from './rows.js';
import type { Page, RowColumn } from './statements/list.js';
import { SESSION_COLUMNS, sessionsListStatement } from './statements/sessions-list.js';

/** More rows than these are not worth to be found first. */
const MOST_ROWS = 1_000;
const ID = SESSION_COLUMNS.find(({ name }) => name === 'session')!;

/**
 * A page of sessions in two steps: first of all of them only what tells which are on the page, then the rest of those alone.
 * Null where the page is as quick to read from all.
 */
export async function foundSessions(
  context: QuestionContext,
  rows: Rows,
  page: Page,
  columns: readonly RowColumn[] = SESSION_COLUMNS,
): Promise<QuickPage | null> {
  const { order, limit, after } = page;
  if (limit === 0 || limit > MOST_ROWS || after !== undefined || !(await context.sums())) return null;
  const telling = [...new Set([ID, order])];
  const found = await context.ask(sessionsListStatement(context.orgId, rows, page, telling));
  if (found.length === 0) return { rows: [], all: 0 };
  const values = found.map(({ session }) => session as string);
  const ofThese = { dimension: dimensionOf('session'), values, none: false, negated: false };
  const narrowed = { ...rows, filters: [...rows.filters, ofThese] };
  const shown = await context.ask(sessionsListStatement(context.orgId, narrowed, { ...page, offset: 0 }, columns));
  return { rows: shown, all: Number(found[0]!.found) };
}

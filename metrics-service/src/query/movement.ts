import { findMetric } from '../catalogue/index.js';
import type { Query } from '../contract/query.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import type { Rows } from './rows.js';
import { visibleSessions } from './sql/row-scope.js';
import { movementStatement } from './statements/movement.js';
import { findView } from './views/index.js';
import type { View } from './views/view.js';

/**
 * Whether a panel is answered again as data comes in: it is as of now, or asks to be (`live`). One that asks to be, of certain
 * sessions or runs, is so only while they move.
 */
export async function isLive(context: QuestionContext, query: Query, view: View, rows: Rows): Promise<boolean> {
  if (isOfNow(query, view)) return true;
  if (query.live !== true) return false;
  const isOfOne = view.filters?.includes('session') === true && view.filters.every(isOfThem);
  const isOfSome = isOfOne || rows.given.some(({ dimension, negated }) => isOfThem(dimension.name) && !negated);
  const chosen = rows.filters.filter(({ dimension }) => isOfThem(dimension.name));
  return !isOfSome || doMove(context, chosen);
}

/** Whether anything of it is as of now, whatever the window. */
function isOfNow(query: Query, view: View): boolean {
  return view.isOfNow === true || metricsOf(query, view).some((id) => findMetric(id)?.live);
}

/** Whether all of it is. */
export function isOfNowOnly(query: Query): boolean {
  const view = findView(query.view ?? '');
  if (!view) return false;
  const metrics = metricsOf(query, view);
  return view.isOfNow === true || (metrics.length > 0 && metrics.every((id) => findMetric(id)?.live));
}

function metricsOf({ metrics }: Query, { members }: View): readonly string[] {
  return members.includes('metrics') ? (metrics ?? []) : [];
}

function isOfThem(dimension: string): boolean {
  return dimension === 'session' || dimension === 'run';
}

/** Without a filter none is chosen. */
async function doMove(context: QuestionContext, filters: readonly Filter[]): Promise<boolean> {
  if (filters.length === 0) return false;
  const { orgId, scope, nowOfLastChange } = context;
  const statement = movementStatement(orgId, filters, visibleSessions(scope), nowOfLastChange);
  const [row] = await context.askOnce(statement);
  return row!.moves === true;
}

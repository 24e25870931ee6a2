import type { Measure } from '../catalogue/measure.js';
import { usdOf } from '../catalogue/exact.js';
import { thoseWith, type BothWindows } from './both-windows.js';
import type { Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import { dimensionOf, type Filter } from './filters.js';
import type { Rows } from './rows.js';
import { dearSessionsStatement, type DearSession } from './statements/dear-sessions.js';

/** A session that has much of a measure of money. */
export interface Dear {
  readonly session: string;
  /** US dollars */
  readonly cost: number;
  readonly runs: number;
  /** from its first such run to its last one, by their starts */
  readonly time: Window;
}

/**
 * The sessions with at least `least` US dollars of a measure, dearest first: those that somebody spent as much in. Only the
 * runs of people who spent as much at all are looked through. None for who may see no sessions.
 */
export async function dearSessions(
  context: QuestionContext,
  rows: Rows,
  { byUser }: Pick<BothWindows, 'byUser'>,
  { measure, least, limit }: { measure: Measure<'runs'>; least: number; limit: number },
): Promise<Dear[]> {
  if (context.scope.kind === 'totals' || byUser === null) return [];
  const people = thoseWith(least, measure, byUser);
  if (!people) return [];
  const ask = async (more: Filter): Promise<Dear[]> => {
    const narrowed = { ...rows, filters: [...rows.filters, more] };
    const found = await context.ask(dearSessionsStatement(context.orgId, narrowed, measure, limit));
    return (found as unknown as DearSession[]).map(dearOf).filter(({ cost }) => cost >= least);
  };
  const values = (await ask(people)).map(({ session }) => session);
  // others may have spent in them, too
  return values.length === 0 ? [] : ask({ dimension: dimensionOf('session'), values, none: false, negated: false });
}

function dearOf({ session, cost, runs, first_at, last_at }: DearSession): Dear {
  return { session, cost: usdOf(cost)!, runs: Number(runs), time: { from: first_at, to: last_at } };
}

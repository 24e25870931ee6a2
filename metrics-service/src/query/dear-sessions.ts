import { runs } from '../catalogue/bases/runs.js';
import { NANOS_PER_USD, usdOf } from '../catalogue/exact.js';
import type { Measure } from '../catalogue/measure.js';
import { moneyOf, thoseWith, type BothWindows } from './both-windows.js';
import type { Window } from './buckets.js';
import type { QuestionContext, Row } from './context.js';
import { dimensionOf, type Filter } from './filters.js';
import type { Rows } from './rows.js';
import { dearInAllStatement, dearSessionsStatement, type DearBy } from './statements/dear-sessions.js';

/** A session that has much of a measure of money. */
export interface Dear {
  readonly session: string;
  /** US dollars */
  readonly cost: number;
  readonly runs: number;
  /** from its first such run to its last one, by their starts */
  readonly time: Window;
}

/** The sessions with much of what was spent, and with much of what went into runs that did not succeed, dearest first. */
export interface DearSessions {
  readonly ofAll: readonly Dear[];
  readonly ofUnsuccessful: readonly Dear[];
}

/** Less than this share of all, or less than this in US dollars, is not much. */
const LEAST_SHARE = 0.02;
const LEAST_SHARE_OF_UNSUCCESSFUL = 0.2;
const LEAST = 1;

/**
 * Both at once, so that headline and findings ask the same. Only the runs of people who spent as much at all are looked
 * through. None for who may see no sessions.
 */
export async function dearSessions(context: QuestionContext, rows: Rows, both: BothWindows): Promise<DearSessions> {
  const by = [
    dearBy(both, runs.cost_nanos, LEAST_SHARE),
    dearBy(both, runs.unsuccessful_cost_nanos, LEAST_SHARE_OF_UNSUCCESSFUL),
  ];
  const found = await findSessions(context, rows, both, by);
  const [ofAll, ofUnsuccessful] = by.map(({ least }, n) => dearest(found, n, least)) as [Dear[], Dear[]];
  return { ofAll, ofUnsuccessful };
}

function dearBy({ totals }: BothWindows, measure: Measure<'runs'>, share: number): DearBy {
  const least = Math.max(LEAST, share * (moneyOf(totals, measure) ?? 0));
  return { measure, least: BigInt(Math.round(least * Number(NANOS_PER_USD))) };
}

async function findSessions(
  context: QuestionContext,
  rows: Rows,
  { byUser }: BothWindows,
  by: readonly DearBy[],
): Promise<Row[]> {
  const people = byUser && context.scope.kind !== 'totals' ? thoseWith(by, byUser) : null;
  if (!people) return [];
  const ask = (...more: Filter[]): Promise<Row[]> =>
    context.askOnce(dearSessionsStatement(context.orgId, { ...rows, filters: [...rows.filters, ...more] }, by));
  const candidates = await dearInAll(context, by);
  if (candidates?.length === 0) return [];
  const found = await ask(people, ...(candidates ? [ofSessions(candidates)] : []));
  const values = found.map(({ session }) => session as string);
  // others may have spent in them, too
  return values.length === 0 ? [] : ask(ofSessions(values));
}

function ofSessions(values: readonly string[]): Filter {
  return { dimension: dimensionOf('session'), values, none: false, negated: false };
}

/** More of them are not found one by one. */
const MOST_CANDIDATES = 1_000;

/** The sessions that cost as much in their whole life, or may have since that was summed; null if that is not known. */
async function dearInAll(context: QuestionContext, by: readonly DearBy[]): Promise<string[] | null> {
  if (!(await context.sums())) return null;
  const least = by.reduce((lowest, one) => (one.least < lowest ? one.least : lowest), by[0]!.least);
  const found = await context.askOnce(dearInAllStatement(context.orgId, least, MOST_CANDIDATES + 1));
  return found.length > MOST_CANDIDATES ? null : found.map(({ session }) => session as string);
}

function dearest(found: readonly Row[], n: number, least: bigint): Dear[] {
  const of = (row: Row, name: string) => row[`${name}_${n}`];
  const dear = found.filter((row) => of(row, 'cost') !== null && BigInt(of(row, 'cost') as string) >= least);
  return dear
    .map((row) => ({
      session: row.session as string,
      cost: usdOf(of(row, 'cost') as string)!,
      runs: Number(of(row, 'runs')),
      time: { from: of(row, 'first_at') as number, to: of(row, 'last_at') as number },
    }))
    .sort((one, other) => other.cost - one.cost || (one.session < other.session ? -1 : 1));
}

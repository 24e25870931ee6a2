import { ORGANIZATION_SCOPE, minimumGroupSize } from '../../access/viewer-scope.js';
import type { BudgetState } from '../../catalogue/budget-states.js';
import { divide } from '../../catalogue/exact.js';
import type { BudgetPeriod } from '../../contract/events/budgets.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import { eventTimes } from '../event-times.js';
import type { Filter } from '../filters.js';
import type { Budget } from './budget.js';
import { byDimensions, costsOf } from './costs.js';
import type { Cost, Whose } from './measured-costs.js';
import { periodAt } from './periods.js';
import { projectedBy, reachedAtPace, stateOf } from './state.js';
import { usualUntil, weeksOfUsual, type Past, type Weighed } from './usual.js';
import { whenReached } from './reached.js';
import { seenBudgets, type SeenBudgets } from './visible.js';

/** How a budget stands now. Money is in nano-US-dollars; null is unknown. */
export interface BudgetNow {
  readonly budget: Budget;
  readonly period: Window;
  readonly spent: Cost;
  /** shares of the limit */
  readonly use: number | null;
  readonly projected: Cost;
  readonly projectedUse: number | null;
  readonly state: BudgetState | null;
  /** epoch ms; null: not before the period's end, or already */
  readonly reachedAt: number | null;
}

export interface BudgetsNow extends Pick<SeenBudgets, 'broken'> {
  readonly found: readonly BudgetNow[];
}

interface Wanted {
  /** `reachedAt`, which takes what is usual by the hour */
  readonly withInstants?: boolean;
}

/** The budgets that the viewer sees, as of now, by id. Unless they are wanted, all `reachedAt` are null. */
export async function budgetsNow(
  context: QuestionContext,
  only: readonly Filter[] = [],
  wanted: Wanted = {},
): Promise<BudgetsNow> {
  const { seen, broken } = await seenBudgets(context, only);
  return { found: await standing(context, seen, wanted), broken };
}

async function standing(context: QuestionContext, budgets: readonly Budget[], wanted: Wanted): Promise<BudgetNow[]> {
  if (budgets.length === 0) return [];
  const all = { ...wanted, isProjected: true };
  if (context.scope.kind !== 'totals') return askAll(context, budgets, all);
  if (minimumGroupSize(context.scope) > 0) {
    const found = await askAll(context, budgets, { isProjected: false });
    // of too few people
    return found.filter(({ spent }) => spent !== null);
  }
  // numbers over everything, which whoever sees all is answered from sums
  return context.as(ORGANIZATION_SCOPE, (one) => askAll(one, budgets, all));
}

async function askAll(
  context: QuestionContext,
  budgets: readonly Budget[],
  { withInstants = false, isProjected }: Wanted & Pick<Asking, 'isProjected'>,
): Promise<BudgetNow[]> {
  const { now, settings } = context;
  const { first } = await eventTimes(context);
  const zone = settings.timezone;
  const past = { now, zone, weeks: weeksOfUsual(now, first, zone) };
  const whose = { timezone: zone, scope: context.scope, postHandoffMs: settings.postHandoffMs };
  const kinds = [...new Set(budgets.map(({ period }) => period))];
  const stands = new Map(kinds.map((kind) => [kind, standOf(kind, { past, isProjected })]));
  const found: BudgetNow[] = [];
  for (const alike of isProjected ? byDimensions(budgets) : budgets.map((one) => [one])) {
    for (const one of await askAlike(context, alike, { stands, past, whose, isProjected })) found.push(one);
  }
  const instants = withInstants ? await instantsOf(context, found, { past, whose }) : null;
  return found
    .map((one) => ({ ...one, reachedAt: instants?.get(one) ?? null }))
    .sort((one, other) => (one.budget.id < other.budget.id ? -1 : 1));
}

interface Asking {
  readonly past: Past;
  readonly whose: Whose;
  /** else what is spent is all that is told: so few people may be behind an hour of the past that they are hidden */
  readonly isProjected: boolean;
}

/** What of the past says how a kind of period stands: what was spent in it, and what is usual until its end. */
interface Stand {
  readonly period: Window;
  readonly usual: readonly Weighed[];
}

function standOf(kind: BudgetPeriod, { past, isProjected }: Pick<Asking, 'past' | 'isProjected'>): Stand {
  const period = periodAt(past.now, kind, past.zone);
  return { period, usual: isProjected && past.weeks > 0 ? usualUntil(period.to, past) : [] };
}

/** Budgets that filter by the same dimensions, whatever their periods, in one question. */
async function askAlike(
  context: QuestionContext,
  budgets: readonly Budget[],
  { stands, past, whose, isProjected }: Asking & { readonly stands: ReadonlyMap<BudgetPeriod, Stand> },
): Promise<BudgetNow[]> {
  const { now, weeks } = past;
  const windows: Window[] = [];
  /** the first window of a kind */
  const first = new Map<BudgetPeriod, number>();
  for (const kind of new Set(budgets.map(({ period }) => period))) {
    const { period, usual } = stands.get(kind)!;
    first.set(kind, windows.length);
    windows.push({ from: period.from, to: now });
    for (const one of usual) windows.push(one);
  }
  const costs = await costsOf(context, budgets, windows, { ...whose, apart: !isProjected });
  return budgets.map((budget, place): BudgetNow => {
    const { period, usual } = stands.get(budget.period)!;
    const [spent, ...ofUsual] = costs[place]!.slice(first.get(budget.period)) as [Cost, ...Cost[]];
    const known = weeks === 0 ? null : usual.map((one, index) => ({ ...one, cost: ofUsual[index]! }));
    const projected = isProjected ? projectedBy(spent, { period, now, usual: known }) : null;
    const [use, projectedUse] = [spent, projected].map((cost) =>
      cost === null ? null : divide(cost, budget.limitNanos),
    );
    const state = stateOf(use!, budget.thresholds);
    return { budget, period, spent, use: use!, projected, projectedUse: projectedUse!, state, reachedAt: null };
  });
}

/** When those reach their limits that will. */
async function instantsOf(
  context: QuestionContext,
  all: readonly BudgetNow[],
  { past, whose }: Pick<Asking, 'past' | 'whose'>,
): Promise<Map<BudgetNow, number>> {
  const willBe = all.filter(({ budget: { limitNanos }, spent, projected }) => {
    return spent !== null && projected !== null && spent < limitNanos && projected >= limitNanos;
  });
  const instants =
    past.weeks === 0
      ? willBe.map(({ spent, budget, period }) => reachedAtPace(spent!, budget, period, past.now))
      : await whenReached(context, willBe, { past, whose });
  return new Map(willBe.flatMap((one, at) => (instants[at] == null ? [] : [[one, instants[at]]])));
}

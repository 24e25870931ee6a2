import { ORGANIZATION_SCOPE, minimumGroupSize } from '../../access/viewer-scope.js';
import type { BudgetState } from '../../catalogue/budget-states.js';
import { divide } from '../../catalogue/exact.js';
import type { Window } from '../buckets.js';
import { BUDGET_PERIODS } from '../../contract/events/budgets.js';
import type { QuestionContext } from '../context.js';
import { eventTimes } from '../event-times.js';
import type { Filter } from '../filters.js';
import type { Budget } from './budget.js';
import { byDimensions, costsOf } from './costs.js';
import type { Cost, Whose } from './measured-costs.js';
import { outlookOf, type Outlook } from './outlook.js';
import { paceOf, reachedAtPace, reachedIn, type Pace } from './reached.js';
import { projectedAtPace, projectedBy, stateOf } from './state.js';
import { weeksOfUsual, type Past } from './usual.js';
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
  const outlooks = new Map<string, Outlook>();
  const outlookFor = (alike: readonly Budget[]): Outlook => {
    const kinds = BUDGET_PERIODS.filter((kind) => alike.some(({ period }) => period === kind));
    const outlook = outlooks.get(kinds.join()) ?? outlookOf(kinds, { past, isProjected, byTheHour: withInstants });
    outlooks.set(kinds.join(), outlook);
    return outlook;
  };
  // at once: while answers are read the database is at the next question
  const found = await Promise.all(
    (isProjected ? byDimensions(budgets) : budgets.map((one) => [one])).map((alike) =>
      askAlike(context, alike, { past, whose, isProjected, withInstants, outlook: outlookFor(alike) }),
    ),
  );
  return found.flat().sort((one, other) => (one.budget.id < other.budget.id ? -1 : 1));
}

interface Asking extends Required<Wanted> {
  readonly past: Past;
  readonly whose: Whose;
  /** else what is spent is all that is told: so few people may be behind an hour of the past that they are hidden */
  readonly isProjected: boolean;
  readonly outlook: Outlook;
}

/** Budgets that filter by the same dimensions, whatever their periods, in one question. */
async function askAlike(context: QuestionContext, budgets: readonly Budget[], asking: Asking): Promise<BudgetNow[]> {
  const { whose, isProjected, outlook } = asking;
  const costs = await costsOf(context, budgets, outlook.costs, { ...whose, apart: !isProjected });
  // budgets that are about the same share a list of costs
  const shared = new Map<readonly Cost[], Shared>();
  for (const one of new Set(costs)) {
    const ofUsual = one.slice(outlook.spans.size);
    shared.set(one, { spent: one, ofUsual, pace: outlook.usual && paceOf(outlook.usual, ofUsual) });
  }
  return budgets.map((budget, place) => standOf(budget, shared.get(costs[place]!)!, asking));
}

/** What budgets cost that are about the same. */
interface Shared {
  /** by the place of their period's span */
  readonly spent: readonly Cost[];
  readonly ofUsual: readonly Cost[];
  readonly pace: Pace | null;
}

function standOf(budget: Budget, { spent: all, ofUsual, pace }: Shared, asking: Asking): BudgetNow {
  const { past, isProjected, withInstants } = asking;
  const { spans, usual } = asking.outlook;
  const { limitNanos: limit, thresholds } = budget;
  const { place, period, ahead, lengths } = spans.get(budget.period)!;
  const spent = all[place]!;
  const project = (): Cost =>
    usual ? projectedBy(spent, usual, { costs: ofUsual, lengths }) : projectedAtPace(spent, { period, now: past.now });
  const projected = isProjected ? project() : null;
  const [use, projectedUse] = [shareOf(spent, limit), shareOf(projected, limit)];
  const willBe = spent !== null && projected !== null && spent < limit && projected >= limit;
  const reach = (known: bigint): number | null =>
    usual && pace
      ? reachedIn(ahead, { pace, per: usual.per, spent: known, limit })
      : reachedAtPace({ spent: known, limit }, { period, now: past.now });
  const reachedAt = withInstants && willBe ? reach(spent) : null;
  return { budget, period, spent, use, projected, projectedUse, state: stateOf(use, thresholds), reachedAt };
}

function shareOf(cost: Cost, limit: bigint): number | null {
  return cost === null ? null : divide(cost, limit);
}

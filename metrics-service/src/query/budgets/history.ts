import { minimumGroupSize, ORGANIZATION_SCOPE } from '../../access/viewer-scope.js';
import { BUDGET_PERIODS } from '../../contract/events/budgets.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { isChosen, type Budget } from './budget.js';
import { slicesOf } from './cost-slices.js';
import { costsOf } from './costs.js';
import type { Cost } from './measured-costs.js';
import { periodsIn } from './periods.js';
import { wordsOf, type Word } from './words.js';

/** A period that is over, with what held of a budget at its end. */
export interface PastPeriod {
  readonly budget: Budget;
  readonly period: Window;
  /** what was said of the budget in the period, in order */
  readonly changes: readonly Word[];
  /** the limit at the period's start; null: there was none */
  readonly limitBefore: bigint | null;
}

/**
 * The periods in the window that are over, of each budget that held at their end (definitions.md, Live and budgets): what
 * was set last before then holds for all of it.
 */
export async function pastPeriods(
  context: QuestionContext,
  { window, only }: { window: Window; only: readonly Filter[] },
): Promise<PastPeriod[]> {
  const { now, settings } = context;
  const words = [...(await wordsOf(context))].filter(([id, ofOne]) => {
    const called = [id, ...ofOne.map(({ budget }) => budget?.name)];
    return only.every((one) => isChosen(one, called));
  });
  return BUDGET_PERIODS.flatMap((kind) => {
    const over = periodsIn(window, kind, settings.timezone).filter(({ to }) => to <= now);
    return words.flatMap(([, ofOne]) =>
      over.flatMap((period): PastPeriod[] => {
        const budget = heldAt(ofOne, period.to);
        if (budget?.period !== kind) return [];
        const changes = ofOne.filter(({ at }) => at >= period.from && at < period.to);
        return [{ budget, period, changes, limitBefore: heldAt(ofOne, period.from)?.limitNanos ?? null }];
      }),
    );
  });
}

/** What held just before the instant; null: nothing. */
function heldAt(words: readonly Word[], instant: number): Budget | null {
  return words.findLast(({ at }) => at < instant)?.budget ?? null;
}

/** What was spent in each of these periods. */
export async function spentIn(context: QuestionContext, past: readonly PastPeriod[]): Promise<Map<PastPeriod, Cost>> {
  const { scope, settings } = context;
  const isOfMany = minimumGroupSize(scope) > 0;
  // numbers over everything, which whoever sees all is answered from sums
  if (scope.kind === 'totals' && !isOfMany) return context.as(ORGANIZATION_SCOPE, (one) => spentIn(one, past));
  const whose = { timezone: settings.timezone, scope, postHandoffMs: settings.postHandoffMs, apart: isOfMany };
  const found = new Map<PastPeriod, Cost>();
  for (const kind of BUDGET_PERIODS) {
    const alike = past.filter(({ budget }) => budget.period === kind);
    if (alike.length === 0) continue;
    const [from, to] = [
      Math.min(...alike.map(({ period }) => period.from)),
      Math.max(...alike.map(({ period }) => period.to)),
    ];
    const windows = periodsIn({ from, to }, kind, settings.timezone);
    const places = new Map(windows.map((one, at) => [one.from, at]));
    const budgets = [...new Set(alike.map(({ budget }) => budget))];
    const costs = await costsOf(context, budgets, slicesOf(windows.map((one) => [one])), whose);
    for (const one of alike) found.set(one, costs[budgets.indexOf(one.budget)]![places.get(one.period.from)!]!);
  }
  return found;
}

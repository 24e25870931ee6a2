import { minimumGroupSize, ORGANIZATION_SCOPE } from '../../access/viewer-scope.js';
import { BUDGET_PERIODS } from '../../contract/events/budgets.js';
import { showTime } from '../../format/values.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { isChosen, type Budget } from './budget.js';
import { slicesOf } from './cost-slices.js';
import { costsOf } from './costs.js';
import type { Cost } from './measured-costs.js';
import type { Reason } from '../reasons.js';
import { periodAt, periodsIn } from './periods.js';
import { whyNoBudget } from './why-none.js';
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

/** What was ever said of each of those budgets, the latest last. */
export async function wordsOfChosen(context: QuestionContext, only: readonly Filter[]): Promise<(readonly Word[])[]> {
  const chosen = [...(await wordsOf(context))].filter(([id, ofOne]) => {
    const called = [id, ...ofOne.map(({ budget }) => budget?.name)];
    return only.every((one) => isChosen(one, called));
  });
  return chosen.map(([, ofOne]) => ofOne);
}

/**
 * The periods in the window that are over, of each budget that held at their end (definitions.md, Live and budgets): what
 * was set last before then holds for all of it.
 */
export function pastPeriods(
  words: readonly (readonly Word[])[],
  window: Window,
  { now, settings }: Pick<QuestionContext, 'now' | 'settings'>,
): PastPeriod[] {
  return BUDGET_PERIODS.flatMap((kind) => {
    const over = periodsIn(window, kind, settings.timezone).filter(({ to }) => to <= now);
    return words.flatMap((ofOne) =>
      over.flatMap((period): PastPeriod[] => {
        const budget = heldAt(ofOne, period.to);
        if (budget?.period !== kind) return [];
        const changes = ofOne.filter(({ at }) => at >= period.from && at < period.to);
        return [{ budget, period, changes, limitBefore: heldAt(ofOne, period.from)?.limitNanos ?? null }];
      }),
    );
  });
}

/** Why no period of those budgets ended in the window of a question that found none. */
export function whyNoPeriod(
  words: readonly (readonly Word[])[],
  { only, timezone }: { only: readonly Filter[]; timezone: string },
  context: QuestionContext,
): Reason {
  const { now, scope, settings } = context;
  if (words.length === 0) return whyNoBudget(context, only);
  const began = words.flat().reduce((least, { at }) => Math.min(least, at), now);
  const ends = pastPeriods(words, { from: began, to: now }, context).map(({ period }) => period.to);
  // where few are hidden, when there was something may be theirs
  if (ends.length > 0 || minimumGroupSize(scope) > 0) {
    const when = minimumGroupSize(scope) > 0 ? '' : `: such periods ended from ${spanOf(ends, timezone)}`;
    return { kind: 'nothing_in_range', text: `no period of a budget ended in this range${when}. Choose another one` };
  }
  const held = words.flatMap((ofOne) => ofOne.at(-1)!.budget ?? []);
  if (held.length === 0)
    return { kind: 'nothing_found', text: 'what was set here was deleted before a period of it was over' };
  const [next] = inOrder(held.map(({ period }) => periodAt(now, period, settings.timezone).to));
  const text = `no period of a budget is over yet: the first ends at ${showTime(next!, timezone)}`;
  return { kind: 'nothing_in_range', text };
}

function spanOf(ends: readonly number[], timezone: string): string {
  const ordered = inOrder(ends);
  return [ordered[0]!, ordered.at(-1)!].map((ms) => showTime(ms, timezone)).join(' to ');
}

function inOrder(instants: readonly number[]): number[] {
  return [...instants].sort((one, other) => one - other);
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

import type { QuestionContext } from '../context.js';
import { byDimensions, costsOf } from './costs.js';
import type { Cost, Whose } from './measured-costs.js';
import type { Budget } from './budget.js';
import type { Window } from '../buckets.js';
import { localHours, type LocalHour } from './periods.js';
import { plus, reachedIn, ZERO, type Ahead, type Fraction } from './state.js';
import { hoursOfUsual, type Past } from './usual.js';

/** So many are asked for by the hour at once: each has up to 672 of them. */
const AT_ONCE = 150;

interface Spending {
  readonly budget: Budget;
  readonly period: Window;
  readonly spent: Cost;
}

/** When each of the budgets reaches its limit, at the usual pace from now on; null: not before its period's end. */
export async function whenReached(
  context: QuestionContext,
  spending: readonly Spending[],
  { past, whose }: { past: Past; whose: Whose },
): Promise<(number | null)[]> {
  const end = spending.reduce((latest, { period }) => Math.max(latest, period.to), past.now);
  const ahead = localHours({ from: past.now, to: end }, past.zone);
  const wanted = new Set(ahead.map(({ ofWeek }) => ofWeek));
  const hours = hoursOfUsual(past).filter(({ ofWeek }) => wanted.has(ofWeek));
  const found = new Map<Spending, number | null>();
  const asked = spending.map((one) => ({ one, filters: one.budget.filters }));
  for (const alike of byDimensions(asked)) {
    for (let at = 0; at < alike.length; at += AT_ONCE) {
      const some = alike.slice(at, at + AT_ONCE);
      const costs = await costsOf(context, some, hours, whose);
      // those of budgets that are about the same are one
      const known = new Map([...new Set(costs)].map((ofOne) => [ofOne, usualByHour(hours, ofOne)]));
      some.forEach(({ one }, index) => {
        const usual = known.get(costs[index]!)!;
        found.set(one, reachedIn(paceUntil(one.period.to, usual, ahead), one.spent!, one.budget.limitNanos));
      });
    }
  }
  return spending.map((one) => found.get(one) ?? null);
}

/** What is usual in each hour of the week, as nano-US-dollars per ms. */
function usualByHour(hours: ReturnType<typeof hoursOfUsual>, costs: readonly Cost[]): Map<number, Fraction> {
  const usual = new Map<number, Fraction>();
  hours.forEach(({ ofWeek, per }, index) => {
    const cost = costs[index] ?? 0n;
    if (cost > 0n) usual.set(ofWeek, plus(usual.get(ofWeek) ?? ZERO, [cost, BigInt(per)]));
  });
  return usual;
}

/** What is usual in each hour until the end. */
function* paceUntil(end: number, usual: ReadonlyMap<number, Fraction>, ahead: readonly LocalHour[]): Generator<Ahead> {
  for (const { from, to, ofWeek } of ahead) {
    if (from >= end) return;
    yield { from, to, usual: part(usual.get(ofWeek), to - from) };
  }
}

function part(perMs: Fraction | undefined, ms: number): Fraction {
  return perMs ? [perMs[0] * BigInt(ms), perMs[1]] : ZERO;
}

import type { BudgetPeriod } from '../../contract/events/budgets.js';
import type { Window } from '../buckets.js';
import { slicesOf, type Slices } from './cost-slices.js';
import { localHours, periodAt, type LocalHour } from './periods.js';
import { lengthsOf, usualOf, type Past, type Usual } from './usual.js';

/** What of the past and of the time to come says how budgets stand, by the kind of their periods. */
export interface Outlook {
  readonly spans: ReadonlyMap<BudgetPeriod, Span>;
  /** null: no week of the past says it, or it is not asked for */
  readonly usual: Usual | null;
  /** of what was spent in each span until now, then of what is usual */
  readonly costs: Slices;
}

/** The current period of a kind. */
export interface Span {
  /** of its costs until now */
  readonly place: number;
  readonly period: Window;
  /** what is left of it */
  readonly ahead: readonly LocalHour[];
  /** the same, in ms by the hours of what is usual */
  readonly lengths: readonly bigint[];
}

/** `byTheHour`: what is usual in each hour of the week, else only what is usual until the periods end. Pure, as all here. */
export function outlookOf(
  kinds: readonly BudgetPeriod[],
  { past, isProjected, byTheHour }: { past: Past; isProjected: boolean; byTheHour: boolean },
): Outlook {
  const spans = kinds.map((kind) => {
    const period = periodAt(past.now, kind, past.zone);
    const ahead = localHours({ from: past.now, to: period.to }, past.zone);
    return { kind, period, ahead, ofWeek: lengthsOf(ahead) };
  });
  const alike = (hour: number): string | null => {
    const lengths = spans.map(({ ofWeek }) => ofWeek.get(hour) ?? 0);
    if (lengths.every((length) => length === 0)) return null;
    return byTheHour ? String(hour) : lengths.join();
  };
  const usual = isProjected && past.weeks > 0 ? usualOf(past, alike) : null;
  const found = spans.map(({ kind, ofWeek, ...span }, place): [BudgetPeriod, Span] => {
    const lengths = (usual?.hours ?? []).map((one) => BigInt(ofWeek.get(one.ofWeek) ?? 0));
    return [kind, { ...span, place, lengths }];
  });
  const spent = spans.map(({ period: { from } }) => [{ from, to: past.now }]);
  const costs = slicesOf([...spent, ...(usual?.hours ?? []).map(({ stretches }) => stretches)]);
  return { spans: new Map(found), usual, costs };
}

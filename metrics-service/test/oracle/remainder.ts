import type { Fraction } from './fraction.js';
import { behind, metricValue } from './metrics.js';
import type { Cell } from './dimensions.js';
import type { Scope } from './rows.js';
import type { Window } from './types.js';
import { compareText } from './values.js';

export const NOT_SHOWN = '(not shown)';

/** What of the groups is about too few people to be shown, as one. */
export interface Remainder {
  value: Fraction | null;
  /** whether any group is hidden */
  hides: boolean;
  /** whether any row is in it, and of enough people */
  isShown: boolean;
  /** the groups that would be shown by themselves, but are counted in it */
  folded: Cell[][];
}

/** Ages, distinct users of other windows, and sums over different phases or counters have none. */
const WITHOUT =
  /^(source_age|data_age|active_users_\d+d|avg_phase_duration|counter_total|counter_per_run|tool_calls_per_run)$/;

/** Of a metric in a window: what remains of these groups; null for who sees all of them. */
export function remainders(scope: Scope, groups: Cell[][]) {
  const found = new Map<string, Remainder | null>();
  return (metric: string, window: Window): Remainder | null => {
    const key = `${metric} ${window.from} ${window.to}`;
    if (!found.has(key)) found.set(key, remainderOf(metric, { ...scope, window }, groups));
    return found.get(key)!;
  };
}

function remainderOf(metric: string, scope: Scope, groups: Cell[][]): Remainder | null {
  const { leastPeople = 0 } = scope;
  const [first] = groups;
  if (leastPeople === 0 || !first || first.length === 0 || WITHOUT.test(metric)) return null;
  const counted = groups
    .map((group) => ({ group, ...behind(metric, { ...scope, group }) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => a.people - b.people || compareKeys(a.group, b.group));
  const shown = counted.filter(({ people }) => people >= leastPeople);
  const hides = shown.length < counted.length;
  const of = (without: Cell[][]): Scope => ({
    ...scope,
    group: [],
    remainder: { dimensions: first.map(({ dimension }) => dimension), without },
  });
  const isEnough = (without: Cell[][]): boolean => behind(metric, of(without)).people >= leastPeople;
  const kept = shown.map(({ group }) => group);
  const folded: Cell[][] = [];
  while (hides && !isEnough(kept) && kept.length > 0) folded.push(kept.shift()!);
  const isUsual = metric === 'cost_to_usual';
  const value = isUsual ? null : metricValue(metric, of(kept));
  return { value, hides, isShown: hides && isEnough(kept) && !isUsual, folded };
}

function compareKeys(a: Cell[], b: Cell[]): number {
  for (const [index, { value }] of a.entries()) {
    const other = b[index]!.value;
    const difference =
      value === null || other === null ? Number(value === null) - Number(other === null) : compareText(value, other);
    if (difference !== 0) return difference;
  }
  return 0;
}

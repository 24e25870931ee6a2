import type { QuestionContext } from '../context.js';
import { dimensionOf, type Filter } from '../filters.js';
import { InvalidQuery } from '../invalid.js';
import { letsThrough } from './budget.js';
import type { Slices } from './cost-slices.js';
import { measure, plusCost, type Cost, type GroupCosts, type Whose } from './measured-costs.js';

interface Filtered {
  readonly filters: readonly Filter[];
}

/** So many are asked for at once: each has a cost for every hour of a week, or more. */
const AT_ONCE = 400;

/**
 * `total_cost` of each of several sums over stretches of time, for each of several sets of filters (`apart`: each asked by itself).
 * Those that filter by the same dimensions are one question: runs are grouped by these, and a group counts for all that it
 * passes. The answer is one list for all that the same groups pass.
 */
export async function costsOf(
  context: QuestionContext,
  asked: readonly Filtered[],
  slices: Slices,
  { apart = false, ...whose }: Whose & { readonly apart?: boolean },
): Promise<(readonly Cost[])[]> {
  const found = new Map<Filtered, readonly Cost[]>();
  for (const alike of apart ? asked.map((one) => [one]) : byDimensions(asked)) {
    for (let at = 0; at < alike.length; at += AT_ONCE) {
      const some = alike.slice(at, at + AT_ONCE);
      const costs = await costsOfAlike(context, some, slices, whose);
      some.forEach((one, index) => found.set(one, costs[index]!));
    }
  }
  return asked.map((one) => found.get(one)!);
}

/** Those that filter by the same dimensions, together. */
export function byDimensions<F extends Filtered>(asked: readonly F[]): F[][] {
  const found = new Map<string, F[]>();
  for (const one of asked) {
    const key = dimensionsOf(one).sort().join(' ');
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}

function dimensionsOf({ filters }: Filtered): string[] {
  return filters.map(({ dimension }) => dimension.name);
}

async function costsOfAlike(
  context: QuestionContext,
  alike: readonly Filtered[],
  { slices, at }: Slices,
  whose: Whose,
): Promise<(readonly Cost[])[]> {
  const [first] = alike;
  if (alike.length === 1) return [await costsOfOne(context, first!, { slices, at }, whose)];
  const groups = dimensionsOf(first!).map(dimensionOf);
  try {
    const { found: measured } = await measure(context, slices, { whose, groups, filters: inCommon(alike) });
    const places = new Map(groups.map(({ name }, place) => [name, place]));
    // several budgets may be about the same
    const found = new Map<string, readonly Cost[]>();
    return alike.map(({ filters }) => {
      const passing = measured.flatMap(({ key }, index) =>
        filters.every((one) => letsThrough(one, key[places.get(one.dimension.name)!]!)) ? [index] : [],
      );
      const name = passing.join();
      const passed = passing.map((index) => measured[index]!);
      const costs = found.get(name) ?? addUp(passed, at);
      found.set(name, costs);
      return costs;
    });
  } catch (error) {
    // more groups than can be told apart
    if (!(error instanceof InvalidQuery)) throw error;
    const costs: Cost[][] = [];
    for (const one of alike) costs.push(await costsOfOne(context, one, { slices, at }, whose));
    return costs;
  }
}

async function costsOfOne(context: QuestionContext, { filters }: Filtered, { slices, at }: Slices, whose: Whose) {
  const { found, hidden } = await measure(context, slices, { whose, groups: [], filters });
  return addUp(found, at).map((cost, sum) => (at[sum]!.some((kind) => hidden.has(kind)) ? null : cost));
}

/** What all of them let through, where each names what it wants: a dimension's values of all. */
function inCommon(alike: readonly Filtered[]): Filter[] {
  return alike[0]!.filters.flatMap(({ dimension }) => {
    const those = alike.map(({ filters }) => filters.find((one) => one.dimension === dimension)!);
    if (those.some(({ negated }) => negated)) return [];
    const values = [...new Set(those.flatMap((one) => one.values))];
    return [{ dimension, values, none: those.some(({ none }) => none), negated: false }];
  });
}

/** What groups cost together in each of several sums, by the kinds of slices that these are made of. */
function addUp(groups: readonly GroupCosts[], at: Slices['at']): Cost[] {
  const costs = new Map<number, Cost>(groups[0]?.costs);
  for (const one of groups.slice(1)) {
    for (const [kind, cost] of one.costs) costs.set(kind, costs.has(kind) ? plusCost(costs.get(kind)!, cost) : cost);
  }
  return at.map((kinds) => {
    let total: Cost | undefined;
    for (const kind of kinds) {
      const cost = costs.get(kind);
      if (cost !== undefined) total = total === undefined ? cost : plusCost(total, cost);
    }
    return total === undefined ? 0n : total;
  });
}

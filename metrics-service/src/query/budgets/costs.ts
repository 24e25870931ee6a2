import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import { dimensionOf, type Filter } from '../filters.js';
import { InvalidQuery } from '../invalid.js';
import { letsThrough } from './budget.js';
import type { Slices } from './cost-slices.js';
import { measure, plusCost, type Cost, type CostsIn, type Whose } from './measured-costs.js';

interface Filtered {
  readonly filters: readonly Filter[];
}

/**
 * `total_cost` of each of several windows, for each of several sets of filters (`apart`: each asked by itself). Those that
 * filter by the same dimensions are one question: runs are grouped by these, and a group counts for all that it passes.
 */
export async function costsOf(
  context: QuestionContext,
  asked: readonly Filtered[],
  windows: readonly Window[],
  { apart = false, ...whose }: Whose & { readonly apart?: boolean },
): Promise<Cost[][]> {
  const found = new Map<Filtered, Cost[]>();
  for (const alike of apart ? asked.map((one) => [one]) : byDimensions(asked)) {
    const costs = await costsOfAlike(context, alike, windows, whose);
    alike.forEach((one, index) => found.set(one, costs[index]!));
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
  windows: readonly Window[],
  whose: Whose,
): Promise<Cost[][]> {
  const [first] = alike;
  if (alike.length === 1) return [await costsOfOne(context, first!, windows, whose)];
  const groups = dimensionsOf(first!).map(dimensionOf);
  try {
    const { found: measured, at } = await measure(context, windows, { whose, groups, filters: inCommon(alike) });
    const keyed = measured.map(({ key, costs }) => ({
      values: new Map(groups.map((one, index) => [one.name, key[index]!])),
      costs,
    }));
    // several budgets may be about the same
    const found = new Map<string, Cost[]>();
    return alike.map(({ filters }) => {
      const passing = keyed.flatMap(({ values }, index) =>
        filters.every((one) => letsThrough(one, values.get(one.dimension.name)!)) ? [index] : [],
      );
      const name = passing.join();
      const costs =
        found.get(name) ??
        addUp(
          passing.map((index) => keyed[index]!.costs),
          at,
        );
      found.set(name, costs);
      return costs;
    });
  } catch (error) {
    // more groups than can be told apart
    if (!(error instanceof InvalidQuery)) throw error;
    const costs: Cost[][] = [];
    for (const one of alike) costs.push(await costsOfOne(context, one, windows, whose));
    return costs;
  }
}

async function costsOfOne(context: QuestionContext, { filters }: Filtered, windows: readonly Window[], whose: Whose) {
  const { found, at, isTold } = await measure(context, windows, { whose, groups: [], filters });
  const costs = addUp(
    found.map((one) => one.costs),
    at,
  );
  return costs.map((cost, index) => (at[index]!.every(isTold) ? cost : null));
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

/** What groups cost together in each of several windows, whose slices these are. */
function addUp(groups: readonly CostsIn[], at: Slices['at']): Cost[] {
  const sums = new Map<number, Cost>();
  for (const costs of groups) {
    for (const [slice, cost] of costs) sums.set(slice, sums.has(slice) ? plusCost(sums.get(slice)!, cost) : cost);
  }
  return at.map((slices) => {
    let total: Cost | undefined;
    for (const slice of slices) {
      const cost = sums.get(slice);
      if (cost !== undefined) total = total === undefined ? cost : plusCost(total, cost);
    }
    return total === undefined ? 0n : total;
  });
}

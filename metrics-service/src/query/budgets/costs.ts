import { minimumGroupSize } from '../../access/viewer-scope.js';
import { baseOf } from '../../catalogue/bases/index.js';
import { runs } from '../../catalogue/bases/runs.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Cut } from '../cut.js';
import { dimensionOf, type Filter } from '../filters.js';
import { Grid, type Group } from '../grid.js';
import { valuesIn } from '../group.js';
import { InvalidQuery } from '../invalid.js';
import { measureRows } from '../measure.js';
import type { Rows } from '../rows.js';
import { letsThrough } from './budget.js';

/** Known costs in nano-US-dollars; null: there are runs, but of none it is known, or it may not be shown. */
export type Cost = bigint | null;

/** A viewer's rows, whatever the window and filters. */
export type Whose = Omit<Rows, 'window' | 'filters' | 'given'>;

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
    const { grid, at } = await measure(context, windows, { whose, groups, filters: inCommon(alike) });
    const keyed = grid.groups.map((group) => ({
      values: new Map(groups.map((one, index) => [one.name, group.key[index]!])),
      costs: costsIn(group),
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
  const { grid, at } = await measure(context, windows, { whose, groups: [], filters });
  const [all] = grid.groups;
  const costs = addUp([costsIn(all!)], at);
  const isTold = (slice: number): boolean => grid.isTold({ base: 'runs' }, all!, slice);
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

/** By slice, where a group has runs: what they cost. */
type CostsIn = ReadonlyMap<number, Cost>;

function costsIn(group: Group): CostsIn {
  const known = valuesIn(group, runs.cost_nanos);
  const found = new Map<number, Cost>();
  for (const [slice, count] of valuesIn(group, runs.runs)) {
    if (count === 0n || count === null) continue;
    const cost = known.get(slice);
    found.set(slice, typeof cost === 'bigint' ? cost : null);
  }
  return found;
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

/** Unknown adds nothing. */
function plusCost(one: Cost, other: Cost): Cost {
  return one === null || other === null ? (one ?? other) : one + other;
}

async function measure(
  context: QuestionContext,
  windows: readonly Window[],
  { whose, groups, filters }: { whose: Whose; groups: readonly Dimension[]; filters: readonly Filter[] },
): Promise<{ readonly grid: Grid } & Pick<Slices, 'at'>> {
  const window = { from: Math.min(...windows.map(({ from }) => from)), to: Math.max(...windows.map(({ to }) => to)) };
  const { cut, at } = slicesOf(windows);
  const least = minimumGroupSize(context.scope);
  const grid = new Grid(groups, cut, least);
  if (cut.slices.length === 0) return { grid, at };
  const measures = [runs.cost_nanos, runs.runs, ...(least > 0 ? [baseOf('runs').people] : [])];
  await measureRows(context, grid, 'runs', measures, {
    groups,
    rows: { ...whose, window, filters, given: filters },
    cut,
  });
  return { grid, at };
}

/** More windows than this are read as slices of one, with what lies between them: a select for each takes long to plan. */
const MOST_APART = 12;

interface Slices {
  readonly cut: Cut;
  /** of which slices a window is made */
  readonly at: readonly (readonly number[])[];
}

/** The windows as slices, which follow each other or lie apart: what several windows have in common is read once. */
function slicesOf(windows: readonly Window[]): Slices {
  const bounds = [...new Set(windows.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const places = new Map(bounds.map((bound, place) => [bound, place]));
  const isWanted = coverOf(windows, places);
  const pieces = bounds.slice(1).map((to, place) => ({ from: bounds[place]!, to, isWanted: isWanted[place]! }));
  const wanted = pieces.filter((piece) => piece.isWanted);
  const slices = wanted.length > MOST_APART ? pieces : wanted;
  const numbers = new Map(slices.map((slice, number) => [slice.from, number]));
  const slicesIn = ({ from, to }: Window): number[] => {
    const starts = bounds.slice(places.get(from), places.get(to));
    return starts.map((start) => numbers.get(start)!);
  };
  const asked = slices.length === pieces.length ? 'all' : 'last';
  return { cut: { slices, whole: false, asked }, at: windows.map(slicesIn) };
}

/** Whether any of the windows has what lies between a bound and the next. */
function coverOf(windows: readonly Window[], places: ReadonlyMap<number, number>): boolean[] {
  const changes = Array.from(places, () => 0);
  for (const { from, to } of windows) {
    changes[places.get(from)!]! += 1;
    changes[places.get(to)!]! -= 1;
  }
  let open = 0;
  return changes.map((change) => (open += change) > 0);
}

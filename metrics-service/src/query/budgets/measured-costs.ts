import { minimumGroupSize } from '../../access/viewer-scope.js';
import { baseOf } from '../../catalogue/bases/index.js';
import { runs } from '../../catalogue/bases/runs.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { Grid, type Group } from '../grid.js';
import { valuesIn } from '../group.js';
import { measureRows } from '../measure.js';
import { keyOf, type Measured as MeasuredRows } from '../measured.js';
import { rolledQuarters, type QuarterCosts } from '../rolled-quarters.js';
import type { Rows } from '../rows.js';
import { MOST_APART, slicesOf, type Slices } from './cost-slices.js';

/** Known costs in nano-US-dollars; null: there are runs, but of none it is known, or it may not be shown. */
export type Cost = bigint | null;

/** A viewer's rows, whatever the window and filters. */
export type Whose = Omit<Rows, 'window' | 'filters' | 'given'>;

/** By slice, where a group has runs: what they cost. */
export type CostsIn = ReadonlyMap<number, Cost>;

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

interface Measured extends Pick<Slices, 'at'> {
  readonly found: readonly { readonly key: Group['key']; readonly costs: CostsIn }[];
  /** whether enough people are behind a slice to show it, where nothing is grouped */
  readonly isTold: (slice: number) => boolean;
}

/** What runs cost in each of the windows, by group. */
export async function measure(
  context: QuestionContext,
  windows: readonly Window[],
  { whose, groups, filters }: { whose: Whose; groups: readonly Dimension[]; filters: readonly Filter[] },
): Promise<Measured> {
  const window = { from: Math.min(...windows.map(({ from }) => from)), to: Math.max(...windows.map(({ to }) => to)) };
  const { cut, at } = slicesOf(windows);
  const rows = { ...whose, window, filters, given: filters };
  const kept = cut.slices.length > MOST_APART ? await rolledQuarters(context, { groups, rows, cut }) : null;
  if (kept) return { found: await ofQuarters(context, kept, { groups, rows }), at, isTold: () => true };
  const grid = await measureSlices(context, { groups, rows, cut });
  const found = grid.groups.map((group) => ({ key: group.key, costs: costsIn(group) }));
  return { found, at, isTold: (slice) => grid.isTold({ base: 'runs' }, grid.groups[0]!, slice) };
}

async function measureSlices(context: QuestionContext, { groups, rows, cut }: MeasuredRows): Promise<Grid> {
  const least = minimumGroupSize(context.scope);
  const grid = new Grid(groups, cut, least);
  if (cut.slices.length === 0) return grid;
  const measures = [runs.cost_nanos, runs.runs, ...(least > 0 ? [baseOf('runs').people] : [])];
  await measureRows(context, grid, 'runs', measures, { groups, rows, cut });
  return grid;
}

/** What is kept by quarters of an hour, and what of the slices has to be read from the runs. */
async function ofQuarters(
  context: QuestionContext,
  { rows: kept, raw }: QuarterCosts,
  { groups, rows }: Omit<MeasuredRows, 'cut'>,
): Promise<Measured['found']> {
  const found = new Map<string, { key: Group['key']; costs: Map<number, Cost> }>();
  const add = (key: Group['key'], slice: number, cost: Cost): void => {
    const text = JSON.stringify(key);
    const { costs } = found.get(text) ?? { costs: new Map<number, Cost>() };
    costs.set(slice, costs.has(slice) ? plusCost(costs.get(slice)!, cost) : cost);
    found.set(text, { key, costs });
  };
  for (const row of kept) {
    const cost = row.cost_nanos as string | null;
    add(keyOf(row, groups), Number(row.slice), cost === null ? null : BigInt(cost));
  }
  for (const parts of raw) {
    const { groups: others } = await measureSlices(context, {
      ...{ groups, rows },
      cut: { slices: parts, whole: false, asked: 'all' },
    });
    for (const group of others) {
      for (const [part, cost] of costsIn(group)) add(group.key, parts[part]!.slice, cost);
    }
  }
  return [...found.values()];
}

/** Unknown adds nothing. */
export function plusCost(one: Cost, other: Cost): Cost {
  return one === null || other === null ? (one ?? other) : one + other;
}

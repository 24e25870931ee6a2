import { minimumGroupSize } from '../../access/viewer-scope.js';
import { baseOf } from '../../catalogue/bases/index.js';
import { runs } from '../../catalogue/bases/runs.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { QuestionContext, Row } from '../context.js';
import { isSliced } from '../cut.js';
import type { Filter } from '../filters.js';
import type { Group } from '../group.js';
import { askBounded, statementOf } from '../measure.js';
import { keyOf } from '../measured.js';
import { rolledMeasures } from '../rolled.js';
import { rolledQuarters } from '../rolled-quarters.js';
import type { Rows } from '../rows.js';
import { stretchesOf, type Slice } from './cost-slices.js';

/** Known costs in nano-US-dollars; null: there are runs, but of none it is known, or it may not be shown. */
export type Cost = bigint | null;

/** A viewer's rows, whatever the window and filters. */
export type Whose = Omit<Rows, 'window' | 'filters' | 'given'>;

/** What the runs of a group cost, by the kind of the slices that they start in. */
export interface GroupCosts {
  readonly key: Group['key'];
  readonly costs: ReadonlyMap<number, Cost>;
}

interface Measured {
  readonly found: readonly GroupCosts[];
  /** the kinds of slices that have runs, but of too few people to show what these cost, where nothing is grouped */
  readonly hidden: ReadonlySet<number>;
}

interface Asked {
  readonly groups: readonly Dimension[];
  readonly rows: Rows;
  readonly slices: readonly Slice[];
}

/** What runs cost in the slices, by group. */
export async function measure(
  context: QuestionContext,
  slices: readonly Slice[],
  { whose, groups, filters }: { whose: Whose; groups: readonly Dimension[]; filters: readonly Filter[] },
): Promise<Measured> {
  if (slices.length === 0) return { found: [], hidden: new Set() };
  const window = { from: slices[0]!.from, to: slices.at(-1)!.to };
  const asked = { groups, rows: { ...whose, window, filters, given: filters }, slices };
  const sums = new CostSums(groups);
  if (await addKept(context, sums, asked)) return sums;
  const quarters = await rolledQuarters(context, asked);
  for (const row of quarters?.rows ?? []) if (Number(row.of_kind) >= 0) sums.add(Number(row.of_kind), row);
  await addFromRows(context, sums, { ...asked, slices: quarters ? quarters.raw : slices });
  return sums;
}

class CostSums implements Measured {
  readonly #found = new Map<string, { readonly key: Group['key']; readonly costs: Map<number, Cost> }>();
  readonly hidden = new Set<number>();

  constructor(private readonly groups: readonly Dimension[]) {}

  get found(): GroupCosts[] {
    return [...this.#found.values()];
  }

  add(kind: number, row: Row): void {
    const key = keyOf(row, this.groups);
    const text = JSON.stringify(key);
    const { costs } = this.#found.get(text) ?? { costs: new Map<number, Cost>() };
    if (costs.size === 0) this.#found.set(text, { key, costs });
    const cost = row.cost_nanos === null ? null : BigInt(row.cost_nanos as string);
    costs.set(kind, costs.has(kind) ? plusCost(costs.get(kind)!, cost) : cost);
  }
}

const MEASURES = [runs.cost_nanos, runs.runs];

/** From the sums of slots, where these have all of it. */
async function addKept(context: QuestionContext, sums: CostSums, { groups, rows, slices }: Asked): Promise<boolean> {
  const cut = { slices, whole: false, asked: 'last' } as const;
  const kinds = slices.map(({ kind }) => kind);
  const rolled = await rolledMeasures(context, { measures: MEASURES, groups, rows, cut }, kinds);
  for (const { slice, row } of rolled?.parts ?? []) if (Number(row.runs) > 0) sums.add(slice, row);
  return rolled !== null;
}

/** From the runs, stretch by stretch. */
async function addFromRows(context: QuestionContext, sums: CostSums, { groups, rows, slices }: Asked): Promise<void> {
  const least = minimumGroupSize(context.scope);
  const { people } = baseOf('runs');
  const measures = least > 0 ? [...MEASURES, people] : MEASURES;
  for (const stretch of stretchesOf(slices)) {
    const cut = { slices: stretch, whole: false, asked: 'all' } as const;
    const window = { from: stretch[0]!.from, to: stretch.at(-1)!.to };
    const aggregation = { measures, groups, rows: { ...rows, window }, cut };
    for (const row of await askBounded(context, await statementOf(context, 'runs', aggregation))) {
      const { kind } = stretch[isSliced(cut) ? Number(row.slice) - 1 : 0]!;
      if (kind === null || Number(row.runs) === 0) continue;
      sums.add(kind, row);
      if (least > 0 && Number(row[people.name]) < least) sums.hidden.add(kind);
    }
  }
}

/** Unknown adds nothing. */
export function plusCost(one: Cost, other: Cost): Cost {
  return one === null || other === null ? (one ?? other) : one + other;
}

import { quartersOf } from '../rollups/names.js';
import { QUARTER_MINUTES } from '../rollups/quarters.js';
import type { Window } from './buckets.js';
import type { QuestionContext, Row } from './context.js';
import { spanOf } from './cut.js';
import { notePieces, piecesFor, type Kept } from './rolled.js';
import type { Aggregation } from './statements/aggregation.js';
import { quarterCostsStatement } from './statements/quarter-costs.js';

const QUARTER_MS = QUARTER_MINUTES * 60_000;

const QUARTERS: Kept = { nameOf: (by) => quartersOf(by?.name ?? ''), runsPerSlot: 2 };

/** What runs cost in slices, in parts that add up. */
export interface QuarterCosts {
  /** with the slice (from 0), the group, and `cost_nanos`: null where there are runs, but no cost is known */
  readonly rows: readonly Row[];
  /** what has to be read from the runs: stretches, each as its parts of slices */
  readonly raw: readonly (readonly PartOfSlice[])[];
}

type PartOfSlice = Window & { readonly slice: number };

/**
 * Known costs in adjoining slices that sums are too coarse for, such as hours of people, from what is kept by quarters of an
 * hour (docs/engine.md), as exactly as from the runs; null if sums have them, nothing is kept, or the slices are finer.
 */
export async function rolledQuarters(
  context: QuestionContext,
  { groups, rows, cut }: Pick<Aggregation, 'groups' | 'rows' | 'cut'>,
): Promise<QuarterCosts | null> {
  const { slices } = cut;
  if (slices.some(({ from, to }, n) => from % QUARTER_MS !== 0 || to !== (slices[n + 1]?.from ?? to))) return null;
  if (spanOf(cut).to % QUARTER_MS !== 0 || (await piecesFor(context, { groups, rows, cut }))) return null;
  const pieces = await piecesFor(context, { groups, rows, cut: { ...cut, slices: [spanOf(cut)] } }, QUARTERS);
  if (!pieces?.by) return null;
  const { by, slots, raw } = pieces;
  const asked = { pieces: slots, by, groups, filters: rows.filters, slices };
  const found = await context.ask(quarterCostsStatement(context.orgId, asked));
  notePieces(context, 'quarters', pieces);
  return { rows: found, raw: raw.map((piece) => within(piece, slices)) };
}

/** The parts of a stretch that lie in slices. */
function within(stretch: Window, slices: readonly Window[]): PartOfSlice[] {
  return slices.flatMap((one, slice) => {
    const [from, to] = [Math.max(stretch.from, one.from), Math.min(stretch.to, one.to)];
    return from < to ? [{ from, to, slice }] : [];
  });
}

import { quartersOf } from '../rollups/names.js';
import { QUARTER_MINUTES } from '../rollups/quarters.js';
import { cutIntoSlots } from '../rollups/slots.js';
import type { Window } from './buckets.js';
import type { Slice } from './budgets/cost-slices.js';
import type { QuestionContext, Row } from './context.js';
import { keptBy, lengthOf, MOST_RAW_PIECES, notePieces } from './rolled.js';
import type { Aggregation } from './statements/aggregation.js';
import { quarterCostsStatement } from './statements/quarter-costs.js';

const QUARTER_MS = QUARTER_MINUTES * 60_000;

/** What runs cost in slices, in parts that add up. */
export interface QuarterCosts {
  /** with the kind of the slices (`of_kind`, -1: of none), the group, and `cost_nanos`: null where there are runs, but no cost is known */
  readonly rows: readonly Row[];
  /** what of the slices has to be read from the runs */
  readonly raw: readonly Slice[];
}

/**
 * Known costs in slices that sums are too coarse for, such as hours of people, from what is kept by quarters of an hour
 * (docs/engine.md), as exactly as from the runs; null if nothing is kept, or the slices are finer. A day is kept with all of its
 * quarters: of one that is behind those hold in which nothing has changed.
 */
export async function rolledQuarters(
  context: QuestionContext,
  { groups, rows, slices }: Pick<Aggregation, 'groups' | 'rows'> & { readonly slices: readonly Slice[] },
): Promise<QuarterCosts | null> {
  const by = keptBy(groups, rows.filters);
  const state = by ? await context.sums() : null;
  if (!by || !state?.levels[quartersOf(by.name)]) return null;
  const { slots, raw } = cutIntoSlots(rows.window, state.dirty, [QUARTER_MINUTES]);
  if (raw.length > MOST_RAW_PIECES || lengthOf(raw) > lengthOf(slots)) return null;
  const kept = within(slots, slices);
  if (kept.some(({ from, to }) => from % QUARTER_MS !== 0 || to % QUARTER_MS !== 0)) return null;
  const found = await context.ask(
    quarterCostsStatement(context.orgId, { by, groups, filters: rows.filters, slices: kept }),
  );
  notePieces(context, 'quarters', { by, slots, raw });
  return { rows: found, raw: within(raw, slices) };
}

/** The parts of the slices that lie in one of the stretches; both are in order. */
function within(stretches: readonly Window[], slices: readonly Slice[]): Slice[] {
  return stretches.flatMap((stretch) =>
    slices.flatMap(({ kind, ...one }) => {
      const [from, to] = [Math.max(stretch.from, one.from), Math.min(stretch.to, one.to)];
      return from < to ? [{ from, to, kind }] : [];
    }),
  );
}

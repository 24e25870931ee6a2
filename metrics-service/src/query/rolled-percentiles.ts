import type { Measure } from '../catalogue/measure.js';
import { TOOL, type KeptBy } from '../rollups/dimensions.js';
import { valuesOf } from '../rollups/names.js';
import { GREATEST_VALUE, isKeptBy, keptAs, ROLLED_PERCENTILES } from '../rollups/values.js';
import type { QuestionContext, Row } from './context.js';
import { windowsOf } from './cut.js';
import { notePieces, piecesFor, type Asked, type Kept, type Pieces } from './rolled.js';
import type { Aggregation } from './statements/aggregation.js';
import { runPercentilesStatement, type FoundPercentile } from './statements/run-percentiles.js';

/** With fewer runs in a slot they are as quick to read as its numbers of values. */
const VALUES: Kept = { nameOf: (by) => valuesOf(by?.name ?? ''), runsPerSlot: 60 };

/** A tool call is dearer to read: its run and session are, too. */
const VALUES_OF_CALLS: Kept = { nameOf: () => valuesOf(TOOL.name), runsPerSlot: 20 };
const BY_TOOL: KeptBy = { name: TOOL.name, of: [TOOL] };

/** In all, or by the tool alone. */
async function piecesOfCalls(context: QuestionContext, asked: Asked): Promise<Pieces | null> {
  const dimensions = [...asked.groups, ...asked.rows.filters.map(({ dimension }) => dimension)];
  return dimensions.every(({ name }) => name === TOOL.name)
    ? piecesFor(context, asked, VALUES_OF_CALLS, BY_TOOL)
    : null;
}

/** Percentiles of runs in each slice and group; a slice of `null`: over all of them. */
export interface RolledPercentiles {
  readonly measures: readonly Measure[];
  readonly values: readonly FoundValue[];
}

interface FoundValue {
  readonly measure: Measure;
  readonly slice: number | null;
  /** with its group */
  readonly row: Row;
  readonly value: number;
}

/**
 * Those of the measures of a base that are percentiles, from the values that are kept in order (docs/engine.md), as exactly as
 * from the rows; null if there are none, or the rows are as quick to read.
 */
export async function rolledPercentiles(
  context: QuestionContext,
  base: 'runs' | 'tool_calls',
  { measures, groups, rows, cut }: Aggregation,
): Promise<RolledPercentiles | null> {
  const wanted = ROLLED_PERCENTILES.filter((measure) => measures.includes(measure));
  if (wanted.length === 0 || groups.length > 1) return null;
  const slices = windowsOf(cut);
  const asked = { groups, rows, cut: { ...cut, slices } };
  const pieces = await (base === 'runs' ? piecesFor(context, asked, VALUES) : piecesOfCalls(context, asked));
  if (!pieces) return null;
  const known = wanted.filter((measure) => isKeptBy(pieces.by, measure));
  if (known.length === 0) return null;
  const [group = null] = groups;
  const values: FoundValue[] = [];
  for (const column of new Set(known.map(keptAs))) {
    const same = known.filter((measure) => keptAs(measure) === column);
    const statement = runPercentilesStatement(context.orgId, {
      ...{ base, measures: same },
      ...pieces,
      group,
      filters: rows.filters,
    });
    const found = (await context.ask(statement)) as unknown as (FoundPercentile & Row)[];
    // what is not kept as it is
    if (found.some(({ low, high }) => low < 0 || high >= GREATEST_VALUE)) return null;
    for (const row of found) {
      const slice = row.slice === cut.slices.length ? null : row.slice;
      values.push({ measure: same[row.nth]!, slice, row, value: row.value });
    }
  }
  notePieces(context, 'values', pieces, base);
  return { measures: known, values };
}

import { baseOf } from '../catalogue/bases/index.js';
import type { Measure } from '../catalogue/measure.js';
import { cutIntoSlots } from '../rollups/slots.js';
import { ROLLED_MEASURES } from '../rollups/sums.js';
import type { Window } from './buckets.js';
import type { QuestionContext, Row } from './context.js';
import type { Cut } from './cut.js';
import type { Aggregation } from './statements/aggregation.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { runSumsStatement, type SlotsOfSlice } from './statements/run-sums.js';

/** More pieces than this are not read one by one. */
const MOST_RAW_PIECES = 24;
/** A shorter window is read from the runs. */
const LEAST_MS = 3_600_000;

const ROLLED = new Set(ROLLED_MEASURES);

/** Some measures of runs, in parts: those of a slice (numbered from 0) add up. */
export interface Rolled {
  readonly measures: readonly Measure[];
  readonly parts: readonly { readonly slice: number; readonly row: Row }[];
}

interface RawPiece extends Window {
  readonly slice: number;
}

/**
 * Those of the measures of runs that can be added up from the sums of slots (docs/engine.md), as exactly as from the runs;
 * null if none can, or the runs are as quick to read.
 */
export async function rolledMeasures(context: QuestionContext, aggregation: Aggregation): Promise<Rolled | null> {
  const { groups, rows, cut } = aggregation;
  const measures = aggregation.measures.filter((measure) => ROLLED.has(measure));
  if (measures.length === 0 || groups.length > 0 || rows.filters.length > 0) return null;
  if (cut.slices.every(({ from, to }) => to - from < LEAST_MS) && cut.slices.length === 1) return null;
  const dirty = await context.dirtySlots();
  const pieces = dirty && piecesOf(cut, dirty);
  if (!pieces) return null;
  const { slots, raw } = pieces;
  const summed = context.ask(runSumsStatement(context.orgId, measures, slots));
  const read = raw.length === 0 ? [] : context.ask(rawStatement(context.orgId, aggregation, measures, raw));
  const [ofSlots, ofRuns] = await Promise.all([summed, read]);
  context.noteRolled({ base: 'runs', slots: slots.length, raw: raw.map(({ from, to }) => ({ from, to })) });
  return {
    measures,
    parts: [
      ...ofSlots.map((row) => ({ slice: Number(row.slice), row })),
      ...ofRuns.map((row) => ({ slice: raw[Number(row.slice) - 1]!.slice, row })),
    ],
  };
}

/** What the slices are made of; null if much of them would have to be read from the runs anyway. */
function piecesOf({ slices }: Cut, dirty: readonly number[]): { slots: SlotsOfSlice[]; raw: RawPiece[] } | null {
  const slots: SlotsOfSlice[] = [];
  const raw: RawPiece[] = [];
  for (const [slice, window] of slices.entries()) {
    const pieces = cutIntoSlots(window, dirty);
    for (const piece of pieces.slots) slots.push({ ...piece, slice });
    for (const piece of pieces.raw) raw.push({ ...piece, slice });
    if (raw.length > MOST_RAW_PIECES) return null;
  }
  const rawMs = lengthOf(raw);
  return slots.length === 0 || 2 * rawMs > rawMs + lengthOf(slots) ? null : { slots, raw };
}

function lengthOf(pieces: readonly Window[]): number {
  return pieces.reduce((sum, { from, to }) => sum + to - from, 0);
}

function rawStatement(
  orgId: string,
  { groups, rows }: Aggregation,
  measures: readonly Measure[],
  slices: readonly Window[],
) {
  const cut = { slices, whole: false, asked: 'last' } as const;
  return runMeasuresStatement(orgId, baseOf('runs'), { measures, groups, rows, cut });
}

import { baseOf } from '../catalogue/bases/index.js';
import type { Dimension } from '../catalogue/dimensions.js';
import type { Measure } from '../catalogue/measure.js';
import { rolledBy, type RolledDimension } from '../rollups/dimensions.js';
import { cutIntoSlots, LEVELS } from '../rollups/slots.js';
import type { SumsState } from '../rollups/state.js';
import { ROLLED_MEASURES } from '../rollups/sums.js';
import type { Window } from './buckets.js';
import type { QuestionContext, Row } from './context.js';
import type { Cut } from './cut.js';
import type { Filter } from './filters.js';
import type { Statement } from './sql/statement.js';
import type { Aggregation } from './statements/aggregation.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { runSumsStatement, type SlotsOfSlice } from './statements/run-sums.js';

/** More pieces than this are not read one by one. */
const MOST_RAW_PIECES = 24;
/** A shorter window is read from the runs. */
const LEAST_MS = 3_600_000;
/** With fewer runs of a day for each of its sums the runs are as quick to read: a sum is wider than a run. */
const RUNS_PER_SUM = 3;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** More groups and slices than this are read from the runs, which says where there are too many. */
const MOST_ROWS = 100_000;

const ROLLED = new Set(ROLLED_MEASURES);

/** Some measures of runs, in parts: those of a slice (numbered from 0) and group add up. */
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
  const pieces = measures.length === 0 ? null : await piecesFor(context, { groups, rows, cut });
  if (!pieces) return null;
  const { by, slots, raw } = pieces;
  const [ofSlots, ofRuns] = await Promise.all([
    ask(
      context,
      runSumsStatement(context.orgId, { measures, pieces: slots, by: by?.name ?? null, groups, filters: rows.filters }),
    ),
    raw.length === 0 ? [] : ask(context, rawStatement(context.orgId, aggregation, measures, raw)),
  ]);
  if (ofSlots.length + ofRuns.length > MOST_ROWS) return null;
  context.noteRolled({
    base: 'runs',
    by: by?.name ?? null,
    slots: slots.length,
    raw: raw.map(({ from, to }) => ({ from, to })),
  });
  return {
    measures,
    parts: [
      ...ofSlots.map((row) => ({ slice: Number(row.slice), row })),
      ...ofRuns.map((row) => ({ slice: raw[Number(row.slice) - 1]!.slice, row })),
    ],
  };
}

/** What is read instead of the runs. */
export interface Pieces {
  /** the dimension by which the sums are kept; null: of all runs */
  readonly by: RolledDimension | null;
  readonly slots: readonly SlotsOfSlice[];
  readonly raw: readonly RawPiece[];
}

/** What the slices are made of; null if there are no sums of them, or the runs are as quick to read. */
export async function piecesFor(
  context: QuestionContext,
  { groups, rows, cut }: Pick<Aggregation, 'groups' | 'rows' | 'cut'>,
): Promise<Pieces | null> {
  const by = keptBy(groups, rows.filters);
  const state = by === undefined || isShort(cut) ? null : await context.sums();
  if (by === undefined || !state) return null;
  const pieces = piecesOf(cut, state.dirty, by?.levels ?? LEVELS);
  return pieces && areFewer(pieces.slots, by, state) ? { by, ...pieces } : null;
}

/** Whether there are far fewer sums in these slots than runs, as many of both as there were in the days before. */
function areFewer(slots: readonly SlotsOfSlice[], by: RolledDimension | null, state: SumsState): boolean {
  const daily = by === null ? 1 : (state.dailyValues[by.name] ?? Infinity);
  const [sums, runs] = slots.reduce(
    ([sums, runs], { minutes, from, to }) => {
      const perSlot = state.dailyRuns * (minutes / DAY_MINUTES);
      const count = (to - from) / (minutes * MINUTE_MS);
      return [sums + count * Math.min(daily, perSlot), runs + count * perSlot];
    },
    [0, 0],
  );
  return runs >= RUNS_PER_SUM * sums;
}

/** By what the sums are kept that answer it; null: of all runs; undefined: there are none. */
function keptBy(groups: readonly Dimension[], filters: readonly Filter[]): RolledDimension | null | undefined {
  const dimensions = [...groups, ...filters.map(({ dimension }) => dimension)];
  const kept = new Set(dimensions.map(({ name }) => rolledBy(name)));
  if (kept.size > 1) return undefined;
  const [by = null] = kept;
  return dimensions.length > 0 && by === null ? undefined : by;
}

function isShort({ slices }: Cut): boolean {
  return slices.length === 1 && slices[0]!.to - slices[0]!.from < LEAST_MS;
}

/** What the slices are made of; null if much of them would have to be read from the runs anyway. */
function piecesOf({ slices }: Cut, dirty: readonly number[], levels: readonly number[]): Omit<Pieces, 'by'> | null {
  const slots: SlotsOfSlice[] = [];
  const raw: RawPiece[] = [];
  for (const [slice, window] of slices.entries()) {
    const pieces = cutIntoSlots(window, dirty, levels);
    for (const piece of pieces.slots) slots.push({ ...piece, slice });
    for (const piece of pieces.raw) raw.push({ ...piece, slice });
    if (raw.length > MOST_RAW_PIECES) return null;
  }
  return slots.length === 0 || lengthOf(raw) > lengthOf(slots) ? null : { slots, raw };
}

function lengthOf(pieces: readonly Window[]): number {
  return pieces.reduce((sum, { from, to }) => sum + to - from, 0);
}

function ask(context: QuestionContext, statement: Statement): Promise<Row[]> {
  return context.ask({ ...statement, body: `${statement.body}\nlimit ${MOST_ROWS + 1}` });
}

function rawStatement(
  orgId: string,
  { groups, rows }: Aggregation,
  measures: readonly Measure[],
  slices: readonly Window[],
): Statement {
  const cut = { slices, whole: false, asked: 'last' } as const;
  return runMeasuresStatement(orgId, baseOf('runs'), { measures, groups, rows, cut });
}

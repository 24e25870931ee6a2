import { baseOf } from '../catalogue/bases/index.js';
import type { Dimension } from '../catalogue/dimensions.js';
import type { Measure } from '../catalogue/measure.js';
import { BESIDE_RUNS } from '../rollups/beside.js';
import { keptByAll, rolledBy, type KeptBy } from '../rollups/dimensions.js';
import type { Level } from '../rollups/levels.js';
import { SUMS_OF_ALL } from '../rollups/names.js';
import { cutIntoSlots } from '../rollups/slots.js';
import type { SumsState } from '../rollups/state.js';
import { ROLLED_MEASURES } from '../rollups/sums.js';
import type { Window } from './buckets.js';
import type { QuestionContext, Row } from './context.js';
import type { Cut } from './cut.js';
import type { Filter } from './filters.js';
import type { Rows } from './rows.js';
import type { Statement } from './sql/statement.js';
import type { Aggregation } from './statements/aggregation.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { runSumsStatement, sumsBesideStatement, type SlotsOfSlice } from './statements/run-sums.js';

/** More pieces than this are not read one by one. */
export const MOST_RAW_PIECES = 24;
/** A shorter window is read from the runs. */
const LEAST_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** More groups and slices than this are read from the runs, which says where there are too many. */
const MOST_ROWS = 100_000;

const ROLLED = new Set(ROLLED_MEASURES);

type BesideName = keyof typeof BESIDE_RUNS;

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
 * null if none can, or the runs are as quick to read. Slices with the same number in `numbers` are one.
 */
export async function rolledMeasures(
  context: QuestionContext,
  aggregation: Aggregation,
  numbers?: readonly number[],
): Promise<Rolled | null> {
  const { groups, rows, cut } = aggregation;
  const measures = aggregation.measures.filter((measure) => ROLLED.has(measure));
  const found = measures.length === 0 ? null : await piecesFor(context, { groups, rows, cut });
  if (!found) return null;
  const pieces = numbers ? numbered(found, numbers) : found;
  const { by, slots } = pieces;
  const ofSlots = runSumsStatement(context.orgId, { measures, pieces: slots, by, groups, filters: rows.filters });
  return addUp(context, { ...aggregation, measures }, 'runs', pieces, ofSlots);
}

function numbered({ by, slots, raw }: Pieces, numbers: readonly number[]): Pieces {
  const renumber = <P extends { readonly slice: number }>(piece: P): P => ({ ...piece, slice: numbers[piece.slice]! });
  return { by, slots: slots.map(renumber), raw: raw.map(renumber) };
}

/** The same of another base than runs: in all, or by the one dimension that only it has. */
export async function rolledBeside(
  context: QuestionContext,
  base: BesideName,
  aggregation: Aggregation,
): Promise<Rolled | null> {
  const { groups, rows, cut } = aggregation;
  const beside = BESIDE_RUNS[base];
  const measures = aggregation.measures.filter((measure) => beside.measures.includes(measure));
  const dimensions = [...groups, ...rows.filters.map(({ dimension }) => dimension)];
  if (measures.length === 0 || dimensions.some(({ name }) => name !== beside.dimension)) return null;
  const pieces = await piecesBeside(context, base, rows, cut);
  if (!pieces) return null;
  const asked = { measures, pieces: pieces.slots, groups, filters: rows.filters };
  const ofSlots = sumsBesideStatement(context.orgId, beside, asked);
  return addUp(context, { ...aggregation, measures }, base, pieces, ofSlots);
}

/** What the slices are made of where another base than runs is asked about, whatever the filters. */
export async function piecesBeside(
  context: QuestionContext,
  base: BesideName,
  rows: Rows,
  cut: Cut,
): Promise<Pieces | null> {
  const kept: Kept = { nameOf: () => BESIDE_RUNS[base].levels, runsPerSlot: SUMS.runsPerSlot };
  return piecesFor(context, { groups: [], rows: { ...rows, filters: [] }, cut }, kept);
}

/** What comes from slots, and what is read from the rows of the base. */
async function addUp(
  context: QuestionContext,
  aggregation: Aggregation,
  base: 'runs' | BesideName,
  pieces: Pieces,
  statement: Statement,
): Promise<Rolled | null> {
  const { raw } = pieces;
  const [ofSlots, ofRows] = await Promise.all([
    ask(context, statement),
    raw.length === 0 ? [] : ask(context, rawStatement(context.orgId, aggregation, base, raw)),
  ]);
  if (ofSlots.length + ofRows.length > MOST_ROWS) return null;
  notePieces(context, 'sums', pieces, base);
  return {
    measures: aggregation.measures,
    parts: [
      ...ofSlots.map((row) => ({ slice: Number(row.slice), row })),
      ...ofRows.map((row) => ({ slice: raw[Number(row.slice) - 1]!.slice, row })),
    ],
  };
}

/** What is read instead of the runs. */
export interface Pieces {
  /** by what the sums are kept; null: of all runs */
  readonly by: KeptBy | null;
  readonly slots: readonly SlotsOfSlice[];
  readonly raw: readonly RawPiece[];
}

/** Notes what an answer about runs was made of. */
export function notePieces(
  context: QuestionContext,
  kept: 'sums' | 'quarters' | 'values',
  { by, slots, raw }: Pick<Pieces, 'by'> & { readonly slots: readonly Window[]; readonly raw: readonly Window[] },
  base = 'runs',
): void {
  context.noteRolled({
    base,
    kept,
    by: by?.name ?? null,
    slots: slots.length,
    raw: raw.map(({ from, to }) => ({ from, to })),
  });
}

/** What is kept of slots. */
export interface Kept {
  /** under which name lengths of slots are chosen for it, by what it is kept by (null: of all runs) */
  readonly nameOf: (by: KeptBy | null) => string;
  /** with fewer runs of a slot these are as quick to read */
  readonly runsPerSlot: number;
}

/** A sum is wider than a run. */
const SUMS: Kept = { nameOf: (by) => by?.name ?? SUMS_OF_ALL, runsPerSlot: 3 };

/** What is asked about, of an aggregation. */
export type Asked = Pick<Aggregation, 'groups' | 'rows' | 'cut'>;

/** What the slices are made of; null if nothing is kept of them, or the runs are as quick to read. */
export async function piecesFor(
  context: QuestionContext,
  { groups, rows, cut }: Asked,
  kept = SUMS,
  by = keptBy(groups, rows.filters),
): Promise<Pieces | null> {
  if (by === undefined || isShort(cut)) return null;
  const state = await context.sums();
  const levels = state?.levels[kept.nameOf(by)];
  if (!state || !levels) return null;
  const lengths = levels.map(([minutes]) => minutes);
  const pieces = piecesOf(cut, state.dirty, lengths);
  return pieces && areFewer(pieces.slots, levels, state, kept) ? { by, ...pieces } : null;
}

/** Whether there are far fewer sums in these slots than runs, as many of both as there were in the days before. */
function areFewer(
  slots: readonly SlotsOfSlice[],
  levels: readonly Level[],
  { isForced, dailyRuns }: SumsState,
  { runsPerSlot }: Kept,
): boolean {
  if (isForced) return true;
  const runsPerSum = new Map(levels);
  const [sums, runs] = slots.reduce(
    ([sums, runs], { minutes, from, to }) => {
      const more = ((to - from) / (DAY_MINUTES * MINUTE_MS)) * dailyRuns;
      return [sums + more / Math.max(1, runsPerSum.get(minutes)!), runs + more];
    },
    [0, 0],
  );
  return runs >= runsPerSlot * sums;
}

/** By what the sums are kept that answer it; null: of all runs; undefined: there are none. */
export function keptBy(groups: readonly Dimension[], filters: readonly Filter[]): KeptBy | null | undefined {
  const dimensions = [...groups, ...filters.map(({ dimension }) => dimension)];
  if (dimensions.length === 0) return null;
  const kept = dimensions.flatMap(({ name }) => rolledBy(name) ?? []);
  return kept.length === dimensions.length ? (keptByAll(kept) ?? undefined) : undefined;
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

export function lengthOf(pieces: readonly Window[]): number {
  return pieces.reduce((sum, { from, to }) => sum + to - from, 0);
}

function ask(context: QuestionContext, statement: Statement): Promise<Row[]> {
  return context.ask({ ...statement, body: `${statement.body}\nlimit ${MOST_ROWS + 1}` });
}

function rawStatement(
  orgId: string,
  { measures, groups, rows }: Aggregation,
  base: 'runs' | BesideName,
  slices: readonly Window[],
): Statement {
  const cut = { slices, whole: false, asked: 'last' } as const;
  return runMeasuresStatement(orgId, baseOf(base), { measures, groups, rows, cut });
}

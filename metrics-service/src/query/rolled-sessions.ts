import { runs } from '../catalogue/bases/runs.js';
import { sessions } from '../catalogue/bases/sessions.js';
import type { Measure, MeasureValue } from '../catalogue/measure.js';
import { SHORTEST_GAP_MS } from '../rollups/sessions.js';
import type { Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import { windowsOf } from './cut.js';
import { readMeasure } from './grid.js';
import { rolledMeasures } from './rolled.js';
import { MOST_DIRTY_SESSIONS, sessionCountsStatement, type SessionCount } from './statements/session-counts.js';
import { sessionLifespansStatement, type SessionLifespans } from './statements/session-lifespans.js';
import type { Aggregation } from './statements/aggregation.js';

/** More of them, each looked at for every window, are not quicker than the sessions themselves. */
const MOST_LOOKS = 20_000;

/** The measures of sessions that are sums over their runs. */
const OF_RUNS = new Map<Measure, Measure<'runs'>>([
  [sessions.session_runs, runs.runs_of_sessions],
  [sessions.agent_ms, runs.execution_ms_of_sessions],
]);

/** Those of the messages of sessions. */
const OF_MESSAGES: readonly Measure[] = [sessions.lifespan_ms, sessions.sessions_with_message];

/** A measure's value in a slice of the cut; `null`: over all of them. */
export interface RolledValue {
  readonly measure: Measure;
  readonly slice: number | null;
  readonly value: MeasureValue;
}

/**
 * Those of the measures of sessions that are known without reading what happened in them (docs/engine.md), in all slices;
 * null if there are none: not by groups, not with filters, not of short windows.
 */
export async function rolledSessions(
  context: QuestionContext,
  { measures, groups, rows, cut }: Aggregation,
): Promise<{ measures: readonly Measure[]; values: readonly RolledValue[] } | null> {
  const slices = windowsOf(cut);
  const isLong = slices.some(({ from, to }) => to - from >= SHORTEST_GAP_MS);
  const known = measures.filter(
    (measure) => measure === sessions.active_sessions || OF_RUNS.has(measure) || OF_MESSAGES.includes(measure),
  );
  if (known.length === 0 || groups.length > 0 || rows.filters.length > 0 || !isLong) return null;
  const ofRuns = known.flatMap((measure) => OF_RUNS.get(measure) ?? []);
  const summed = ofRuns.length === 0 ? null : await rolledMeasures(context, { measures: ofRuns, groups, rows, cut });
  if (ofRuns.length > 0 ? !summed : !(await context.sums())) return null;
  const sliceOf = (index: number): number | null => (index === cut.slices.length ? null : index);
  const values: RolledValue[] = [];
  for (const [measure, of] of OF_RUNS) {
    if (!summed || !known.includes(measure)) continue;
    const bySlice = slices.map((_, index) => {
      const parts = summed.parts.filter(({ slice }) => sliceOf(index) === null || slice === index);
      return parts.reduce((sum, { row }) => sum + BigInt(readMeasure(of, row[of.name]) ?? 0n), 0n);
    });
    for (const [index, value] of bySlice.entries()) values.push({ measure, slice: sliceOf(index), value });
  }
  if (known.includes(sessions.active_sessions)) {
    const counts = await countSessions(context, slices);
    if (!counts) return null;
    for (const [index, value] of counts.entries()) {
      values.push({ measure: sessions.active_sessions, slice: sliceOf(index), value });
    }
  }
  if (known.some((measure) => OF_MESSAGES.includes(measure))) {
    const lifespans = await findLifespans(context, slices);
    if (!lifespans) return null;
    for (const [index, { ms, sessions: count }] of lifespans.entries()) {
      values.push({ measure: sessions.lifespan_ms, slice: sliceOf(index), value: BigInt(ms) });
      values.push({ measure: sessions.sessions_with_message, slice: sliceOf(index), value: BigInt(count) });
    }
  }
  return { measures: known, values: values.filter(({ measure }) => known.includes(measure)) };
}

/** The sums of the lifespans of sessions in each window; null if too many were written since. */
async function findLifespans(context: QuestionContext, windows: readonly Window[]): Promise<SessionLifespans[] | null> {
  const rows = (await context.ask(sessionLifespansStatement(context.orgId, windows))) as unknown as SessionLifespans[];
  if (areTooMany(Number(rows[0]?.dirty ?? 0), windows)) return null;
  context.noteRolled({ base: 'sessions', kept: 'moments', by: 'messages', slots: windows.length, raw: [] });
  return [...rows].sort((one, other) => one.slice - other.slice);
}

function areTooMany(dirty: number, { length }: readonly Window[]): boolean {
  return dirty > MOST_DIRTY_SESSIONS || dirty * length > MOST_LOOKS;
}

/** How many sessions were active in each window; null if too many were written since. */
export async function countSessions(context: QuestionContext, windows: readonly Window[]): Promise<bigint[] | null> {
  const rows = (await context.ask(sessionCountsStatement(context.orgId, windows))) as unknown as SessionCount[];
  if (areTooMany(Number(rows[0]?.dirty ?? 0), windows)) return null;
  context.noteRolled({ base: 'sessions', kept: 'moments', by: null, slots: windows.length, raw: [] });
  return [...rows].sort((one, other) => one.slice - other.slice).map(({ sessions: count }) => BigInt(count));
}

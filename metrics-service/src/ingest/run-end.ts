import { entities } from '../entities/index.js';
import { intersect } from '../entities/field-sets.js';
import type { EntityRow } from './merge.js';
import type { SessionFacts } from './sessions.js';
import type { Value } from './statements.js';

/** What shows whether a run of telemetry or hooks is still going on; times in ISO 8601. */
export interface RunSigns {
  /** the last of its calls that count and were answered */
  readonly lastCallAt: string | null;
  /** the last of its calls that failed */
  readonly failedCall: { readonly at: string; readonly category: Value; readonly summary: Value } | null;
  readonly toolCalls: number;
  readonly lastToolCallAt: string | null;
  /** whether one has neither ended nor been refused */
  readonly hasOpenToolCall: boolean;
  /** when a person last refused one */
  readonly rejectedAt: string | null;
  /** the agent's last message */
  readonly lastMessageAt: string | null;
  /** whether a later prompt of its session is known */
  readonly isFollowed: boolean;
  /** how long its session must have been silent */
  readonly settleMs: number;
}

/** An open tool call or an unanswered question keeps a run in flight that long. */
const OPEN_TOOL_CALL_MS = 24 * 3_600_000;

/** The columns of a run's outcome that a derived end fills. */
const UNKNOWN_END = {
  status: 'IN_FLIGHT',
  completed_at: null,
  reported_failure_category: null,
  error_summary: null,
} as const;

export type DerivedEnd = Record<keyof typeof UNKNOWN_END, Value>;

/** Whether somebody who knows said how the run ended. */
export function hasStatedEnd({ stamps }: Pick<EntityRow, 'stamps'>): boolean {
  const { outcome } = entities.run.fieldSets;
  return stamps.some(([, , , fields]) => intersect(fields, outcome!));
}

/** The values without a derived end, as the events state them. */
export function withoutDerivedEnd<R extends EntityRow>(row: R): R {
  if (row.values.status === UNKNOWN_END.status || hasStatedEnd(row)) return row;
  return { ...row, values: { ...row.values, ...UNKNOWN_END } };
}

/** Whether the run's end depends on its signs: nobody stated it, and nobody will, or its session says how it ended. */
export function mayEndUnsaid(row: EntityRow, session: SessionFacts | null): boolean {
  return !hasStatedEnd(row) && (row.values.end_is_derived === true || session?.endedStatus != null);
}

/** Whether nothing shows that the agent worked: such a run is none (`/clear`, a prompt that was typed while it worked). */
export function isIdle(row: EntityRow, signs: RunSigns | null): boolean {
  if (row.values.end_is_derived !== true || hasStatedEnd(row)) return false;
  const { stopped_at: stoppedAt, errored_at: erroredAt, progress_usage: usage } = row.values;
  if ([stoppedAt, erroredAt, usage].some((value) => value != null)) return false;
  return signs === null || (signs.lastCallAt === null && signs.failedCall === null && signs.toolCalls === 0);
}

/**
 * How a run ended of which nobody said it (telemetry.md, "How such a run ends"); null: it is in flight, or its end is stated.
 * Its hooks' word goes first; else it ended at its last record, once a later prompt, the session's end or a long silence
 * shows that nothing more comes.
 */
export function derivedEnd(row: EntityRow, signs: RunSigns | null, session: SessionFacts | null): DerivedEnd | null {
  if (signs === null || !mayEndUnsaid(row, session)) return null;
  const { values } = row;
  const text = (column: string): string | null => (values[column] ?? null) as string | null;
  const isOwnWord = values.end_is_derived === true;
  const stoppedAt = isOwnWord ? text('stopped_at') : null;
  const failedAt = signs.failedCall?.at ?? null;
  const known = [text('started_at'), text('errored_at'), text('progressed_at'), signs.lastCallAt];
  const last = latest([...known, failedAt, signs.lastToolCallAt, signs.lastMessageAt]);
  if (stoppedAt !== null) {
    return end(values.stopped_status, latest([last, stoppedAt]), values.stopped_category, values.stopped_summary);
  }
  if (last === null) return null;
  const endedAt = session?.endedAt ?? null;
  const isOver = endedAt !== null && endedAt >= last;
  if (isOver && session!.endedStatus !== null && !signs.isFollowed) {
    return end(session!.endedStatus, endedAt, session!.endedFailureCategory, null);
  }
  if (!isOwnWord || !(signs.isFollowed || isOver || isSettled(last, signs, session))) return null;
  const since = (at: string | null): boolean => at !== null && (signs.lastCallAt === null || at > signs.lastCallAt);
  const erroredAt = text('errored_at');
  if (since(failedAt) && (erroredAt === null || failedAt! > erroredAt)) {
    return end('FAILED', last, signs.failedCall!.category, signs.failedCall!.summary);
  }
  if (since(erroredAt)) return end('FAILED', last, values.errored_category, values.errored_summary);
  return end(since(signs.rejectedAt) ? 'CANCELED' : 'SUCCEEDED', last, null, null);
}

function isSettled(last: string, signs: RunSigns, session: SessionFacts | null): boolean {
  if (session === null || session.settledThrough === null) return false;
  const waitMs = signs.hasOpenToolCall ? Math.max(OPEN_TOOL_CALL_MS, signs.settleMs) : signs.settleMs;
  return Date.parse(session.settledThrough) >= Date.parse(last) + waitMs;
}

function end(
  status: Value | undefined,
  at: Value,
  category: Value | undefined,
  summary: Value | undefined,
): DerivedEnd {
  const reason = { reported_failure_category: category ?? null, error_summary: summary ?? null };
  return { status: status ?? null, completed_at: at, ...reason };
}

/** Texts in the same ISO 8601 form compare like their instants. */
function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
}

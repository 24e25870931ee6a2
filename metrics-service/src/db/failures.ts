import { ApiError } from '../contract/problem.js';

/** SQLSTATEs and Node's socket errors, in words for callers; PostgreSQL's own messages go to the log. */
const REASONS: [code: RegExp, why: string][] = [
  [/^53300$/, 'it has no connection left for this service'],
  [/^53100$/, 'its disk is full'],
  [/^53/, 'it has run out of memory or another resource'],
  [/^25006$/, 'it takes no writes (read-only)'],
  [/^58/, 'it cannot read or write its files'],
  [/^57P03$/, 'it is starting or stopping'],
  [/^57P/, 'it is being stopped'],
  [/^(08|25P0[34])/, 'the connection was lost'],
  [/^28/, 'it refuses the role of DATABASE_URL'],
  [/^3D000$/, 'it is not there any more'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its host is not known'],
  [/^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/, 'it cannot be reached'],
];
const SAID: [message: RegExp, why: string][] = [
  [/read timeout|connection timeout|timeout exceeded|timeout expired/, 'it does not answer in time'],
  [/Connection terminated|not queryable|connection error/, 'the connection was lost'],
];

/** The database works but accepts no writes: disk full, read-only and the like. */
const NO_STORAGE = /^(53|58|25006)/;

/** Why the database cannot be used, if that is what the error means; null if it is about the statement. */
function whyUnavailable(error: unknown): string | null {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const byCode = typeof code === 'string' && REASONS.find(([pattern]) => pattern.test(code));
  const byMessage = SAID.find(([pattern]) => pattern.test(String(message)));
  return (byCode || byMessage || null)?.[1] ?? null;
}

export function isUnavailable(error: unknown): boolean {
  return whyUnavailable(error) !== null;
}

/** Whether the server answers but has no space or permission to do what it was asked. */
export function isOutOfRoom(error: unknown): boolean {
  return NO_STORAGE.test(String((error as { code?: unknown }).code));
}

/** The error for callers when a connection could not be made or was lost. */
export function unavailable(error: unknown): ApiError {
  const why = whyUnavailable(error) ?? 'it does not answer';
  return new ApiError(
    'database_unavailable',
    `the database is not available: ${why}. Try again in a moment`,
    {},
    error,
  );
}

export function isOvertime(error: unknown): boolean {
  return (error as { code?: unknown }).code === '57014';
}

/** `temp_file_limit` exceeded, which PostgreSQL counts among "insufficient resources". */
export function isTooLarge(error: unknown): boolean {
  return (error as { code?: unknown }).code === '53400';
}

/** A wait that took too long is not the caller's fault. */
export function tooBusy(): ApiError {
  return new ApiError('busy', 'the database took too long to answer: try again in a moment');
}

/** Waited too long for a lock, or lost to a deadlock or serialization failure. */
export function busyIfWaiting(error: unknown): unknown {
  const code = String((error as { code?: unknown }).code);
  return ['55P03', '40001', '40P01'].includes(code) ? tooBusy() : error;
}

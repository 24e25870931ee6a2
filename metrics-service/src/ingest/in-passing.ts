import { entities } from '../entities/index.js';
import { intersect } from '../entities/field-sets.js';
import type { EntityRow } from './merge.js';

const TRACE = 'trace:';

/** What counts where nobody states it, from what records tell of a run in passing (`run.seen`). */
const PASSING = ['started_at', 'session_id'] as const;

/** The run with its start and its session, which is the trace's if no record names one. */
export function inPassing<R extends EntityRow>(row: R): R {
  const { begun_at: begunAt, seen_session_id: seenSession, key } = row.values;
  if (begunAt == null) return row;
  const ofTrace = typeof key === 'string' && key.startsWith(TRACE) ? key.slice(TRACE.length) : null;
  const passing = { started_at: begunAt, session_id: seenSession ?? ofTrace };
  const values = { ...row.values };
  for (const column of PASSING) if (!isStated(row, column)) values[column] = passing[column];
  return { ...row, values };
}

/** The run as its events state it. */
export function withoutPassing<R extends EntityRow>(row: R): R {
  if (row.values.begun_at == null) return row;
  const values = { ...row.values };
  for (const column of PASSING) if (!isStated(row, column)) values[column] = null;
  return { ...row, values };
}

function isStated({ stamps }: EntityRow, column: string): boolean {
  const { fieldSets } = entities.run;
  return stamps.some(([, , , fields]) => intersect(fields, fieldSets[column]!));
}

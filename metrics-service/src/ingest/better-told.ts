import type { Transaction } from '../db/database.js';
import type { Change } from './change.js';
import type { EntityRow } from './merge.js';
import { keyId } from './statements.js';
import type { RunRow } from './told-twice.js';

/**
 * Codex's telemetry and its rollouts tell of the same turns, and say nothing that ties the two together. So in a session of
 * Codex with a run that has an id of its own, those known by a key alone are kept, but hidden with all that is theirs.
 */
const RUNTIME = 'codex';

/** The id of a run that is known by its key alone begins so. */
const MADE = keyId('');

/** What Codex's telemetry says has such a key, and belongs by time to such runs alone; what others say to others alone. */
const TELEMETRY_KEY = 'codex:';
export const TELEMETRY_RUN = keyId(TELEMETRY_KEY);

export function isOfCodexTelemetry(key: string | null): boolean {
  return key?.startsWith(TELEMETRY_KEY) ?? false;
}

function isMade({ id }: EntityRow): boolean {
  return id.startsWith(MADE);
}

/** Whether something else may tell better of the run. */
export function mayBeBetterTold(row: RunRow, session: { runtime: string | null } | null): boolean {
  return row.oneWith === null && isMade(row) && session?.runtime === RUNTIME;
}

/** Those of the sessions with a run that has an id of its own. `batch` are the runs as changed, not stored yet. */
export async function sessionsWithOwnRuns(
  tx: Transaction,
  sessionIds: readonly string[],
  batch: readonly Change<RunRow>[],
): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set();
  const { rows } = await tx.query<{ session_id: string }>(
    `
    select session_id
    from unnest($2::text[]) as wanted (session_id)
    where exists (
      select
      from runs
      where org_id = $1
        and session_id = wanted.session_id
        and one_with is null
        and not starts_with(run_id, '${MADE}')
        and run_id <> all($3::text[])
    )`,
    [tx.orgId, [...new Set(sessionIds)], batch.map(({ after }) => after.id)],
  );
  const found = new Set(rows.map(({ session_id }) => session_id));
  for (const { after } of batch) {
    const { session_id: sessionId } = after.values;
    if (after.oneWith === null && !isMade(after) && typeof sessionId === 'string') found.add(sessionId);
  }
  return found;
}

/**
 * Stored runs, not of the batch, that may be told better or no longer: of sessions in which a run with an id of its own came
 * or went, and of those that became sessions of Codex or no longer are.
 */
export async function runsToldOtherwise(
  tx: Transaction,
  batch: readonly Change<RunRow>[],
  sessions: readonly Change[],
): Promise<string[]> {
  const ofRuns = batch
    .filter(({ before, after }) => {
      const isSame =
        before?.values.session_id === after.values.session_id && before?.derived.one_with === after.oneWith;
      return !isMade(after) && !isSame;
    })
    .flatMap(({ before, after }) => [before?.values.session_id, after.values.session_id])
    .filter((id) => typeof id === 'string');
  const turned = sessions
    .filter(({ before, after }) => (before?.values.runtime === RUNTIME) !== (after.values.runtime === RUNTIME))
    .map(({ after }) => after.id);
  if (ofRuns.length + turned.length === 0) return [];
  const { rows } = await tx.query<{ run_id: string }>(
    `
    select found.run_id
    from (
      select session_id
      from unnest($2::text[]) as of_runs (session_id)
      join sessions using (session_id)
      where org_id = $1
        and runtime = '${RUNTIME}'
      union
      select session_id
      from unnest($3::text[]) as turned (session_id)
    ) concerned
    cross join lateral (
      select run_id
      from runs
      where org_id = $1
        and session_id = concerned.session_id
        and one_with is null
        and starts_with(run_id, '${MADE}')
        and run_id <> all($4::text[])
      offset 0
    ) found`,
    [tx.orgId, [...new Set(ofRuns)], turned, batch.map(({ after }) => after.id)],
  );
  return rows.map(({ run_id }) => run_id);
}

import { entities, type EntityName } from '../entities/index.js';
import type { Transaction } from '../db/database.js';
import type { Change } from './change.js';
import type { EntityRow } from './merge.js';
import { keysIn, runsByKey, type RunRow } from './told-twice.js';

/** A row assigned to a session by its run's key; the session that its own events state, if another, is kept with it. */
export interface Placed extends EntityRow {
  readonly reportedSessionId?: string | null;
}

/** The row, assigned to that session. */
export function inSession(row: EntityRow, { sessionId }: { readonly sessionId: string | null }): Placed {
  const said = row.values.session_id as string | null;
  if (sessionId === said) return row;
  return {
    ...row,
    values: { ...row.values, session_id: sessionId },
    reportedSessionId: said,
  };
}

/**
 * Assigns messages with a key to the session of the run with that key. Stored ones whose run changed are moved, too. Returns
 * also the runs that the messages are of, by their keys before and after.
 */
export async function placeMessages(
  tx: Transaction,
  messages: readonly Change[],
  runs: readonly Change<RunRow>[],
): Promise<{ placed: Change<Placed>[]; touchedRuns: string[] }> {
  const ofBatch = messages.flatMap(({ before, after }) =>
    [before?.values.key, after.values.key].filter((key) => typeof key === 'string'),
  );
  const changed = keysIn(runs);
  const byKey = await runsByKey(tx, [...new Set([...ofBatch, ...changed])], runs);
  const exceptIds = messages.map(({ after }) => after.id);
  if (changed.length > 0) moveMessages(tx, changed, byKey, exceptIds);
  const placed = messages.map(({ before, after }) => {
    const said = after.values.session_id as string | null;
    const sessionId = byKey.get(after.values.key as string)?.sessionId ?? said;
    return { before, after: inSession(after, { sessionId }) };
  });
  return { placed, touchedRuns: ofBatch.flatMap((key) => byKey.get(key)?.runId ?? []) };
}

/** SQL: whether the row's own events state a session, like `asStated`; `row` is the alias of a stored row. */
export function statesSession(kind: EntityName, row: string): string {
  const field = entities[kind].fieldSets.session_id!;
  return `exists (select from jsonb_array_elements(${row}.stamps) stamp where (stamp -> 3)::bigint & ${field} <> 0)`;
}

/** Updates the session of stored messages with these keys, and whether it hides them. */
function moveMessages(
  tx: Transaction,
  keys: readonly string[],
  byKey: ReadonlyMap<string, { sessionId: string | null }>,
  exceptIds: readonly string[],
): void {
  const sessions = keys.map((key) => byKey.get(key)?.sessionId ?? null);
  tx.write(
    `
    update messages m
    set
      session_id = coalesce(run.session_id, said.session_id),
      reported_session_id = case
        when coalesce(run.session_id, said.session_id) is distinct from said.session_id then said.session_id
      end,
      hidden = m.superseded or coalesce(
        (select s.hidden from sessions s where s.org_id = $1 and s.session_id = coalesce(run.session_id, said.session_id)),
        false
      )
    from unnest($2::text[], $3::text[]) as run (key, session_id)
    join messages stored
      on stored.org_id = $1
      and stored.key = run.key
    cross join lateral (
      select case
        when ${statesSession('message', 'stored')} then coalesce(stored.reported_session_id, stored.session_id)
      end as session_id
    ) said
    where m.org_id = $1
      and m.message_id = stored.message_id
      and m.message_id <> all($4::text[])`,
    [tx.orgId, keys, sessions, exceptIds],
  );
}

import type { Transaction } from '../db/database.js';
import { ENTITIES } from '../entities/index.js';
import type { Change } from './change.js';
import { isDeleted } from './merge.js';

/** What of its session counts for a row; times in ISO 8601. */
export interface SessionFacts {
  hidden: boolean;
  createdByUserId: string | null;
  runtime: string | null;
  endedAt: string | null;
  /** how its open run ended */
  endedStatus: string | null;
  endedFailureCategory: string | null;
  settledThrough: string | null;
}

interface SessionFactsRow extends Record<string, unknown> {
  session_id: string;
  hidden: boolean;
  created_by_user_id: string | null;
  runtime: string | null;
  ended_at: Date | null;
  ended_status: string | null;
  ended_failure_category: string | null;
  settled_through: Date | null;
}

/** What rows inherit from their session, for the sessions that the changed rows name. */
export async function sessionFacts(tx: Transaction, changes: Change[]): Promise<Map<string, SessionFacts>> {
  const ids = new Set(changes.map(({ after }) => after.values.session_id).filter((id) => typeof id === 'string'));
  if (ids.size === 0) return new Map();
  const { rows } = await tx.query<SessionFactsRow>(
    `
    select found.*
    from unnest($2::text[]) as wanted (session_id)
    cross join lateral (
      select
        session_id, hidden, created_by_user_id, runtime, ended_at, ended_status, ended_failure_category, settled_through
      from sessions
      where org_id = $1
        and session_id = wanted.session_id
      offset 0
    ) found`,
    [tx.orgId, [...ids]],
  );
  return new Map(
    rows.map((row) => [
      row.session_id,
      {
        hidden: row.hidden,
        createdByUserId: row.created_by_user_id,
        runtime: row.runtime,
        endedAt: row.ended_at?.toISOString() ?? null,
        endedStatus: row.ended_status,
        endedFailureCategory: row.ended_failure_category,
        settledThrough: row.settled_through?.toISOString() ?? null,
      },
    ]),
  );
}

interface Taker {
  table: string;
  idColumn: string;
  taken: Record<string, string>;
}

/** The columns that rows `t` of an entity inherit from their session `s`. */
const TAKERS = ENTITIES.filter((one) => one.belongsTo.includes('session') && 'hidden' in one.derived).map(
  ({ name, table, idColumn }): Taker => ({
    table,
    idColumn,
    taken:
      name === 'run'
        ? {
            user_id: 'coalesce(t.reported_user_id, s.created_by_user_id)',
            hidden: 't.deleted or s.hidden or t.one_with is not null or t.idle or t.superseded',
          }
        : { hidden: name === 'message' ? 's.hidden or t.superseded' : 's.hidden' },
  }),
);

/** Copies a session's new creator or visibility to its rows. */
export async function spreadSessionChanges(tx: Transaction, changes: Change[]): Promise<void> {
  const changed = changes
    .filter(({ before, after }) => {
      const hiddenBefore = before !== null && isDeleted('session', before.stamps);
      return (
        (before?.values.created_by_user_id ?? null) !== after.values.created_by_user_id ||
        hiddenBefore !== isDeleted('session', after.stamps)
      );
    })
    .map(({ after }) => after.id);
  if (changed.length === 0) return;
  const stale = await Promise.all(TAKERS.map((taker) => staleRows(tx, taker, changed)));
  for (const [index, { table, idColumn, taken }] of TAKERS.entries()) {
    if (stale[index]!.length === 0) continue;
    const assignments = Object.entries(taken).map(([column, value]) => `${column} = ${value}`);
    tx.write(
      `
      update ${table} t
      set ${assignments.join(',\n        ')}
      from sessions s
      where t.org_id = $1
        and t.${idColumn} = any($2::text[])
        and s.org_id = $1
        and s.session_id = t.session_id`,
      [tx.orgId, stale[index]],
    );
  }
}

/** The rows of the sessions whose inherited columns are out of date. */
async function staleRows(tx: Transaction, { table, idColumn, taken }: Taker, sessionIds: string[]): Promise<string[]> {
  const present = Object.keys(taken).map((column) => `t.${column}`);
  const { rows } = await tx.query<{ id: string }>(
    `
    select stale.id
    from unnest($2::text[]) as changed (session_id)
    cross join lateral (
      select t.${idColumn} as id
      from sessions s
      join ${table} t
        on t.org_id = $1
        and t.session_id = changed.session_id
      where s.org_id = $1
        and s.session_id = changed.session_id
        and row(${present.join(', ')}) is distinct from row(${Object.values(taken).join(', ')})
      offset 0
    ) stale`,
    [tx.orgId, sessionIds],
  );
  return rows.map((row) => row.id);
}

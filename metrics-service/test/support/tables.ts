import type { Database } from '../../src/db/database.js';
import { ENTITIES } from '../../src/entities/index.js';

const TABLES = [
  'events',
  'persons',
  'sources',
  ...ENTITIES.flatMap(({ table, parts }) => [table, ...Object.keys(parts ?? {})]),
];

/** All that an organization's tables hold, in a comparable form (what only says when it arrived left out). */
export async function tablesOf(database: Database, orgId: string): Promise<Record<string, string[]>> {
  return database.inOrganization(orgId, async (tx) => {
    const tables: Record<string, string[]> = {};
    for (const table of TABLES) {
      const { rows } = await tx.query<{ row: string }>(
        `
        select (to_jsonb(t) - 'org_id' - 'received_at')::text as row
        from ${table} t
        where org_id = $1
        order by 1`,
        [orgId],
      );
      tables[table] = rows.map(({ row }) => row);
    }
    const { rows } = await tx.query<{ newest: string }>(
      `select newest_event_at::text as newest from ingest_state where org_id = $1`,
      [orgId],
    );
    tables.newest = rows.map(({ newest }) => newest);
    return tables;
  });
}

const KNOWN_SINCE = ['told_at', 'heard_at', 'spent_at', 'usage_told', 'spent_times', 'spent_nanos'];

/**
 * The same without what tells when something was heard of: it is known since a later version, for what came before it (in
 * full after a rebuild) only as far as a run in flight needs it.
 */
export function withoutHeardOf(tables: Record<string, string[]>): Record<string, string[]> {
  const without = (text: string): string => {
    const row = Object.entries(JSON.parse(text) as object);
    return JSON.stringify(Object.fromEntries(row.filter(([column]) => !KNOWN_SINCE.includes(column))));
  };
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [table, table === 'newest' ? rows : rows.map(without).sort()]),
  );
}

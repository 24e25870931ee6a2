import type { Transaction } from './database.js';

/**
 * The tables that hold rows of organizations, quoted for SQL; read from PostgreSQL's catalog, so that a new one cannot
 * be forgotten. Those of rollups come last: what is deleted from others writes to them.
 */
export async function tenantTables(tx: Pick<Transaction, 'query'>): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(`
    select quote_ident(relname) as name
    from pg_class
    join pg_attribute
      on attrelid = pg_class.oid
      and attname = 'org_id'
      and not attisdropped
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p')
      and not relispartition
    order by relname ~ '^rollup_', relname`);
  return rows.map(({ name }) => name);
}

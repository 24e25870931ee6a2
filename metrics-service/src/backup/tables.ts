import type pg from 'pg';

export interface BackedUpTable {
  /** quoted for SQL */
  name: string;
  columns: string[];
}

/**
 * All tables of the service with their stored (not generated) columns, from PostgreSQL's catalog; without the sums of
 * rollups, which are made anew.
 */
export async function readTables(owner: pg.Client): Promise<BackedUpTable[]> {
  const { rows } = await owner.query<BackedUpTable>(`
    select quote_ident(relname) as name, array_agg(quote_ident(attname) order by attnum) as columns
    from pg_class
    join pg_attribute
      on attrelid = pg_class.oid
      and attnum > 0
      and not attisdropped
      and attgenerated = ''
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p')
      and not relispartition
      and relname <> 'pgmigrations'
      and relname !~ '^rollup_'
    group by relname
    order by relname`);
  return rows;
}

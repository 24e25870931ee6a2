import type pg from 'pg';
import type { Database } from '../db/database.js';
import { claim } from '../rollups/claim.js';
import { refresh } from '../rollups/refresh.js';

/** Makes all sums of an organization. */
export async function makeSums(database: Database, orgId: string): Promise<void> {
  await claim(database, orgId);
  await refresh(database, orgId);
}

/** Leaves the tables of sums as they are after a while; returns their names. */
export async function vacuumSums(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relname ~ '^rollup_' and relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const tables = rows.map(({ name }) => name);
  await owner.query(`vacuum analyze ${tables.join(', ')}`);
  return tables;
}

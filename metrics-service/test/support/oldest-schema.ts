import pg from 'pg';
import { migrate } from '../../src/db/migrate.js';

export const OLDEST = '0001_initial';
/** What an event could be about then. */
export const OLDEST_ENTITIES = ['user', 'session', 'message', 'handoff', 'run', 'llm_call'];
/** Tables of data in the oldest schema: who adds one to a published migration is told. */
const OLDEST_TABLES = 12;

/** Runs `work` as the owner of a database. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // it may be killed under it
  client.on('error', () => {});
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Makes an empty database one of the oldest schema, with the rows of today's as far as it has columns for them. */
export async function makeOldest(url: string, today: string): Promise<void> {
  await migrate(url, { upTo: OLDEST });
  await asOwner(url, async (to) => {
    await to.query('grant select on pgmigrations to runboard_service');
    await asOwner(today, async (from) => {
      const { rows: tables } = await to.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations'`,
      );
      if (tables.length !== OLDEST_TABLES) throw new Error(`${tables.length} tables in the oldest schema`);
      for (const { name } of tables) {
        const { rows } = await from.query<{ all: string }>(`select json_agg(t)::text as all from ${name} t`);
        await to.query(
          `insert into ${name} overriding system value select * from json_populate_recordset(null::${name}, $1)`,
          [rows[0]!.all ?? '[]'],
        );
      }
    });
  });
}

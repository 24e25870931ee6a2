import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, migrationNames, NewerDatabase } from '../../src/db/migrate.js';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

let opened: TestDatabase;
afterEach(() => opened.drop());

async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: opened.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('run once: the second time there is nothing to do', async () => {
    opened = await testDatabase({ empty: true });
    expect(await migrate(opened.url)).toEqual(await migrationNames());
    const schema = await asOwner(dumpSchema);
    expect(await migrate(opened.url)).toEqual([]);
    expect(await asOwner(dumpSchema)).toBe(schema);
  });

  it('may be run by 20 processes at once on an empty database', async () => {
    opened = await testDatabase({ empty: true });
    const runs = await Promise.all(Array.from({ length: 20 }, () => migrate(opened.url)));
    const names = await migrationNames();
    // each by exactly one of them
    expect(runs.flat().sort()).toEqual(names);
    const { rows } = await opened.database.query('select name from pgmigrations order by id');
    expect(rows).toEqual(names.map((name) => ({ name })));
  });

  it('leave a database of a newer version alone, and say so in one line', async () => {
    opened = await testDatabase();
    await asOwner((client) =>
      client.query(`insert into pgmigrations (name, run_on) values ('9999_from_the_future', now())`),
    );
    const failure: unknown = await migrate(opened.url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NewerDatabase);
    expect((failure as Error).message).toMatch(/^.*newer version of Runboard.*9999_from_the_future.*$/);
  });

  it('leave nothing half done: what fails in the middle is not there', async () => {
    opened = await testDatabase({ empty: true });
    // the last table of the first migration exists already
    await asOwner((client) => client.query('create table run_models (in_the_way int)'));
    await expect(migrate(opened.url)).rejects.toThrow(/run_models/);
    const tables = await asOwner((client) =>
      client.query(`select tablename from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations'`),
    );
    expect(tables.rows).toEqual([{ tablename: 'run_models' }]);
    await asOwner((client) => client.query('drop table run_models'));
    expect(await migrate(opened.url)).toEqual(await migrationNames());
  });

  it('make a service role that is bound by row-level security', async () => {
    opened = await testDatabase();
    const { rows } = await opened.database.query(`
      select current_user as name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb
      from pg_roles
      where rolname = current_user`);
    const role = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(rows).toEqual([{ name: 'runboard_service', ...role }]);
    const owned = await opened.database.query(`
      select relname
      from pg_class
      where relnamespace = 'public'::regnamespace
        and pg_has_role('runboard_service', relowner, 'member')`);
    expect(owned.rows).toEqual([]);
    await expect(opened.database.query('create table mine (x int)')).rejects.toThrow(/permission denied/);
    await expect(opened.database.query('truncate runs')).rejects.toThrow(/permission denied/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../support/database.js';

/** Tables that hold nothing of an organization. */
const SHARED_TABLES = ['pgmigrations'];
/** Tables that the service adds to and reads. */
const APPEND_ONLY = ['audit_log'];
const ROLLBACK = new Error('rolled back');

let opened: TestDatabase;
let owner: pg.Client;
let tables: string[] = [];

/** A value of every type, for rows in tables that this test knows nothing about. */
const VALUES: Record<string, (n: number) => string> = {
  text: (n) => `'x${n}'`,
  bytea: (n) => `'\\x0${n}'`,
  bigint: (n) => `${n}`,
  integer: (n) => `${n}`,
  smallint: (n) => `${n}`,
  numeric: (n) => `${n}`,
  boolean: () => 'false',
  jsonb: () => `'{}'`,
  ARRAY: () => `'{}'`,
  'timestamp with time zone': () => 'now()',
};

/** `insert` of one row of that organization: every column that must have a value gets one. */
async function insertStatement(table: string, orgId: string, n: number): Promise<string> {
  const { rows } = await owner.query<{ name: string; type: string }>(
    `
    select quote_ident(column_name) as name, data_type as type
    from information_schema.columns
    where table_schema = 'public'
      and table_name = $1
      and is_nullable = 'NO'
      and column_default is null
      and is_identity = 'NO'`,
    [table],
  );
  const values = rows.map(({ name, type }) => (name === 'org_id' ? `'${orgId}'` : VALUES[type]!(n)));
  return `insert into ${table} (${rows.map((row) => row.name).join(', ')}) values (${values.join(', ')})`;
}

/** Runs a statement as the service in organization `ours`, and undoes it; answers how many rows it touched. */
async function touched(sql: string): Promise<number> {
  let rowCount = -1;
  const work = opened.database.inOrganization('ours', async (tx) => {
    ({ rowCount } = await tx.query(sql));
    throw ROLLBACK;
  });
  await expect(work).rejects.toBe(ROLLBACK);
  return rowCount;
}

beforeAll(async () => {
  opened = await testDatabase();
  owner = new pg.Client({ connectionString: opened.url });
  await owner.connect();
  const { rows } = await owner.query<{ name: string }>(`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p', 'm', 'f')
    order by relname`);
  tables = rows.map((row) => row.name).filter((name) => !SHARED_TABLES.includes(name));
  for (const table of tables) {
    // what triggers would add elsewhere is not one of these rows
    await owner.query(`alter table ${table} disable trigger user`);
    await owner.query(await insertStatement(table, 'ours', 1));
    await owner.query(await insertStatement(table, 'theirs', 2));
    await owner.query(`alter table ${table} enable trigger user`);
  }
});
afterAll(async () => {
  await owner.end();
  await opened.drop();
});

const ofEachTable = async (
  check: (table: string) => Promise<unknown>,
  of = tables,
): Promise<Record<string, unknown>> => {
  const results: Record<string, unknown> = {};
  for (const table of of) results[table] = await check(table);
  return results;
};
/** what each table must answer */
const all = (value: unknown, of = tables): Record<string, unknown> =>
  Object.fromEntries(of.map((table) => [table, value]));
const changeable = (): string[] => tables.filter((table) => !APPEND_ONLY.includes(table));

const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

describe('statements that forget their where', () => {
  it('read their own organization only', async () => {
    const seen = await ofEachTable((table) =>
      opened.database.inOrganization('ours', async (tx) => (await tx.query(`select org_id from ${table}`)).rows),
    );
    expect(tables).toContain('runs');
    expect(seen).toEqual(all([{ org_id: 'ours' }]));
  });

  it('read nothing of another even when they ask for it', async () => {
    const seen = await ofEachTable((table) => touched(`select from ${table} where org_id = 'theirs'`));
    expect(seen).toEqual(all(0));
  });

  it('update their own organization only', async () => {
    const update = (table: string) => touched(`update ${table} set org_id = org_id`);
    expect(await ofEachTable(update, changeable())).toEqual(all(1, changeable()));
  });

  it('delete their own organization only', async () => {
    const remove = (table: string) => touched(`delete from ${table}`);
    expect(await ofEachTable(remove, changeable())).toEqual(all(1, changeable()));
  });

  it('neither change nor delete what is only added to', async () => {
    for (const statement of ['update audit_log set actor = actor', 'delete from audit_log', 'truncate audit_log']) {
      expect(await code(opened.database.inOrganization('ours', (tx) => tx.query(statement)))).toBe('42501');
    }
    expect(tables).toEqual(expect.arrayContaining(APPEND_ONLY));
  });

  it('cannot insert for another, nor move a row to another', async () => {
    const insert = async (table: string): Promise<unknown> => {
      const sql = await insertStatement(table, 'strangers', 3);
      return code(opened.database.inOrganization('ours', (tx) => tx.query(sql)));
    };
    const move = (table: string): Promise<unknown> =>
      code(opened.database.inOrganization('ours', (tx) => tx.query(`update ${table} set org_id = 'strangers'`)));
    expect(await ofEachTable(insert)).toEqual(all('42501'));
    expect(await ofEachTable(move)).toEqual(all('42501'));
  });
});

describe('without an organization', () => {
  it('nothing is seen, changed or deleted', async () => {
    const run = (sql: string) => async () => (await opened.database.query(sql)).rowCount;
    expect(await ofEachTable((table) => run(`select from ${table}`)())).toEqual(all(0));
    const of = changeable();
    expect(await ofEachTable((table) => run(`update ${table} set org_id = org_id`)(), of)).toEqual(all(0, of));
    expect(await ofEachTable((table) => run(`delete from ${table}`)(), of)).toEqual(all(0, of));
  });

  it('nothing is inserted', async () => {
    const insert = async (table: string): Promise<unknown> =>
      code(opened.database.query(await insertStatement(table, 'ours', 4)));
    expect(await ofEachTable(insert)).toEqual(all('42501'));
  });

  it('a transaction leaves none behind for the next one on its connection', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        opened.database.inOrganization('ours', (tx) => tx.query('select pg_sleep(0.01)')),
      ),
    );
    const { rows } = await opened.database.query('select count(*)::int as seen from runs');
    expect(rows).toEqual([{ seen: 0 }]);
  });
});

describe('every tenant table', () => {
  it('leads its primary key with org_id', async () => {
    const { rows } = await owner.query<{ name: string; first: string }>(`
      select table_.relname as name, attribute.attname as first
      from pg_class as table_
      join pg_index as key on key.indrelid = table_.oid and key.indisprimary
      join pg_attribute as attribute on attribute.attrelid = table_.oid and attribute.attnum = key.indkey[0]
      where table_.relnamespace = 'public'::regnamespace`);
    const first = Object.fromEntries(rows.map((row) => [row.name, row.first]));
    expect(first).toMatchObject(all('org_id'));
  });

  it('has row-level security on', async () => {
    const { rows } = await owner.query<{ name: string; secured: boolean }>(`
      select relname as name, relrowsecurity as secured
      from pg_class
      where relnamespace = 'public'::regnamespace`);
    expect(Object.fromEntries(rows.map((row) => [row.name, row.secured]))).toMatchObject(all(true));
  });

  it('has no index over an expression: row-level security keeps functions that might leak out of it', async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select indexrelid::regclass::text as name
      from pg_index
      join pg_class on pg_class.oid = indrelid
      where relnamespace = 'public'::regnamespace
        and relrowsecurity
        and indexprs is not null`);
    expect(rows).toEqual([]);
  });

  it('is reached by no view or function of the owner but those that find organizations, and one that reads nothing out', async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select oid::regprocedure::text as name
      from pg_proc
      where pronamespace = 'public'::regnamespace
        and prosecdef
      union all
      select oid::regclass::text
      from pg_class
      where relnamespace = 'public'::regnamespace
        and relkind in ('v', 'm')
      order by name`);
    expect(rows.map((row) => row.name)).toEqual([
      'analyze_tables()',
      'find_badge(bytea)',
      'find_token(bytea)',
      'list_organizations()',
      'list_organizations_to_link()',
      'list_organizations_to_refresh(text)',
      'list_organizations_to_reprice(text)',
      'list_organizations_to_settle(bigint)',
    ]);
  });
});

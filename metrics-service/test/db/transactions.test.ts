import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization } from '../../src/access/organizations.js';
import type { Database, Transaction } from '../../src/db/database.js';
import { openDatabase } from '../../src/db/pool.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const INSERT = `insert into users (org_id, user_id, stamps) values ('acme', $1, '{}')`;
const NAMES = `select user_id as id from users where org_id = 'acme' order by user_id`;

let test: TestDatabase;
/** with one connection, so that each transaction gets the one that the others left */
let database: Database;

beforeAll(async () => {
  test = await testDatabase();
  database = openDatabase({ connectionString: test.url, size: 1, statementTimeoutMs: 60_000 });
  await createOrganization(database, 'acme');
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

async function stored(): Promise<string[]> {
  const { rows } = await database.inOrganization('acme', (tx) => tx.query<{ id: string }>(NAMES));
  return rows.map(({ id }) => id);
}

const insert =
  (...ids: string[]) =>
  (tx: Transaction): Promise<void> => {
    for (const id of ids) tx.write(INSERT, [id]);
    return Promise.resolve();
  };

describe.each([{ prepared: false }, { prepared: true }])('a transaction, with %p', (options) => {
  const name = (id: string): string => `${options.prepared ? 'p' : 'q'}${id}`;
  const own = async (): Promise<string[]> => (await stored()).filter((id) => id.startsWith(name('')));

  it('holds what was asked for without waiting', async () => {
    await database.inOrganization('acme', insert(name('1'), name('2')), options);
    expect(await own()).toEqual([name('1'), name('2')]);
  });

  it('fails as a whole where its last write fails, although its commit is on the way already', async () => {
    const failing = database.inOrganization('acme', insert(name('3'), name('1')), options);
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await own()).toEqual([name('1'), name('2')]);
  });

  it('tells the first failure, and leaves a connection that works', async () => {
    const failing = database.inOrganization(
      'acme',
      (tx) => {
        tx.write('select 1 / $1::int as one', [0]);
        return tx.query('select $1::text as other', ['x']);
      },
      options,
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    const again = (tx: Transaction) => tx.query('select $1::text as other', ['x']);
    expect((await database.inOrganization('acme', again, options)).rows).toEqual([{ other: 'x' }]);
    expect((await database.inOrganization('acme', again, options)).rows).toEqual([{ other: 'x' }]);
  });

  it('is undone where its work fails by itself', async () => {
    const failing = database.inOrganization(
      'acme',
      async (tx) => {
        await insert(name('4'))(tx);
        throw new Error('no');
      },
      options,
    );
    await expect(failing).rejects.toThrow('no');
    expect(await own()).toEqual([name('1'), name('2')]);
  });

  it('sees and writes no other organization', async () => {
    const other = database.inOrganization('other', insert(name('5')), options);
    await expect(other).rejects.toMatchObject({ code: '42501' });
    expect((await database.inOrganization('other', (tx) => tx.query(NAMES), options)).rows).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization } from '../../src/access/organizations.js';
import type { Database } from '../../src/db/database.js';
import { openDatabase } from '../../src/db/pool.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
/** with one connection, which each transaction gets */
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

const ask = (sql: string, { isLarge = false } = {}): Promise<unknown> =>
  database.inOrganization(
    'acme',
    async (tx) => {
      if (isLarge) tx.planAnew();
      return (await tx.query(sql, ['x'])).rows[0];
    },
    { prepared: true },
  );

/** The statements that the connection keeps under a name, of those that begin so. */
async function kept(beginning: string): Promise<string[]> {
  const { rows } = await database.query<{ statement: string }>('select statement from pg_prepared_statements');
  return rows.map(({ statement }) => statement).filter((statement) => statement.startsWith(beginning));
}

describe('a statement of a transaction whose statements are prepared', () => {
  it('is kept by the connection when it comes the second time', async () => {
    const sql = `select $1::text as twice`;
    expect(await ask(sql)).toEqual({ twice: 'x' });
    expect(await kept(sql)).toEqual([]);
    expect(await ask(sql)).toEqual({ twice: 'x' });
    expect(await kept(sql)).toEqual([sql]);
    expect(await ask(sql)).toEqual({ twice: 'x' });
  });

  it('is not kept where each is planned for its values', async () => {
    const sql = `select $1::text as anew`;
    for (let time = 0; time < 3; time++) expect(await ask(sql, { isLarge: true })).toEqual({ anew: 'x' });
    expect(await kept(sql)).toEqual([]);
  });

  it('is kept even then if it says that one plan is right for all values, and no other is planned so', async () => {
    const sql = `select $1::text as once, current_setting('plan_cache_mode') as plans`;
    const other = `select $1::text as other, current_setting('plan_cache_mode') as plans`;
    const asked = await database.inOrganization(
      'acme',
      async (tx) => {
        tx.planAnew();
        const once = async () => (await tx.query(sql, ['x'], { plannedOnce: true })).rows[0];
        const failed = tx.attempt(async () => {
          await once();
          await tx.query('select 1 / $1::int', [0]);
        });
        await expect(failed).rejects.toThrow('division by zero');
        return [await once(), (await tx.query(other, ['x'])).rows[0], await once()];
      },
      { prepared: true },
    );
    const planned = { once: 'x', plans: 'force_generic_plan' };
    expect(asked).toEqual([planned, { other: 'x', plans: 'auto' }, planned]);
    expect(await kept(sql)).toEqual([sql]);
    expect(await kept(other)).toEqual([]);
  });

  it('is forgotten when there are too many: then the connection is closed', async () => {
    const count = 950;
    for (let number = 0; number < count; number++) {
      const sql = `select $1::text as of_many, ${number} as number`;
      for (let time = 0; time < 2; time++) expect(await ask(sql)).toEqual({ of_many: 'x', number });
    }
    const left = await kept('select $1::text as of_many');
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThanOrEqual(300);
    // and still works, with those of before, too
    expect(await ask('select $1::text as twice')).toEqual({ twice: 'x' });
  });
});

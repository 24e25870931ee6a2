import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testService, type TestService } from '../support/service.js';

/** Some 100 MB to sort, of which 32 fit into memory. */
const SORT = `
  select count(*)
  from (
    select repeat(i::text, 10) as long
    from generate_series(1, 1000000) as i
    order by 1
  ) as sorted`;

let service: TestService;

beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

async function limitOf(pool: 'questions' | 'exports' | 'ingest'): Promise<string> {
  const { rows } = await service.pools[pool].query<{ temp_file_limit: string }>('show temp_file_limit');
  return rows[0]!.temp_file_limit;
}

describe('what is sorted on the disk of the database', () => {
  it('is limited for questions and exports', async () => {
    expect([await limitOf('questions'), await limitOf('exports'), await limitOf('ingest')]).toEqual([
      '4GB',
      '4GB',
      '-1',
    ]);
  });

  it('ends the question that exceeds it, by name; the next one of its request is answered', async () => {
    const own = await testService({ config: { queryTimeoutMs: 60_000 } });
    const owner = new pg.Client({ connectionString: own.url });
    await owner.connect();
    const { rows } = await owner.query<{ name: string }>('select current_database() as name');
    // what somebody has set for the service is left as it is
    await owner.query(`alter role current_user in database ${rows[0]!.name} set temp_file_limit = '1MB'`);
    await owner.end();
    await own.pools.questions.inOrganization(
      'acme',
      async (tx) => {
        const failing = tx.attempt(() => tx.query(SORT));
        await expect(failing).rejects.toMatchObject({ code: 'query_too_large', status: 422 });
        expect((await tx.attempt(() => tx.query('select 1 as one'))).rows).toEqual([{ one: 1 }]);
      },
      { readOnly: true },
    );
    await own.stop();
  });
});

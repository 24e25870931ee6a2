import { expect, it } from '@jest/globals';
import pg from 'pg';
import { testService } from '../support/service.js';

it('an export is refused while it cannot be written into the audit log; questions are answered', async () => {
  const service = await testService();
  const owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  const name = new URL(service.url).pathname.slice(1);
  await owner.query(`alter database ${name} set default_transaction_read_only = on`);
  await owner.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [name],
  );
  await owner.end();
  // a connection that was closed is found out by the first request that gets it
  const steady = async (path: string) => {
    const answers = [await service.request(path), await service.request(path)];
    return answers.at(-1)!;
  };
  const { status, body } = await steady('/v1/export/runs.csv?from=0&to=1000');
  expect([status, body.code, body.detail]).toEqual([503, 'database_unavailable', expect.stringContaining('audit log')]);
  expect((await steady('/v1/dimensions/user/values')).status).toBe(200);
  await service.stop();
});

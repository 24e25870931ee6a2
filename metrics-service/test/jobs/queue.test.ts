import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { forgetJobs, requestJob } from '../../src/db/job-queue.js';
import { jobsPool } from '../../src/db/jobs-schema.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

let opened: TestDatabase;
let jobs: pg.Pool;
beforeAll(async () => {
  opened = await testDatabase();
  jobs = jobsPool(opened.url, { max: 1 });
});
beforeEach(() => jobs.query('delete from graphile_worker._private_jobs'));
afterAll(async () => {
  await jobs.end();
  await opened.drop();
});

const ask = (orgId: string, task: string, options?: Parameters<typeof requestJob>[2]) =>
  opened.database.inOrganization(orgId, (tx) => requestJob(tx, task, options));
const waiting = async () => {
  const { rows } = await jobs.query<{ task: string; payload: object; key: string | null }>(`
    select identifier as task, payload, key
    from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id
    where job.attempts < job.max_attempts
    order by job.key`);
  return rows.map(({ task, payload, key }) => [task, payload, key]);
};

describe('a request for a job', () => {
  it('is one for each organization, however often it is asked', async () => {
    for (const org of ['acme', 'acme', 'zeta']) await ask(org, 'reprice@1');
    expect(await waiting()).toEqual([
      ['reprice@1', { orgId: 'acme' }, 'reprice:acme'],
      ['reprice@1', { orgId: 'zeta' }, 'reprice:zeta'],
    ]);
    await ask('acme', 'reprice@2');
    expect((await waiting())[0]).toEqual(['reprice@2', { orgId: 'acme' }, 'reprice:acme']);
  });

  it('is one for all organizations where it is shared, and then names none', async () => {
    for (const org of ['acme', 'zeta']) await ask(org, 'statistics', { shared: true });
    expect(await waiting()).toEqual([['statistics', {}, 'statistics']]);
  });

  it('goes with its transaction', async () => {
    const work = opened.database.inOrganization('acme', async (tx) => {
      await requestJob(tx, 'reprice');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await waiting()).toEqual([]);
  });

  it('is made again beside one that runs, unless that is enough', async () => {
    await ask('acme', 'reprice');
    await jobs.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'somebody'`);
    await ask('acme', 'reprice', { unlessRunning: true });
    expect(await waiting()).toHaveLength(1);
    // whoever has it has it for too long
    await jobs.query(`update graphile_worker._private_jobs set locked_at = now() - interval '20 minutes'`);
    await ask('acme', 'reprice', { unlessRunning: true });
    expect(await waiting()).toEqual([['reprice', { orgId: 'acme' }, 'reprice:acme']]);
    await jobs.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'somebody'`);
    await ask('acme', 'reprice');
    expect(await waiting()).toEqual([['reprice', { orgId: 'acme' }, 'reprice:acme']]);
  });

  it('is taken back with its organization', async () => {
    for (const org of ['acme', 'zeta']) await ask(org, 'reprice');
    await ask('acme', 'statistics', { shared: true });
    await opened.database.inOrganization('acme', (tx) => forgetJobs(tx));
    expect((await waiting()).map(([, , key]) => key)).toEqual(['reprice:zeta', 'statistics']);
  });
});

describe('the queue', () => {
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: { code?: string }) => error.code,
    );

  it('is closed to the service but for its requests, which are of its organization', async () => {
    await ask('zeta', 'reprice');
    for (const statement of [
      'select * from graphile_worker._private_jobs',
      'select * from graphile_worker.jobs',
      `select graphile_worker.add_job('reprice', '{"orgId": "zeta"}')`,
      `select graphile_worker.remove_job('reprice:zeta')`,
      'create table graphile_worker.mine ()',
    ]) {
      expect([statement, await failure(opened.database.inOrganization('acme', (tx) => tx.query(statement)))]).toEqual([
        statement,
        '42501',
      ]);
    }
    await expect(opened.database.query(`select graphile_worker.request_job('reprice', false, false)`)).rejects.toThrow(
      'a job is requested for an organization',
    );
    expect(await waiting()).toHaveLength(1);
  });

  it('belongs to a role that owns nothing else, and sees nothing of organizations', async () => {
    const { rows } = await jobs.query<{ schema: string; secured: boolean }>(`
      select distinct relnamespace::regnamespace::text as schema, relrowsecurity as secured
      from pg_class
      where relowner = 'runboard_jobs'::regrole
        and relkind in ('r', 'p')
        -- which migration it is at, is no secret
        and relname <> 'migrations'`);
    expect(rows).toEqual([{ schema: 'graphile_worker', secured: true }]);
    const owned = await jobs.query(`
      select nspname as name from pg_namespace where nspowner = 'runboard_jobs'::regrole
      union all
      select proname from pg_proc where proowner = 'runboard_jobs'::regrole and pronamespace <> 'graphile_worker'::regnamespace
      union all
      select datname from pg_database where datdba = 'runboard_jobs'::regrole`);
    expect(owned.rows).toEqual([{ name: 'graphile_worker' }]);
    for (const statement of ['select from runs', 'select from events', 'create table mine ()', 'create schema mine']) {
      expect([statement, await failure(jobs.query(statement))]).toEqual([statement, '42501']);
    }
    const { rows: roles } = await jobs.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'runboard_jobs'`,
    );
    expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });
});

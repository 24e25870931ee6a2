import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { deleteOrganization } from '../../src/retention/delete-organization.js';
import { confirmByTyping } from '../../src/cli/confirm.js';
import { requestJob } from '../../src/db/job-queue.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let service: TestService;
let owner: pg.Client;
const tokens: Record<string, string> = {};
const runboard = inProcess(NOW, () => service.url);

const run = (id: string) => ({
  ...{ specversion: '1.0', id, source: 'test', type: 'run.started' },
  data: { runId: id, sessionId: 's', userId: 'ann', startedAt: '2026-06-10T09:00:00Z' },
});
const EVENTS = [
  ...[run('r1'), run('r2')],
  {
    ...{ specversion: '1.0', id: 'c', source: 'test', type: 'llm_call.recorded' },
    data: {
      callId: 'c',
      sessionId: 's',
      at: '2026-06-10T09:01:00Z',
      model: 'm',
      usage: { inputTokens: 1, outputTokens: 1 },
    },
  },
];

beforeAll(async () => {
  service = await testService();
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  await runboard('org', 'create', 'vienna');
  for (const org of ['vienna', 'graz']) {
    tokens[org] = await service.organization(org);
    await send(org, [...EVENTS, { id: 'bad' }]);
  }
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});

const send = (org: string, events: object[]) => service.request('/v1/events', { token: tokens[org]!, body: events });

/** What every table of the database holds of an organization, found in another way than the code finds it. */
async function left(org: string): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'org_id'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const found = await owner.query(`select from ${name} where org_id = $1`, [org]);
    if (found.rowCount! > 0) counts[name] = found.rowCount!;
  }
  return counts;
}

describe('runboard org delete', () => {
  it('wants the id typed, or --yes', async () => {
    expect(await runboard('org', 'delete', 'vienna')).toMatchObject({
      code: 1,
      message:
        'deleting vienna with all that it has cannot be undone, and there is no terminal to ask on: add --yes to confirm',
    });
    const answered = async (answer: string): Promise<string> => {
      const [stdin, stderr] = [new PassThrough(), new PassThrough()];
      Object.assign(stdin, { isTTY: true });
      const asked = confirmByTyping({ stdin, stderr } as unknown as Parameters<typeof confirmByTyping>[0], {
        what: 'deleting vienna',
        expected: 'vienna',
      });
      stdin.write(`${answer}\n`);
      return asked.then(
        () => 'goes on',
        (error: Error) => error.message,
      );
    };
    expect(await answered('vienna')).toBe('goes on');
    expect(await answered('yes')).toBe('the texts do not match: nothing was changed');
    expect(await left('vienna')).toMatchObject({ events: 3, runs: 2, tokens: 1 });
  });

  it('deletes everything of it, in every table, and nothing else', async () => {
    const others = await left('graz');
    for (const org of ['vienna', 'graz']) await service.database.inOrganization(org, (tx) => requestJob(tx, 'reprice'));
    // a table that this version knows nothing about is found too
    await owner.query(`
      create table later (org_id text collate "C" primary key);
      grant select, insert, delete on later to runboard_service;
      insert into later values ('vienna'), ('graz')`);
    const { out, message } = await runboard('org', 'delete', 'vienna', '--yes', '--json');
    expect(message).toBe('');
    expect(JSON.parse(out)).toEqual({
      id: 'vienna',
      deleted: {
        ...{
          organizations: 1,
          tokens: 1,
          ingest_state: 1,
          events: 3,
          runs: 2,
          llm_calls: 1,
          run_models: 1,
          sources: 1,
        },
        rollup_marks: expect.any(Number),
        rollup_session_marks: expect.any(Number),
        // that the organization was there; what stays is that it is deleted
        ...{ dead_letters: 1, later: 1, audit_log: 1 },
      },
    });
    expect(await left('vienna')).toEqual({ audit_log: 1 });
    expect(JSON.parse((await runboard('audit', '--org', 'vienna', '--json')).out)).toMatchObject([
      { actor: 'tester@test', action: 'organization deleted', details: {} },
    ]);
    expect(await left('graz')).toEqual({ ...others, later: 1 });
    await owner.query('set role runboard_jobs');
    const { rows: jobs } = await owner.query(`select key from graphile_worker.jobs where key like 'reprice%'`);
    await owner.query('reset role');
    expect(jobs).toEqual([{ key: 'reprice:graz' }]);
    expect((await runboard('org', 'list', '--json')).out).not.toContain('vienna');
  });

  it('ends its tokens at once', async () => {
    expect(await send('vienna', EVENTS)).toMatchObject({ status: 401 });
    expect(await service.request('/v1/me', { token: tokens.vienna! })).toMatchObject({ status: 401 });
    expect(await left('vienna')).toEqual({ audit_log: 1 });
  });

  it('refuses what is being sent meanwhile, so that nothing comes behind it', async () => {
    tokens.linz = await service.organization('linz');
    const sending = Array.from({ length: 40 }, (_, index) => send('linz', [run(`before ${index}`)]));
    const deleting = deleteOrganization(service.database, 'linz', { owner, actor: 'tester@test' });
    const later = Array.from({ length: 40 }, (_, index) => send('linz', [run(`after ${index}`)]));
    const statuses = (await Promise.all([...sending, ...later])).map(({ status }) => status);
    await deleting;
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
    expect((await send('linz', [run('afterwards')])).status).toBe(401);
    expect(await left('linz')).toEqual({ audit_log: 1 });
  });

  it('goes on where it was interrupted, and knows none that is not there', async () => {
    await service.organization('wels');
    await owner.query(`delete from organizations where org_id = 'wels'`);
    expect(await runboard('org', 'delete', 'wels', '--yes')).toMatchObject({ code: 0 });
    expect(await left('wels')).toEqual({ audit_log: 1 });
    expect(await runboard('org', 'delete', 'wels', '--yes')).toMatchObject({
      code: 1,
      message: 'there is no organization wels: see `runboard org list`',
    });
  });

  it('gives a new one of the same id no answer of the old one', async () => {
    const ask = async (token: string): Promise<number> => {
      const queries = [{ refId: 'A', view: 'total', metrics: ['runs'] }];
      const body = { from: Date.parse('2026-06-01T00:00:00Z'), to: NOW, queries };
      return (await service.request('/v1/query', { token, body })).body.results.A.frames[0].data.values[0][0];
    };
    tokens.enns = await service.organization('enns');
    await send('enns', [run('old')]);
    expect(await ask(tokens.enns)).toBe(1);
    await runboard('org', 'delete', 'enns', '--yes');
    tokens.enns = await service.organization('enns');
    await send('enns', [run('new 1'), run('new 2')]);
    expect(await ask(tokens.enns)).toBe(2);
  });
});

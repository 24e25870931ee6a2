import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createOrganization } from '../../src/access/organizations.js';
import { createBadge } from '../../src/access/badges.js';
import { createToken } from '../../src/access/tokens.js';
import type { TokenScope } from '../../src/contract/access.js';
import { dataFolder, runboard, serve, type Outcome, type Serving } from '../support/command.js';
import { cluster, testDatabase, type TestDatabase } from '../support/database.js';
import {
  asker,
  EMAIL,
  EVENTS,
  GUESSED,
  ID,
  NAME,
  event,
  query,
  SECRETS,
  sendAll,
  type Ask,
} from './private-requests.js';

let database: TestDatabase;
let owner: pg.Client;
let admin: pg.Client;
let ask: Ask;
let folder: Awaited<ReturnType<typeof dataFolder>>;
let service: Serving;
let token: string;
let delegate: string;
let badge: string;
beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  owner.on('error', () => {});
  await owner.connect();
  admin = new pg.Client({ connectionString: cluster().ownerUrl });
  await admin.connect();
  folder = await dataFolder();
  await createOrganization(database.database, 'acme', { storeText: true });
  const make = async (scopes: TokenScope[]): Promise<string> =>
    (await createToken(database.database, 'acme', { name: 'test', scopes })).token;
  token = await make(['ingest', 'directory', 'read']);
  delegate = await make(['read', 'delegate']);
  badge = (await createBadge(database.database, 'acme', { workItemId: ID })).token;
  service = await serve(database.url, { LOG_LEVEL: 'trace', RUNBOARD_DATA_DIR: folder.path });
  ask = asker(service.url, token);
});
afterAll(async () => {
  await service.end();
  await owner.end();
  await admin.end();
  await folder.remove();
  await database.drop();
});

describe('what the service logs', () => {
  let written: Outcome;
  beforeAll(async () => {
    expect(await sendAll(ask, { token, delegate, badge })).toEqual([200, 200, 200, 200]);
    // errors that nobody foresaw: PostgreSQL's message or detail has the row
    await owner.query(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'not %', new.title using detail = new::text; end $$;
      alter table users add constraint no_guest check (email <> 'guest.secret@example.com');
      create trigger refuse before insert or update on sessions for each row
        when (new.title = 'secret-trigger') execute function refuse();`);
    expect(
      await ask('/v1/events', [
        event('g', 'user.upserted', { userId: 'g', email: 'guest.secret@example.com', name: NAME }),
      ]),
    ).toBe(500);
    const session = {
      sessionId: 's2',
      createdByUserId: ID,
      createdAt: '2026-01-10T09:00:00Z',
      title: 'secret-trigger',
    };
    expect(await ask('/v1/events', [event('t', 'session.created', session)])).toBe(500);
    await owner.query('alter table runs rename to no_runs');
    await ask('/v1/query', query({ filters: { user: [EMAIL] } }));
    await ask(`/v1/export/runs.csv?from=0&to=1&var-user=${ID}`);
    await owner.query('alter table no_runs rename to runs');
    const environment = { DATABASE_URL: database.url, RUNBOARD_DATA_DIR: folder.path };
    const commands = [
      ['token', 'create', '--org', 'acme', '--name', 'x', '--scope', 'read'],
      ['rebuild', '--org', 'acme'],
      ['user', 'erase', ID, '--org', 'acme', '--yes'],
    ];
    for (const command of commands) expect((await runboard(command, environment)).code).toBe(0);
    // the database goes away
    const name = new URL(database.url).pathname.slice(1);
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    expect(await ask('/v1/query', query({ filters: { user: [NAME] } }))).toBe(503);
    expect(await ask('/v1/events', EVENTS)).toBe(503);
    await admin.query(`alter database ${name} allow_connections true`);
    written = await service.end();
  }, 120_000);

  it('has a line for every request, and says of unforeseen errors what they were and where', () => {
    const lines = written.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, any>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests.length).toBeGreaterThan(25);
    for (const route of ['/v1/query', '/v1/badges/:badgeToken.svg'])
      expect(requests).toContainEqual(expect.objectContaining({ route, status: 200, orgId: 'acme' }));
    const errors = lines.filter(({ msg }) => msg === 'unexpected error').map(({ err }) => err);
    expect(errors).toContainEqual(expect.objectContaining({ code: '23514', constraint: 'no_guest', table: 'users' }));
    expect(errors.map(({ code }) => code)).toEqual(expect.arrayContaining(['23514', 'P0001']));
    for (const { stack } of errors) expect(stack[0]).toMatch(/^ {4}at /);
  });

  it('holds nothing that belongs to somebody, and no token', () => {
    const all = written.stdout + written.stderr;
    const { password } = new URL(database.url);
    const opening = [
      token,
      token.slice(3, 20),
      delegate,
      badge,
      badge.slice(4, 20),
      GUESSED,
      ...(password ? [password] : []),
    ];
    const found = [...SECRETS, ...opening].filter(
      (secret) => all.includes(secret) || all.includes(encodeURIComponent(secret)),
    );
    expect(found).toEqual([]);
    expect(all).not.toMatch(/secret|rbb?_\w/i);
  });
});

describe('an end that nobody foresaw', () => {
  it('is logged as other errors are', async () => {
    const fault =
      'process.on("SIGUSR2",()=>{throw(Object.assign(new(Error)(process.env.FAULT),{detail:process.env.FAULT}))})';
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fault)}`;
    const environment = { NODE_OPTIONS, FAULT: `of "${NAME}", ${EMAIL}`, RUNBOARD_DATA_DIR: folder.path };
    const faulty = await serve(database.url, environment);
    const { code, stdout, stderr } = await faulty.end('SIGUSR2');
    expect([code, stderr]).toEqual([1, '']);
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as object;
    expect(last).toMatchObject({ level: 60, err: { type: 'Error', message: 'of "…", …@…', stack: expect.any(Array) } });
    expect(stdout).not.toMatch(/secret/i);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { addRepoAlias } from '../../src/access/repo-aliases.js';
import type { Database } from '../../src/db/database.js';
import { answerRequest } from '../../src/query/index.js';
import { refresh } from '../../src/rollups/refresh.js';
import { claim } from '../../src/rollups/claim.js';
import { rollupStatus } from '../../src/rollups/state.js';
import { SUMS } from '../../src/rollups/sums.js';
import { testService, type TestService } from '../support/service.js';

/** What is looked up when somebody asks, and what marks slots. */
const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const WINDOW = { from: DAY, to: DAY + 3 * 24 * HOUR_MS };

let service: TestService;
let database: Database;
let orgId: string;
let token: string;
beforeAll(async () => {
  service = await testService({ clock: () => WINDOW.to });
  database = { ...service.database, engine: 'sums' };
});
afterAll(() => service.stop());

let events = 0;
const event = (type: string, data: object, hours = 0) => ({
  specversion: '1.0',
  id: `e${(events += 1)}`,
  source: 'test',
  type,
  time: new Date(DAY + hours * HOUR_MS).toISOString(),
  data,
});
const session = (sessionId: string, repo: string, hours = 0) =>
  event('session.created', { sessionId, repo, createdAt: new Date(DAY).toISOString() }, hours);
const run = (runId: string, sessionId: string, userId: string, hours: number) =>
  event('run.started', { runId, sessionId, userId, startedAt: new Date(DAY + hours * HOUR_MS).toISOString() }, hours);

beforeEach(async () => {
  ({ orgId, token } = await service.newOrganization());
  await service.accept(token, [
    event('user.upserted', { userId: 'ann', team: 'red', aliases: ['ann-2'] }),
    event('user.upserted', { userId: 'bob', team: 'blue' }),
    session('s1', 'acme/web'),
    session('s2', 'acme/api'),
    run('r1', 's1', 'ann', 1),
    run('r2', 's1', 'ann-2', 20),
    run('r3', 's2', 'ann', 30),
    run('r4', 's2', 'bob', 50),
    run('r5', 's2', 'cid', 51),
  ]);
  await claim(database, orgId);
  await refresh(database, orgId);
});

/** The numbers of runs by group, all of them from sums. */
async function ask(query: object): Promise<Record<string, number>> {
  const queries = [{ refId: 'A', view: 'table', metrics: ['runs'], explain: true, ...query }];
  const { results } = await answerRequest(database, { orgId, viewer: null }, { ...WINDOW, queries }, WINDOW.to);
  const result = results.A!;
  if (result.status !== 200) throw new Error(JSON.stringify(result));
  const { schema, data } = result.frames[0]!;
  expect(schema.meta?.custom?.engine).toMatchObject({ kept: [{ base: 'runs', raw: [] }] });
  const counts = data.values[schema.fields.findIndex(({ name }) => name === 'runs')] as number[];
  return Object.fromEntries(counts.map((count, row) => [String(data.values[0]![row]), count]));
}

it('finds a person under all of their ids, in the team in which they are now', async () => {
  expect(await ask({ groupBy: ['user'] })).toEqual({ ann: 3, bob: 1, cid: 1 });
  expect(await ask({ groupBy: ['user'], filters: { user: ['ann'] } })).toEqual({ ann: 3 });
  expect(await ask({ groupBy: ['user'], filters: { user: { not: ['ann'] } } })).toEqual({ bob: 1, cid: 1 });
  expect(await ask({ groupBy: ['team'] })).toEqual({ red: 3, blue: 1, null: 1 });
  expect(await ask({ groupBy: ['user'], filters: { team: ['red', '(none)'] } })).toEqual({ ann: 3, cid: 1 });
  expect(await ask({ groupBy: ['user'], filters: { team: ['red'] } })).toEqual({ ann: 3 });
  await service.accept(token, [event('user.upserted', { userId: 'bob', team: 'red' }, 60)]);
  expect(await ask({ groupBy: ['team'] })).toEqual({ red: 4, null: 1 });
  expect(await ask({ groupBy: ['team'], filters: { team: ['red'] } })).toEqual({ red: 4 });
  expect(await rollupStatus(database, orgId)).toMatchObject({ behind: 0 });
});

it('finds a repository under all of its names', async () => {
  expect(await ask({ groupBy: ['repo'] })).toEqual({ 'acme/web': 2, 'acme/api': 3 });
  await addRepoAlias(database, orgId, { old: 'acme/web', name: 'acme/site', actor: 'test' });
  expect(await ask({ groupBy: ['repo'] })).toEqual({ 'acme/site': 2, 'acme/api': 3 });
  expect(await ask({ groupBy: ['repo'], filters: { repo: ['acme/site'] } })).toEqual({ 'acme/site': 2 });
});

it('marks the runs of a session that turns out to be of another repository', async () => {
  await service.accept(token, [session('s1', 'acme/tools', 60)]);
  expect(await rollupStatus(database, orgId)).toMatchObject({ behind: 2 });
  await refresh(database, orgId);
  expect(await ask({ groupBy: ['repo'] })).toEqual({ 'acme/tools': 2, 'acme/api': 3 });
});

it('marks the runs of a work item whose type turns out to be another, however it is told that they are about it', async () => {
  const item = (workItemId: string, type: string) => event('work_item.upserted', { workItemId, type }, 60);
  await service.accept(token, [
    item('own', 'bug'),
    item('of-session', 'chore'),
    event(
      'run.started',
      {
        runId: 'r1',
        sessionId: 's1',
        userId: 'ann',
        workItemId: 'own',
        startedAt: new Date(DAY + HOUR_MS).toISOString(),
      },
      60,
    ),
    event('session.created', { sessionId: 's2', workItemId: 'of-session', createdAt: new Date(DAY).toISOString() }, 60),
  ]);
  await refresh(database, orgId);
  const query = { groupBy: ['work_item_type'] };
  expect(await ask(query)).toEqual({ bug: 1, chore: 3, null: 1 });
  await service.accept(token, [item('own', 'bug'), item('unheard', 'bug')]);
  expect(await rollupStatus(database, orgId)).toMatchObject({ behind: 0 });
  await service.accept(token, [item('of-session', 'bug')]);
  expect(await rollupStatus(database, orgId)).toMatchObject({ behind: 3 });
  await refresh(database, orgId);
  expect(await ask(query)).toEqual({ bug: 4, null: 1 });
  expect(await ask({ filters: { work_item_type: ['bug'] }, groupBy: ['work_item_type'] })).toEqual({ bug: 4 });
});

it('marks whatever of sessions is in the sums', async () => {
  const { rows } = await database.query<{ marking: string }>(
    `select prosrc as marking from pg_proc where proname = 'mark_slots_of_sessions'`,
  );
  const { marking } = rows[0]!;
  const compared = [...marking.matchAll(/(?:select org_id, session_id, |num_nonnulls\()(.*?)(?: from|\))/g)].map(
    ([, columns]) => columns!.split(', '),
  );
  expect(compared).toHaveLength(5);
  const read = SUMS.flatMap(({ ofRuns }) => [...ofRuns.matchAll(/\bs\.(\w+)/g)].map(([, column]) => column!));
  for (const column of new Set(read)) {
    if (column === 'org_id' || column === 'session_id') continue;
    for (const columns of compared) expect(columns).toContain(column);
  }
});

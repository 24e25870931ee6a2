import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Database } from '../../src/db/database.js';
import type { Asker } from '../../src/access/viewer.js';
import type { Made } from '../../src/query/made.js';
import { answerRequest } from '../../src/query/index.js';
import { refresh } from '../../src/rollups/refresh.js';
import { claim } from '../../src/rollups/claim.js';
import { organizationsToRefresh, rollupStatus } from '../../src/rollups/state.js';
import { testService, type TestService } from '../support/service.js';

const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const WINDOW = { from: DAY + 1, to: DAY + 3 * 24 * HOUR_MS };

let service: TestService;
/** as few runs as these are read themselves otherwise, and few lengths of slots kept */
let sums: Database;
let owner: pg.Client;
beforeAll(async () => {
  service = await testService({ clock: () => WINDOW.to });
  sums = { ...service.database, engine: 'sums' };
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});

let events = 0;
const run = (runId: string, hours: number) => ({
  specversion: '1.0',
  id: `e${(events += 1)}`,
  source: 'test',
  type: 'run.started',
  time: new Date(DAY + hours * HOUR_MS).toISOString(),
  data: { runId, sessionId: 's1', userId: 'ann', startedAt: new Date(DAY + hours * HOUR_MS).toISOString() },
});

/** The number of runs, and what of the window was read from the runs: null if all of it. */
async function ask(orgId: string): Promise<{ runs: unknown; raw: number | null }> {
  const queries = [{ refId: 'A', view: 'total', metrics: ['runs'], explain: true }];
  const body = { ...WINDOW, queries };
  const { results } = await answerRequest(sums, { orgId, viewer: null }, body, WINDOW.to);
  const result = results.A!;
  if (result.status !== 200) throw new Error(JSON.stringify(result));
  const { schema, data } = result.frames[0]!;
  const [kept] = (schema.meta.custom!.engine as Made).kept;
  const raw = kept ? kept.raw.reduce((sum, { from, to }) => sum + to - from, 0) : null;
  return { runs: data.values[0]![0], raw };
}

async function organization(hours: number[]): Promise<{ orgId: string; token: string }> {
  const made = await service.newOrganization();
  await service.accept(
    made.token,
    hours.map((hour, index) => run(`r${index}`, hour)),
  );
  return made;
}

const MINUTE_MS = 60_000;

it('reads from the runs what was written since the sums were made, and only that', async () => {
  const { orgId, token } = await organization([1, 25, 26, 49.5]);
  expect(await ask(orgId)).toEqual({ runs: 4, raw: null });
  await claim(sums, orgId);
  await refresh(service.database, orgId);
  const edge = 5 * MINUTE_MS - 1;
  expect(await ask(orgId)).toEqual({ runs: 4, raw: edge });
  await service.accept(token, [run('late', 30)]);
  expect(await ask(orgId)).toEqual({ runs: 5, raw: edge + 5 * MINUTE_MS });
  await owner.query(
    `update runs set started_at = started_at + interval '2 days' where org_id = $1 and run_id = 'late'`,
    [orgId],
  );
  expect(await ask(orgId)).toEqual({ runs: 4, raw: edge + 5 * MINUTE_MS });
});

it('is done in the background soon after events came in', async () => {
  const working = await testService({ clock: () => WINDOW.to, jobs: true });
  const { database, token } = working;
  await claim(database, 'acme');
  await working.accept(token, [run('next', 6)]);
  expect(await rollupStatus(database, 'acme')).toMatchObject({ behind: 1, behindFrom: new Date(DAY + 6 * HOUR_MS) });
  const deadline = performance.now() + 15_000;
  while ((await rollupStatus(database, 'acme')).behind > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await rollupStatus(database, 'acme')).toMatchObject({ kept: true, behind: 0, slots: 3 });
  await working.stop();
});

it('reads no sums of another definition, and leaves them to the version that keeps them', async () => {
  const { orgId } = await organization([5]);
  await claim(sums, orgId);
  await refresh(service.database, orgId);
  await owner.query(`update rollup_state set definition = 'other' where org_id = $1`, [orgId]);
  await owner.query(`update rollup_runs set runs = 17 where org_id = $1`, [orgId]);
  expect(await ask(orgId)).toEqual({ runs: 1, raw: null });
  expect(await organizationsToRefresh(service.database)).toContainEqual({ orgId, definition: 'other' });
  expect(await refresh(service.database, orgId)).toBe(0);
  await claim(sums, orgId);
  await refresh(service.database, orgId);
  expect(await ask(orgId)).toEqual({ runs: 1, raw: 5 * MINUTE_MS - 1 });
});

it('takes few days at a time where there are many runs a day', async () => {
  const { orgId } = await organization([5, 6, 30, 31, 55]);
  await claim(sums, orgId);
  await owner.query(`update rollup_state set daily_runs = 150000 where org_id = $1`, [orgId]);
  expect(await refresh(service.database, orgId)).toBe(5);
  expect(await rollupStatus(service.database, orgId)).toMatchObject({ behind: 0 });
  expect(await ask(orgId)).toEqual({ runs: 5, raw: 5 * MINUTE_MS - 1 });
});

it('keeps shorter slots, and sums by what is worth their room, once there are more runs', async () => {
  const { orgId, token } = await organization([5]);
  await claim(service.database, orgId);
  await refresh(service.database, orgId);
  const lengths = async (name: string): Promise<number[]> => {
    const { rows } = await owner.query<{ levels: Record<string, [number, number][]> }>(
      `select levels from rollup_state where org_id = $1`,
      [orgId],
    );
    return (rows[0]!.levels[name] ?? []).map(([minutes]) => minutes);
  };
  expect([await lengths(''), await lengths('user'), await lengths('failure_fingerprint')]).toEqual([
    [10_080, 1440, 60],
    [],
    [],
  ]);
  // 900 on a day, all of one person: 225 in six hours, more than the 100 that a slot of all has to have, fewer than the 500 of one by something
  await service.accept(
    token,
    Array.from({ length: 900 }, (_, n) => run(`more${n}`, 24 + n * 0.025)),
  );
  await refresh(service.database, orgId);
  expect([await lengths(''), await lengths('user')]).toEqual([
    [10_080, 1440, 360, 60],
    [10_080, 1440],
  ]);
  expect(await rollupStatus(service.database, orgId)).toMatchObject({ behind: 0 });
  expect(await ask(orgId)).toEqual({ runs: 901, raw: HOUR_MS - 1 });
});

it('gives way to a refresh that was quicker', async () => {
  const { orgId } = await organization([5, 6]);
  await claim(sums, orgId);
  const refreshed = await Promise.all([1, 2, 3].map(() => refresh(service.database, orgId)));
  expect(refreshed.reduce((sum, slots) => sum + slots)).toBe(2);
});

it('answers a viewer who does not see the whole organization from the runs', async () => {
  const orgId = 'seen-in-part';
  await service.organization(orgId, { publicVisibility: 'totals' });
  await claim(sums, orgId);
  const queries = [{ refId: 'A', view: 'total', metrics: ['runs'], explain: true }];
  const viewer = { kind: 'public' } as Asker['viewer'];
  const { results } = await answerRequest(service.database, { orgId, viewer }, { ...WINDOW, queries }, WINDOW.to);
  const { custom } = (results.A as { frames: { schema: { meta: { custom: Record<string, unknown> } } }[] }).frames[0]!
    .schema.meta;
  const { kept, steps } = custom.engine as Made;
  expect([custom.scope, kept]).toEqual(['totals', []]);
  expect(steps.flatMap(({ reads }) => reads)).toContain('runs');
  expect(steps.flatMap(({ reads }) => reads).filter((table) => table.startsWith('rollup_'))).toEqual([]);
});

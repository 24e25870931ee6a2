import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Frame } from '../../src/contract/frames.js';
import type { Database } from '../../src/db/database.js';
import type { Made } from '../../src/query/made.js';
import { answerRequest } from '../../src/query/index.js';
import { claim } from '../../src/rollups/claim.js';
import { refresh } from '../../src/rollups/refresh.js';
import { rowsOf } from '../query/world.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';

/**
 * Where people and repositories are many, sums by the hour are not kept of them: budgets are answered from their costs by quarters
 * of an hour, in any zone, whatever is late, corrected or deleted, as from the rows (which the oracle proves).
 */
const NOW = Date.parse('2026-11-03T10:37:12.345Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Clocks go back, forward or by half an hour in the weeks before, or stand a quarter beside. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC'];
const USERS = ['ann', 'ann-2', 'bob', 'cid', 'dan'];

let service: TestService;
let events = 0;
beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

async function analyze(): Promise<void> {
  const owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
}

function event(type: string, at: number, data: object): object {
  const id = `e${(events += 1)}`;
  return { specversion: '1.0', source: 'test', id, type, time: new Date(at).toISOString(), data };
}

/** A run of which all is told at once; some have no cost, or none that is known. */
function run(random: Random, runId: string): object {
  const at = NOW - random.integer(0, 40 * DAY) - (random.chance(0.2) ? 0 : random.integer(0, 1));
  const startedAt = new Date(random.chance(0.3) ? at - (at % (15 * 60_000)) : at).toISOString();
  const costUsd = random.pick<object>([{ costUsd: `0.${random.integer(1, 999_999_999)}` }, { costUsd: 0 }, {}]);
  const data = { runId, sessionId: `s-${random.integer(1, 4)}`, userId: random.pick(USERS), startedAt };
  return event('run.completed', at, { ...data, completedAt: startedAt, status: 'SUCCEEDED', ...costUsd });
}

const ABOUT = [
  { user: ['ann'] },
  { user: ['bob', 'dan'] },
  { user: { not: ['bob'] } },
  { team: ['red'] },
  { team: ['blue', '(none)'] },
  { repo: ['acme/web'] },
  { repo: [null] },
];

/** Some of any size, so that some are reached in the time to come. */
function budgets(random: Random): object[] {
  return ABOUT.flatMap((filters, about) =>
    ['day', 'week', 'month'].map((period) => {
      const limitUsd = random.pick([1, 2, 5, 12, 20, 35, 50]) + random.integer(0, 99) / 100;
      return event('budget.set', NOW - 30 * DAY, { budgetId: `b-${about}-${period}`, limitUsd, period, filters });
    }),
  );
}

const QUERIES = [
  { refId: 'A', view: 'budgets', orderBy: 'budget', direction: 'asc', explain: true },
  { refId: 'B', view: 'budget_history', limit: 10_000, explain: true },
];

async function ask(engine: Database['engine'], orgId: string) {
  const body = { from: NOW - 20 * DAY, to: NOW, queries: QUERIES };
  const database = { ...service.database, ...(engine && { engine }) };
  const { results } = await answerRequest(database, { orgId, viewer: null }, body, NOW);
  const frames = QUERIES.map(({ refId }) => (results as Record<string, { frames: Frame[] }>)[refId]!.frames[0]!);
  const kept = frames.flatMap(({ schema }) => (schema.meta?.custom?.engine as Made | undefined)?.kept ?? []);
  return {
    rows: frames.map((frame) => rowsOf({ status: 200, frames: [frame] })),
    kept: kept.map((one) => one.kept),
    fromQuarters: kept.filter((one) => one.kept === 'quarters'),
  };
}

it.each(ZONES)('budgets in %s stand as from the rows, whatever comes late', async (timezone) => {
  const random = new Random(ZONES.indexOf(timezone) + 1);
  const orgId = timezone.toLowerCase().replace('/', '-');
  const token = await service.organization(orgId, { timezone });
  // the planner knows nothing of an organization that has come since
  await analyze();
  await service.accept(token, [
    event('user.upserted', NOW - 50 * DAY, { userId: 'ann', team: 'red', aliases: ['ann-2'] }),
    event('user.upserted', NOW - 50 * DAY, { userId: 'bob', team: 'blue' }),
    ...[1, 2, 3].map((n) => {
      const created = { sessionId: `s-${n}`, createdAt: new Date(NOW - 50 * DAY).toISOString() };
      return event('session.created', NOW - 50 * DAY, { ...created, repo: n < 3 ? 'acme/web' : 'acme/api' });
    }),
    ...Array.from({ length: 900 }, (_, n) => run(random, `r${n}`)),
    ...budgets(random),
  ]);
  await claim({ ...service.database, engine: 'sums' }, orgId);
  await service.database.inOrganization(orgId, (tx) =>
    tx.query(`update rollup_state set levels = levels - '{user,repo}'::text[] where org_id = $1`, [orgId]),
  );
  const compare = async (): Promise<void> => {
    const [sums, raw] = [await ask('sums', orgId), await ask('raw', orgId)];
    expect(sums.rows).toEqual(raw.rows);
    expect(sums.kept.filter((kept) => kept === 'quarters').length).toBeGreaterThan(3);
    expect(raw.kept).toEqual([]);
    const reached = sums.rows[0]!.filter(({ reached_at }) => reached_at !== null);
    expect(reached.length).toBeGreaterThan(0);
  };
  await refresh(service.database, orgId);
  await compare();
  // late ones, corrected costs, a run and a session that go, people and repositories that change: some of it is marked only
  await service.accept(token, [
    ...Array.from({ length: 60 }, (_, n) => run(random, `late${n}`)),
    ...Array.from({ length: 20 }, (_, n) => run(random, `r${n * 7}`)),
    event('run.deleted', NOW, { runId: 'r11' }),
    event('session.deleted', NOW, { sessionId: 's-2' }),
    event('session.created', NOW, {
      sessionId: 's-3',
      createdAt: new Date(NOW - 50 * DAY).toISOString(),
      repo: 'acme/web',
    }),
    event('user.upserted', NOW, { userId: 'cid', team: 'red' }),
    event('user.upserted', NOW, { userId: 'bob', team: 'red', aliases: ['dan'] }),
  ]);
  const { rows } = await ask('sums', orgId);
  expect(rows).toEqual((await ask('raw', orgId)).rows);
  await refresh(service.database, orgId);
  await compare();
  // of a day that is behind those quarters are read from the runs in which something has changed
  await service.accept(token, [run(random, 'after')]);
  const after = await ask('sums', orgId);
  expect(after.rows).toEqual((await ask('raw', orgId)).rows);
  expect(after.fromQuarters.length).toBeGreaterThan(3);
  for (const { raw } of after.fromQuarters) {
    for (const { from, to } of raw) expect(to - from).toBeLessThanOrEqual(2 * 15 * 60_000);
  }
});

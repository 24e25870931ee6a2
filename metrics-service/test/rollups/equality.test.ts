import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Result } from '../../src/contract/frames.js';
import type { Database } from '../../src/db/database.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import type { Made } from '../../src/query/made.js';
import { answerRequest, dimensionValues, inSnapshot } from '../../src/query/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { prune } from '../../src/retention/prune.js';
import { refresh } from '../../src/rollups/refresh.js';
import { claim } from '../../src/rollups/claim.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { Question, SentEvent } from '../oracle/types.js';
import { Random } from '../support/random.js';
import { randomEvents } from '../support/random-events.js';
import { attributeValues, WORLD } from '../support/random-fields.js';
import { VALUES } from '../support/random-filters.js';
import { randomQuestion } from '../support/random-queries.js';
import { testService, type TestService } from '../support/service.js';
import { DIMENSIONS, simplified } from './questions.js';

/**
 * The same questions answered from sums and from the rows, over worlds in which anything happens at any moment: the answers
 * are equal to the last digit. RUNBOARD_TEST_RUNS says how many worlds are made, RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 15);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const QUESTIONS = 14;
const NOW = Date.parse('2026-12-01T12:34:56.789Z');

let service: TestService;
let sums: Database;
let rows: Database;
/** how many answers came from what is kept, by what that is, and how many from the rows alone */
const answered = { sums: 0, quarters: 0, values: 0, moments: 0, lives: 0, rows: 0 };
/** how many of them from sums by two dimensions */
let byPairs = 0;
/** how many of them from sums of parts */
let fromParts = 0;
/** how many of them from sums, and from values in order, of tool calls */
const fromCalls = { sums: 0, values: 0 };
/** how many of them from what is kept of the messages of sessions */
let fromMessages = 0;
/** how many of them of who is new or known */
let ofPeople = 0;
/** how many lists of a dimension's values */
let valuesKept = 0;
let erased = 0;

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  sums = { ...service.database, engine: 'sums' };
  rows = { ...service.database, engine: 'raw' };
});
afterAll(() => service.stop());

/** Whatever else may happen to an organization's rows. */
async function happen(random: Random, orgId: string, events: readonly SentEvent[]): Promise<void> {
  const { database } = service;
  const times = events.map(({ time }) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time));
  await random.weighted<() => Promise<unknown>>([
    [4, () => refresh(database, orgId)],
    [2, () => Promise.all([refresh(database, orgId), refresh(database, orgId)])],
    [2, () => begin(random, orgId)],
    [1, () => rebuild(database, orgId, loadPrices())],
    [1, () => prune(database, orgId, new Date(times.length > 0 ? random.pick(times) : NOW))],
    [
      1,
      () =>
        eraseUser(database, orgId, {
          userId: random.pick(WORLD.users),
          pseudonym: `gone-${(erased += 1)}`,
          replaceId: true,
        }),
    ],
    [1, () => byHand(random, orgId)],
  ])();
}

/** Begins to keep sums, of all lengths or of some. */
async function begin(random: Random, orgId: string): Promise<void> {
  await claim(random.chance(0.9) ? sums : service.database, orgId);
  if (random.chance(0.5)) return;
  await sums.inOrganization(orgId, async (tx) => {
    const { rows } = await tx.query<{ levels: Record<string, unknown[]> }>(
      `select levels from rollup_state where org_id = $1`,
      [orgId],
    );
    const some = Object.entries(rows[0]!.levels).map(([name, all]) => [
      name,
      name.startsWith('quarters/') ? all : all.filter(() => random.chance(0.7)),
    ]);
    const levels = Object.fromEntries(some.filter(([, kept]) => kept!.length > 0));
    await tx.query(`update rollup_state set levels = $2 where org_id = $1`, [orgId, JSON.stringify(levels)]);
  });
}

/** As with psql. */
async function byHand(random: Random, orgId: string): Promise<void> {
  const statement = random.pick([
    `update runs set started_at = started_at + interval '301 seconds' where org_id = $1 and run_id < 'r3'`,
    `update runs set cost_nanos = cost_nanos * 3, hidden = not hidden where org_id = $1 and run_id > 'r2'`,
    `update runs set execution_ms = 5000000000 - execution_ms, queue_wait_ms = -1 - queue_wait_ms where org_id = $1 and run_id > 'r2'`,
    `delete from runs where org_id = $1 and run_id = (select min(run_id) from runs where org_id = $1)`,
    `update run_models set input_tokens = input_tokens + 7, model = model || '-2' where org_id = $1 and run_id > 'r2'`,
    `delete from run_models where org_id = $1 and run_id < 'r3'`,
    `update sessions set work_item_id = 'w1' where org_id = $1`,
    `update work_items set type = case when type is null then 'work_item 1' end where org_id = $1`,
    `delete from work_items where org_id = $1 and work_item_id = (select min(work_item_id) from work_items where org_id = $1)`,
    `update messages set sent_at = sent_at - interval '3 hours', hidden = not hidden where org_id = $1 and message_id > 'm3'`,
    `update tool_calls set at = at - interval '3 hours', completed_at = started_at + interval '7 seconds' where org_id = $1 and run_id > 'r2'`,
    `delete from tool_calls where org_id = $1 and run_id < 'r3'`,
    `update sessions set hidden = not hidden where org_id = $1`,
    `update handoffs set session_id = 's1' where org_id = $1`,
    `delete from messages where org_id = $1 and message_id < 'm3'`,
    `delete from sessions where org_id = $1 and session_id = (select max(session_id) from sessions where org_id = $1)`,
  ]);
  await service.database.inOrganization(orgId, (tx) => tx.query(statement, [orgId]));
}

async function ask(database: Database, orgId: string, { window, timezone, query }: Question): Promise<Result> {
  const body = { ...window, timezone, queries: [{ ...query, explain: true }] };
  return (await answerRequest(database, { orgId, viewer: null }, body, NOW)).results.A!;
}

/** The answer without what says how it was found. */
function told(result: Result): unknown {
  if (result.status !== 200) return result;
  return result.frames.map(({ schema, data }) => {
    const custom = { ...schema.meta?.custom, sql: null, engine: null };
    return { schema: { ...schema, meta: { ...schema.meta, custom, executedQueryString: null } }, data };
  });
}

async function compare(orgId: string, question: Question): Promise<void> {
  const [summed, raw] = [await ask(sums, orgId, question), await ask(rows, orgId, question)];
  const engine = summed.status === 200 ? summed.frames[0]?.schema.meta?.custom?.engine : undefined;
  const notes = (engine as Made | undefined)?.kept ?? [];
  for (const kept of new Set(notes.map((note) => note.kept))) answered[kept] += 1;
  if (notes.some(({ by }) => by?.includes('+'))) byPairs += 1;
  if (notes.some(({ base }) => base === 'parts')) fromParts += 1;
  for (const kept of ['sums', 'values'] as const) {
    if (notes.some((note) => note.base === 'tool_calls' && note.kept === kept)) fromCalls[kept] += 1;
  }
  if (notes.length > 0 && question.query.metrics?.includes('new_users')) ofPeople += 1;
  if (notes.some(({ kept, by }) => kept === 'moments' && by === 'messages')) fromMessages += 1;
  if (notes.length === 0) answered.rows += 1;
  expect({ question, answer: told(summed) }).toEqual({ question, answer: told(raw) });
}

const VALUES_OF = [...DIMENSIONS, 'workspace', 'role', 'failure_fingerprint', 'session', 'work_item'];

/** The values of a dimension, as a board's variables ask for them: at any time, or of a window. */
async function compareValues(random: Random, orgId: string, { window }: Question): Promise<void> {
  const [name, by] = random.some(VALUES_OF, 2) as [string, string];
  const values = random.some([...(VALUES[by] ?? []), ...attributeValues(by), '(none)'], random.integer(1, 3));
  const given = {
    ...(random.chance(0.3) ? { from: String(window.from), to: String(window.to) } : {}),
    ...(random.chance(0.4) ? { filters: JSON.stringify({ [by]: values }) } : {}),
  };
  const [summed, raw] = await Promise.all(
    [sums, rows].map((database) =>
      inSnapshot(database, { orgId, viewer: null }, { now: NOW }, async (snapshot) => {
        const context = snapshot.question();
        const found = await dimensionValues(context, name, given).catch((error: unknown) => String(error));
        return { found, isKept: context.made.kept.length > 0 };
      }),
    ),
  );
  if (summed!.isKept) valuesKept += 1;
  expect({ name, given, values: summed!.found }).toEqual({ name, given, values: raw!.found });
}

async function tryWorld(seed: number): Promise<void> {
  const random = new Random(seed);
  const { orgId, token } = await service.newOrganization();
  const { events, occasion } = randomEvents(random.integer(0, 2 ** 31 - 1));
  const world = merge(events, priceOf);
  if (random.chance(0.8)) await begin(random, orgId);
  const sent = random.shuffled(events);
  for (let asked = 0; asked < QUESTIONS;) {
    const batch = sent.splice(0, random.integer(0, 60));
    const sending = service.accept(token, batch);
    await (random.chance(0.3) ? Promise.all([sending, refresh(service.database, orgId)]) : sending);
    if (random.chance(0.6)) await happen(random, orgId, events);
    for (let more = random.integer(1, 4); more > 0; more--, asked++) {
      const question = randomQuestion(random, world, events, occasion);
      await compare(orgId, simplified(random, question));
      await compareValues(random, orgId, question);
    }
  }
}

it(
  'answers every question from sums as from the rows',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      await tryWorld(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      });
    }
    // else it has proved nothing
    expect(answered.sums).toBeGreaterThan(RUNS);
    expect(answered.moments).toBeGreaterThan(RUNS / 2);
    expect(answered.values).toBeGreaterThan(RUNS / 4);
    expect(answered.lives).toBeGreaterThan(0);
    expect(byPairs).toBeGreaterThan(RUNS / 4);
    expect(valuesKept).toBeGreaterThan(RUNS);
    expect(fromMessages).toBeGreaterThan(RUNS / 5);
    expect(ofPeople).toBeGreaterThan(0);
    expect(fromParts).toBeGreaterThan(RUNS / 10);
    expect(fromCalls.sums).toBeGreaterThan(RUNS / 10);
    expect(fromCalls.values).toBeGreaterThan(0);
  },
  RUNS * 10_000,
);

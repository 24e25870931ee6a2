import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Result } from '../../src/contract/frames.js';
import type { Database } from '../../src/db/database.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { answerRequest } from '../../src/query/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { prune } from '../../src/retention/prune.js';
import { refresh } from '../../src/rollups/refresh.js';
import { claim } from '../../src/rollups/state.js';
import { RUN_METRICS, SESSION_METRICS } from '../oracle/metrics.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { Question, SentEvent } from '../oracle/types.js';
import { Random } from '../support/random.js';
import { randomEvents } from '../support/random-events.js';
import { attributeValues, WORLD } from '../support/random-fields.js';
import { VALUES } from '../support/random-filters.js';
import { randomQuestion } from '../support/random-queries.js';
import { testService, type TestService } from '../support/service.js';

/**
 * The same questions answered from sums and from the rows, over worlds in which anything happens at any moment: the answers
 * are equal to the last digit. RUNBOARD_TEST_RUNS says how many worlds are made, RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 15);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const QUESTIONS = 12;
const NOW = Date.parse('2026-12-01T12:34:56.789Z');

let service: TestService;
let sums: Database;
let rows: Database;
/** how many answers came from sums, and how many from the rows alone */
const answered = { sums: 0, rows: 0, sessions: 0 };
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
    [2, () => claim(database, orgId)],
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

/** As with psql. */
async function byHand(random: Random, orgId: string): Promise<void> {
  const statement = random.pick([
    `update runs set started_at = started_at + interval '301 seconds' where org_id = $1 and run_id < 'r3'`,
    `update runs set cost_nanos = cost_nanos * 3, hidden = not hidden where org_id = $1 and run_id > 'r2'`,
    `delete from runs where org_id = $1 and run_id = (select min(run_id) from runs where org_id = $1)`,
    `update sessions set work_item_id = 'w1' where org_id = $1`,
    `update messages set sent_at = sent_at - interval '3 hours', hidden = not hidden where org_id = $1 and message_id > 'm3'`,
    `update handoffs set session_id = 's1' where org_id = $1`,
    `delete from messages where org_id = $1 and message_id < 'm3'`,
    `delete from sessions where org_id = $1 and session_id = (select max(session_id) from sessions where org_id = $1)`,
  ]);
  await service.database.inOrganization(orgId, (tx) => tx.query(statement, [orgId]));
}

const MEASURES = Object.keys(RUN_METRICS).filter((id) => !/failure_share|phase|counter|usual/.test(id));
const OF_SESSIONS = Object.keys(SESSION_METRICS).filter((id) => id !== 'max_session_cost');
const DIMENSIONS = ['user', 'team', 'repo', 'runtime', 'model', 'status', 'failure_category', 'agent', 'stage'];

/** Most of them as they are asked most: metrics of runs, by one thing or none. */
function simplified(random: Random, question: Question): Question {
  const { filters = {}, ...query } = { ...question.query };
  if (random.chance(0.2) || query.view === 'sessions') return question;
  if (random.chance(0.35)) return { ...question, query: ofSessions(random, query) };
  const dimension = random.pick([null, ...DIMENSIONS]);
  const isGrouped = dimension !== null && random.chance(0.6);
  const isFiltered = dimension !== null && (!isGrouped || random.chance(0.3));
  query.metrics = random.some(MEASURES, random.pick([1, 3, 8]));
  for (const member of ['groupBy', 'orderBy', 'trend', 'sparkline', 'intervals'] as const) delete query[member];
  if (isGrouped) query.groupBy = dimension === 'user' && random.chance(0.3) ? ['team', 'user'] : [dimension];
  const values = Object.values(filters).flatMap((given) => ('not' in given ? given.not : given));
  const known = dimension === null ? [] : (VALUES[dimension] ?? attributeValues(dimension));
  const pool = [...values, ...known, ...known, '(none)'];
  const some = random.some(pool, random.integer(1, 3));
  return {
    ...question,
    query: isFiltered ? { ...query, filters: { [dimension]: random.chance(0.3) ? { not: some } : some } } : query,
  };
}

function ofSessions(random: Random, given: Omit<Question['query'], 'filters'>): Question['query'] {
  const query = { ...given, metrics: random.some([...OF_SESSIONS, 'runs', 'active_users'], random.pick([1, 2, 4])) };
  for (const member of ['groupBy', 'orderBy', 'trend', 'intervals'] as const) delete query[member];
  if (random.chance(0.2))
    return { refId: 'A', view: random.pick(['findings', 'headline']) } as unknown as Question['query'];
  if (random.chance(0.4))
    return { refId: 'A', view: 'sessions', limit: random.pick([1, 2, 3]), offset: random.pick([0, 0, 1]) };
  return query;
}

async function ask(database: Database, orgId: string, { window, timezone, query }: Question): Promise<Result> {
  const body = { ...window, timezone, queries: [query] };
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
  const isSummed = engine !== undefined;
  if ((engine as { base: string }[] | undefined)?.some(({ base }) => base === 'sessions')) answered.sessions += 1;
  answered[isSummed ? 'sums' : 'rows'] += 1;
  expect({ question, answer: told(summed) }).toEqual({ question, answer: told(raw) });
}

async function tryWorld(seed: number): Promise<void> {
  const random = new Random(seed);
  const { orgId, token } = await service.newOrganization();
  const { events, occasion } = randomEvents(random.integer(0, 2 ** 31 - 1));
  const world = merge(events, priceOf);
  if (random.chance(0.8)) await claim(service.database, orgId);
  const sent = random.shuffled(events);
  for (let asked = 0; asked < QUESTIONS;) {
    const batch = sent.splice(0, random.integer(0, 60));
    const sending = service.accept(token, batch);
    await (random.chance(0.3) ? Promise.all([sending, refresh(service.database, orgId)]) : sending);
    if (random.chance(0.6)) await happen(random, orgId, events);
    for (let more = random.integer(1, 4); more > 0; more--, asked++) {
      await compare(orgId, simplified(random, randomQuestion(random, world, events, occasion)));
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
    expect(answered.sessions).toBeGreaterThan(RUNS / 2);
  },
  RUNS * 10_000,
);

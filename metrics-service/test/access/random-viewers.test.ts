import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { updateOrganization } from '../../src/access/organizations.js';
import { answer } from '../oracle/answer.js';
import { firstDifference, type ServiceResult } from '../oracle/compare.js';
import { budgetsSeenBy } from '../oracle/budgets.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { Query, Question, World } from '../oracle/types.js';
import { Random } from '../support/random.js';
import { randomEvents } from '../support/random-events.js';
import { randomQuestion } from '../support/random-queries.js';
import { testService, type TestService } from '../support/service.js';

import { isPersonal, randomRequest, type DataRequest } from './random-requests.js';
import { valuesOfMany, viewersOf, withViewers } from './random-worlds.js';
import { makeTwin } from './twin.js';
import { type Case, expectSame, fail, isBlind } from './viewer-case.js';
import { headersOf, sightOf, visibleWorld, type Sight, type Visibilities } from './viewers.js';

/**
 * Random worlds, asked anything as any kind of viewer. Numbers and the sessions list are compared with the oracle over
 * the world that the viewer sees; every route and view with a twin organization that has nothing else in it.
 * RUNBOARD_TEST_RUNS says how many worlds, RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 6);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const QUESTIONS = 12;
const REQUESTS = 14;
const NOW = Date.parse('2026-12-01T12:34:56.789Z');
const DAY_MS = 86_400_000;

let service: TestService;
let owner: pg.Client;
let asked = 0;
let twins = 0;

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});

it(
  'answers every viewer as if there were nothing else than what they see',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) await compareWorld(seed);
    expect(asked).toBeGreaterThan(RUNS * 100);
  },
  RUNS * 30_000,
);

async function compareWorld(seed: number): Promise<void> {
  const random = new Random(seed * 7919);
  const { events: drawn, occasion } = randomEvents(seed, { count: random.pick([60, 120, 200]) });
  const events = withViewers(drawn, { occasion, random, now: NOW });
  const orgId = `world-${seed}`;
  const token = await service.organization(orgId, {}, ['ingest', 'directory', 'admin', 'read', 'delegate']);
  // a neighbour with the same ids: nothing of it may be seen
  const other = withViewers(randomEvents(seed + 100_000, { count: 60 }).events, { occasion, random, now: NOW });
  for (const [sent, to] of [
    [events, token],
    [other, await service.organization(`${orgId}-neighbour`)],
  ] as const) {
    const { status, body } = await service.request('/v1/events', { body: sent, token: to });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
  const world = merge(events, priceOf);
  const make = (): Question => randomQuestion(random, world, events, occasion);
  for (const viewer of viewersOf(world, random)) {
    const settings: Visibilities = {
      memberVisibility: random.pick(['organization', 'team', 'team', 'self']),
      alertVisibility: random.pick(['organization', 'totals', 'totals', 'nothing']),
      publicVisibility: random.pick(['totals', 'totals', 'nothing']),
    };
    await updateOrganization(service.database, orgId, settings);
    const one: Case = { seed, viewer, settings, sight: sightOf(world, viewer, settings), token };
    for (let count = 0; count < QUESTIONS; count++) await compareWithOracle(one, world, make());
    if ('userIds' in one.sight) await compareWithTwin(one, { orgId, world }, random, make);
    else if ('all' in one.sight) await compareWithToken(one, random, make);
    else await compareNumbers(one, one.sight, world, { random, make });
  }
}

async function ask({ viewer, token }: Pick<Case, 'viewer' | 'token'>, { path, body }: DataRequest) {
  asked += 1;
  return service.request(path, { body, token, headers: viewer ? headersOf(viewer) : {} });
}

async function compareWithOracle(one: Case, world: World, question: Question): Promise<void> {
  const { window, timezone, query } = question;
  const { sight } = one;
  const { status, body } = await ask(one, {
    path: '/v1/query',
    body: { ...window, timezone, queries: [query] },
  });
  if (status !== 200) fail(one, question, JSON.stringify(body));
  const result = body.results.A as ServiceResult;
  const isNothing = 'numbers' in sight && isRefused(sight, question);
  if (isNothing && !sight.elseNothing) {
    if (result.status !== 400) fail(one, question, `status ${result.status} instead of a refusal`);
    return;
  }
  const seen = 'userIds' in sight || isNothing ? visibleWorld(world, idsIn(sight)) : world;
  const forAlert = one.viewer?.kind === 'alert';
  const least = 'numbers' in sight && !isNothing ? { leastPeople: sight.leastPeople } : {};
  const seesNothing = isBlind(sight) || isNothing;
  const expected = answer(seen, question, { postHandoffMs: DAY_MS, now: NOW, forAlert, seesNothing, ...least });
  const difference = firstDifference(query, result, expected);
  if (difference) fail(one, question, difference);
}

/** An alert rule's totals lack groups of which nothing is known, and it is drawn nothing, as the oracle says. */
function hasItsOwnTotal({ viewer }: Case, { body }: DataRequest): boolean {
  const [query] = (body as { queries?: Query[] } | undefined)?.queries ?? [];
  const draws = query?.sparkline === true || query?.trend !== undefined || query?.bounds === true;
  return viewer?.kind === 'alert' && (draws || (query?.view === 'total' && query.groupBy !== undefined));
}

function isInWords({ body }: DataRequest): boolean {
  return ['headline', 'findings'].includes(
    (body as { queries?: { view?: string }[] } | undefined)?.queries?.[0]?.view ?? '',
  );
}

function isRefused({ leastPeople }: { leastPeople: number }, { query }: Question): boolean {
  const isNegated = Object.values(query.filters ?? {}).some(
    (filter) => !Array.isArray(filter) && filter.not.length > 0,
  );
  const asksForOne = [...(query.metrics ?? []), query.orderBy].includes('max_session_cost');
  return isPersonal({ query }) || (leastPeople > 0 && (isNegated || asksForOne || isOfMany(query)));
}

/** Whether it is of numbers, though it names no metric. */
function isOfMany(query: Query | undefined): boolean {
  return query?.view === 'contrast' || query?.view === 'distribution';
}

function idsIn(sight: Sight): Set<string> {
  return 'userIds' in sight ? sight.userIds : new Set();
}

function asksForNumbers({ path, body }: DataRequest): boolean {
  const [query] = (body as { queries?: Query[] } | undefined)?.queries ?? [];
  return query?.metrics !== undefined || isOfMany(query) || /export\/(table|contrast|distribution)/.test(path);
}

async function compareWithTwin(
  one: Case,
  { orgId, world }: { orgId: string; world: World },
  random: Random,
  make: () => Question,
): Promise<void> {
  const twin = `${orgId}-twin-${twins++}`;
  const token = await service.organization(twin);
  const { userIds } = one.sight as { userIds: Set<string> };
  const budgets = budgetsSeenBy(world, userIds);
  await makeTwin(owner, { orgId, twin, persons: [...userIds], budgets });
  for (let count = 0; count < REQUESTS; count++) {
    const request = randomRequest(random, make());
    // it says why they see nothing
    if (userIds.size === 0 && isInWords(request)) continue;
    // its numbers are null there, and 0 here
    if (isBlind(one.sight) && (request.path === '/mcp' || asksForNumbers(request))) continue;
    const [got, expected] = await Promise.all([ask(one, request), ask({ viewer: null, token }, request)]);
    expectSame(one, request, got, expected);
  }
}

/** Who sees everything gets what the token itself gets. */
async function compareWithToken(one: Case, random: Random, make: () => Question): Promise<void> {
  for (let count = 0; count < REQUESTS / 2; count++) {
    const request = randomRequest(random, make());
    if (hasItsOwnTotal(one, request)) continue;
    expectSame(one, request, await ask(one, request), await ask({ viewer: null, token: one.token }, request));
  }
}

/**
 * Who sees numbers only: lists are refused, menus hold what enough people have, all else is as the token sees it, but
 * for the texts of failures.
 */
async function compareNumbers(
  one: Case,
  { leastPeople, elseNothing }: Extract<Sight, { numbers: true }>,
  world: World,
  { random, make }: { random: Random; make: () => Question },
): Promise<void> {
  for (let count = 0; count < REQUESTS; count++) {
    const question = make();
    const request = randomRequest(random, question);
    // who sees which: query/budgets.test.ts
    if (request.path === '/mcp' || isOfBudgets(request)) continue;
    const got = await ask(one, request);
    if (isInWords(request)) {
      if (/session|[?&]var-/.test(JSON.stringify(got.body.results.A.frames?.[0].data ?? '')))
        fail(one, request, `names a session: ${JSON.stringify(got.body)}`);
      continue;
    }
    const [, menu] = /^\/v1\/dimensions\/(\w+)/.exec(request.path) ?? [];
    const [asked_] = (request.body as { queries: Query[] } | undefined)?.queries ?? [question.query];
    const isList =
      !menu && (!(asked_!.metrics !== undefined || isOfMany(asked_)) || /export\/(sessions|runs)/.test(request.path));
    if (isList) {
      // a filter that no list of that kind takes is refused whoever asks
      const result = got.body.results?.A.status as number | undefined;
      const refused = got.status === 400 || result === 400 || (elseNothing && result === 200);
      if (!refused) fail(one, request, `not refused: ${JSON.stringify(got.body)}`);
      const told = (got.body.results?.A.frames ?? []) as { data: { values: unknown[][] } }[];
      if (told.some(({ data }) => data.values.flat().length > 0)) fail(one, request, `told: ${JSON.stringify(told)}`);
    } else if (menu === 'user' || menu === 'session') {
      if (got.body.values.length > 0) fail(one, request, JSON.stringify(got.body));
    } else if (menu && leastPeople > 0) {
      if (request.path.includes('?') && !request.path.endsWith('?')) continue;
      const wanted = valuesOfMany(world, menu, leastPeople);
      const values = got.body.values.map(({ value }: { value: string }) => value).sort();
      if (wanted && values.join() !== wanted.join())
        fail(one, request, `got ${values.join()}, expected ${wanted.join()}`);
    } else if (showsFailureTexts(menu, asked_!) || hasItsOwnTotal(one, request)) {
      continue;
    } else if (leastPeople === 0 && !isRefused({ leastPeople }, { ...question, query: asked_! })) {
      expectSame(one, request, got, await ask({ viewer: null, token: one.token }, request));
    }
  }
}

function isOfBudgets({ path, body }: DataRequest): boolean {
  return path.includes('/budget/') || JSON.stringify(body ?? null).includes('budget');
}

function showsFailureTexts(menu: string | undefined, { groupBy = [] }: Query): boolean {
  return [menu, ...groupBy].includes('failure_fingerprint');
}

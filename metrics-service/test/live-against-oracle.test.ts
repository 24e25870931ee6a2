import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rebuild } from '../src/ingest/rebuild.js';
import { loadPrices } from '../src/pricing/index.js';
import { answer } from './oracle/answer.js';
import { firstDifference } from './oracle/compare.js';
import { failuresIn, liveIn, runawaysIn, spendingIn } from './oracle/live.js';
import { merge } from './oracle/merge.js';
import { priceOf } from './oracle/prices.js';
import type { SentEvent } from './oracle/types.js';
import { Random } from './support/random.js';
import { randomEvents } from './support/random-events.js';
import { liveQuery } from './support/random-queries.js';
import { testService, type TestService } from './support/service.js';

/**
 * The metrics as of now against the oracle, asked amid what happens; some of it lies ahead of the clock. After a rebuild
 * they are the same. RUNBOARD_TEST_RUNS says how many worlds, RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 8);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const QUESTIONS = 12;
const HOUR = 3_600_000;
/** What tells of a run's cost. */
const SPEND = ['llm_call.recorded', 'run.progressed', 'run.completed'];
const ABOUT = ['user', 'session', 'message', 'run', 'llm_call', 'tool_call'];

let service: TestService;
let now = 0;
let open = 0;
let spending = 0;
let failures = 0;
let runaways = 0;

beforeAll(async () => {
  service = await testService({ clock: () => now });
});
afterAll(() => service.stop());

it(
  'the runs of now are those that the oracle finds, before and after a rebuild',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) await compareWorld(seed);
    expect(open).toBeGreaterThan(RUNS);
    expect(spending + failures).toBeGreaterThan(0);
  },
  RUNS * 10_000,
);

async function compareWorld(seed: number): Promise<void> {
  const random = new Random(seed);
  const { events: drawn, occasion } = randomEvents(seed, { count: random.pick([60, 200]), about: ABOUT });
  const near = occasion.at + random.pick([random.integer(-2, 30) * HOUR, 0, random.integer(0, 90) * 60_000]);
  const costs = drawn.filter(({ type }) => SPEND.includes(type)).map(latest);
  now = costs.length > 0 && random.chance(0.6) ? random.pick(costs) + random.integer(-1, 12) * 60_000 : near;
  const events = drawn.filter((event) => latest(event) <= now + 24 * HOUR);
  const { token, orgId } = await service.newOrganization();
  const shuffled = random.shuffled(events);
  const half = random.integer(0, shuffled.length);
  for (const body of [shuffled.slice(0, half), shuffled.slice(half)]) {
    if (body.length === 0) continue;
    const { status, body: answered } = await service.request('/v1/events', { token, body });
    if (status !== 200) throw new Error(JSON.stringify(answered));
  }
  const world = merge(events, priceOf, now);
  const window = { from: now - HOUR, to: now };
  const { timezone } = occasion;
  const scope = { world, window, timezone, filters: {}, group: [], postHandoffMs: 0, now };
  open += liveIn(scope).length;
  spending += spendingIn(scope).length;
  failures += failuresIn(scope).length;
  runaways += runawaysIn(scope).length;
  const compare = async (): Promise<void> => {
    const query = liveQuery(random, world);
    const { body } = await service.request('/v1/query', { token, body: { ...window, timezone, queries: [query] } });
    const expected = answer(world, { window, timezone, query }, { postHandoffMs: 24 * HOUR, now });
    const difference = firstDifference(query, body.results.A, expected);
    if (difference)
      throw new Error(`${difference}\nseed ${seed}, as of ${new Date(now).toISOString()}\n${JSON.stringify(query)}`);
  };
  for (let asked = 0; asked < QUESTIONS; asked++) await compare();
  await rebuild(service.database, orgId, loadPrices());
  for (let asked = 0; asked < QUESTIONS; asked++) await compare();
}

/** The latest time that the event says anywhere. */
function latest({ time, data }: SentEvent): number {
  const texts = JSON.stringify([time, data]).match(/"\d{4}-\d\d-\d\d[T ][^"]+"/gi) ?? [];
  return Math.max(...texts.map((text) => Date.parse(text.slice(1, -1))));
}

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createToken } from '../src/access/tokens.js';
import { type BudgetRow, budgetRows, historyRows } from './oracle/budgets.js';
import { merge } from './oracle/merge.js';
import { priceOf } from './oracle/prices.js';
import type { SentEvent } from './oracle/types.js';
import { rowsOf } from './query/world.js';
import { Random } from './support/random.js';
import { randomEvents } from './support/random-events.js';
import { testService, type TestService } from './support/service.js';

/**
 * Budgets against the oracle, in random worlds around clock changes: any filters, periods and thresholds, limits that change,
 * events that come late, asked at any moment, with some of it ahead of the clock; no run is told twice, which is tried elsewhere. RUNBOARD_TEST_RUNS says how many worlds,
 * RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 10);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ABOUT = ['user', 'session', 'run', 'llm_call', 'budget'];

let service: TestService;
let now = 0;
/** how often something is known of each column */
const known = new Map<string, number>();

beforeAll(async () => {
  service = await testService({ clock: () => now });
});
afterAll(() => service.stop());

it(
  'each budget stands as the oracle says, to the last digit',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) await compareWorld(seed);
    for (const column of ['spent', 'projected', 'reached_at', 'past', 'state'])
      expect(known.get(column)).toBeGreaterThan(0);
  },
  RUNS * 20_000,
);

async function compareWorld(seed: number): Promise<void> {
  const random = new Random(seed);
  const { events: drawn, occasion } = randomEvents(seed, { count: random.pick([60, 200]), about: ABOUT });
  const { timezone } = occasion;
  now = occasion.at + random.pick([random.integer(-2, 30) * HOUR, 0, random.integer(-3, 30) * DAY + 90 * 60_000]);
  const events = drawn.filter((event) => latestIn(event) <= now + 24 * HOUR && event.data.key == null);
  const orgId = `budgets-${seed}`;
  const token = await service.organization(orgId, { timezone });
  const shuffled = random.shuffled(events);
  // some of it comes after it was asked for
  const late = shuffled.splice(0, Math.floor(shuffled.length / 3));
  for (const body of [shuffled, late]) {
    if (body.length === 0) continue;
    await service.accept(token, body);
    const world = merge(body === late ? events : shuffled, priceOf, now);
    const expected = budgetRows(world, now, timezone);
    const window = { from: now - random.integer(1, 70) * DAY, to: now + DAY };
    const past = historyRows(world, { window, now, zone: timezone });
    const differing =
      firstDifferent(await ask(orgId), expected) ?? firstDifferent(await askHistory(orgId, window), past);
    if (differing) throw new Error(`seed ${seed}, as of ${new Date(now).toISOString()} in ${timezone}: ${differing}`);
    if (past.some(({ spent }) => spent !== 0 && spent !== null)) known.set('past', (known.get('past') ?? 0) + 1);
    for (const row of expected) {
      for (const [name, value] of Object.entries(row)) if (value) known.set(name, (known.get(name) ?? 0) + 1);
    }
  }
}

/** The rows of the view by id, checked against the metrics. */
async function ask(orgId: string): Promise<BudgetRow[]> {
  const { token } = await createToken(service.database, orgId, { name: 'reader', scopes: ['read'] });
  const queries = [
    { refId: 'A', view: 'budgets', orderBy: 'budget', direction: 'asc' },
    {
      refId: 'B',
      view: 'table',
      metrics: ['budget_use', 'budget_projected_use'],
      groupBy: ['budget'],
      orderBy: 'budget_id',
      direction: 'asc',
    },
  ];
  const { status, body } = await service.request('/v1/query', { token, body: { from: 0, to: 1, queries } });
  if (status !== 200) throw new Error(JSON.stringify(body));
  const rows = rowsOf(body.results.A) as BudgetRow[];
  const uses = rows.map(({ budget, use, projected_use }) => [budget, use, projected_use]);
  const asMetrics = rowsOf(body.results.B).map((row) => [row.budget_id, row.budget_use, row.budget_projected_use]);
  expect(asMetrics).toEqual(uses);
  return rows;
}

async function askHistory(orgId: string, window: object): Promise<BudgetRow[]> {
  const { token } = await createToken(service.database, orgId, { name: 'reader', scopes: ['read'] });
  const queries = [{ refId: 'A', view: 'budget_history', limit: 10_000 }];
  const { body } = await service.request('/v1/query', { token, body: { ...window, queries } });
  return rowsOf(body.results.A) as BudgetRow[];
}

function firstDifferent(found: BudgetRow[], expected: BudgetRow[]): string | null {
  if (found.length !== expected.length) return `${found.length} budgets, not ${expected.length}`;
  for (const [index, row] of expected.entries()) {
    for (const [name, value] of Object.entries(row)) {
      if (found[index]![name] !== value) return `${name} is ${found[index]![name]}, not ${JSON.stringify(row)}`;
    }
  }
  return null;
}

/** The latest time that the event says anywhere. */
function latestIn({ time, data }: SentEvent): number {
  const texts = JSON.stringify([time, data]).match(/"\d{4}-\d\d-\d\d[T ][^"]+"/gi) ?? [];
  return Math.max(...texts.map((text) => Date.parse(text.slice(1, -1))));
}

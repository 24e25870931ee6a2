import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DemoFleet } from '../../src/demo/fleet.js';
import { rowsOf } from '../query/world.js';
import { testService, type TestService } from '../support/service.js';

const START = Date.UTC(2026, 3, 15, 14, 20);
const MINUTE = 60_000;

let service: TestService;
let now = START;
const fleet = new DemoFleet(START);
beforeAll(async () => {
  service = await testService({ clock: () => now });
});
afterAll(() => service.stop());

async function ask(query: object): Promise<Record<string, unknown>[]> {
  const body = { from: START - 60 * MINUTE, to: now + 1, timezone: 'UTC', queries: [query] };
  return rowsOf((await service.request('/v1/query', { body })).body.results.A);
}

const METRICS = ['queued_runs_now', 'in_flight_runs_now', 'stuck_runs_now', 'max_context_use_now'];

it('is at work from the first moment: some wait, some work, and one hangs', async () => {
  await service.accept(service.token, fleet.upTo(START));
  const states = (await ask({ view: 'live' })).map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['queued', 'running', 'stuck']));
  expect(states.filter((state) => state === 'stuck')).toHaveLength(1);
});

it('goes on: within an hour runs end well and badly, the one that hung was given up, and never all wait', async () => {
  const events: object[] = [];
  for (; now < START + 60 * MINUTE; now += 2_000) events.push(...fleet.upTo(now));
  for (let sent = 0; sent < events.length; sent += 2_000) {
    await service.accept(service.token, events.slice(sent, sent + 2_000));
  }
  const [ended] = await ask({ view: 'total', metrics: ['succeeded_runs', 'failed_runs', 'cost_coverage'] });
  expect(ended!.succeeded_runs).toBeGreaterThan(20);
  expect(ended!.failed_runs).toBeGreaterThan(0);
  expect(ended!.cost_coverage).toBe(1);
  const timedOut = await ask({
    view: 'runs',
    filters: { status: ['TIMEOUT'] },
    orderBy: 'started_at',
    direction: 'asc',
  });
  expect(timedOut[0]).toMatchObject({ agent: 'agate' });
  const [live] = await ask({ view: 'total', metrics: METRICS });
  expect(live!.in_flight_runs_now).toBeGreaterThan(0);
  expect(live!.queued_runs_now).toBeLessThanOrEqual(4);
  expect(live!.max_context_use_now).toBeGreaterThan(0);
  const uses = events.flatMap((event) => {
    const { contextTokens, contextLimit } = (event as { data: Record<string, number | undefined> }).data;
    return contextTokens === undefined ? [] : [contextTokens / contextLimit!];
  });
  expect(Math.min(...uses)).toBeLessThan(0.3);
  expect(Math.max(...uses)).toBeGreaterThan(0.8);
  // as much as an hour of six agents can be
  expect(events.length).toBeLessThan(15_000);
});

it('ends with those who look: nothing of it goes on', async () => {
  await service.accept(service.token, fleet.end(now));
  expect(await ask({ view: 'live' })).toEqual([]);
});

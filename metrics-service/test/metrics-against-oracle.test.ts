import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compareWithOracle, explain, shrink, type NewOrganization } from './support/against-oracle.js';
import { testService, type TestService } from './support/service.js';

/**
 * Every metric, view, group, filter, order, page, interval and zone against the oracle (test/oracle), on random events
 * sent in random order. RUNBOARD_TEST_RUNS says how many worlds are made, RUNBOARD_TEST_SEED with which one to begin.
 */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 50);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const QUESTIONS = 20;
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-12-01T12:34:56.789Z');

let service: TestService;
let organizations = 0;

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

const organization =
  (postHandoffMs: number): NewOrganization =>
  async () => {
    const token = await service.organization(`org-${organizations++}`, { postHandoffMs });
    return {
      postHandoffMs,
      now: NOW,
      async send(events) {
        const { status, body } = await service.request('/v1/events', { body: events, token });
        if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
      },
      async ask({ window, timezone, query }) {
        const { status, body } = await service.request('/v1/query', {
          body: { ...window, timezone, queries: [query] },
          token,
        });
        if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
        return body.results[query.refId];
      },
    };
  };

it(
  'answers every question as the oracle does',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const newOrganization = organization(seed % 4 === 0 ? 2 * HOUR_MS : 24 * HOUR_MS);
      const found = await compareWithOracle(newOrganization, seed, QUESTIONS);
      if (found) throw new Error(explain(await shrink(newOrganization, found)));
    }
    expect(organizations).toBe(RUNS);
  },
  RUNS * 10_000,
);

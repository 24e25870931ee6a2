import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf } from '../query/world.js';
import { testService, type TestService } from '../support/service.js';

const example = (name: string): string => fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url));
const LEDGER = example('ledger.mjs');
const FLEET = example('fleet.mjs');
const NOW = Date.UTC(2026, 2, 12, 9);
const MONTH = { from: Date.UTC(2026, 1, 1), to: NOW };

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

/** Runs the example as it is written, at that moment: what it says. */
async function run(): Promise<string> {
  const clock = `data:text/javascript,Date.now = () => ${NOW}`;
  const child = spawn(process.execPath, ['--import', clock, LEDGER], {
    env: { PATH: process.env.PATH, RUNBOARD_URL: service.address, RUNBOARD_TOKEN: service.token },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect([await new Promise((resolve) => child.on('close', resolve)), said]).toEqual([0, expect.any(String)]);
  return said;
}

async function ask(query: object) {
  const { body } = await service.request('/v1/query', { body: { ...MONTH, timezone: 'UTC', queries: [query] } });
  return rowsOf(body.results.A);
}

/**
 * By hand from its rules. A review sends back: ruby's first bead (of 12); opal's 1st, 4th, 7th, 10th; of jade's every second. The
 * first, and jade's 5th and 9th, come back twice. So 12 + 2, 12 + 4 + 1 and 12 + 6 + 3 rounds, 52 in all.
 */
describe('the example of a work ledger', () => {
  it('is about 80 lines, and counts once when it runs twice', async () => {
    expect((await readFile(LEDGER, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(80);
    // 147 items, closed; 140 sessions; 148 runs, started and completed; 11 + 5 times sent back; 5 escalations, resolved
    const told = 2 * 147 + 140 + 2 * 148 + 16 + 2 * 5;
    expect(JSON.parse(await run())).toEqual({ accepted: told, duplicates: 0, rejected: [] });
    expect(JSON.parse(await run())).toEqual({ accepted: 0, duplicates: told, rejected: [] });
  });

  it('tells two builders apart from the third: what came back, and who called for a person', async () => {
    const metrics = ['closed_work_items', 'quality_rate', 'rework_rate', 'escalations', 'runs', 'run_success_rate'];
    const rows = await ask({ view: 'table', metrics, groupBy: ['agent'], filters: { role: ['builder'] } });
    // each fifth bead's tests fail at first: of 0, 5, … 35 those that leave 0, 1 and 2 when divided by 3
    const failed = { ruby: 3, opal: 2, jade: 3 };
    const of = (agent: keyof typeof failed, rounds: number, more: { rework_rate: number; escalations: number }) => ({
      ...{ agent, closed_work_items: 12, quality_rate: 1, ...more, runs: rounds + failed[agent] },
      run_success_rate: rounds / (rounds + failed[agent]),
    });
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        of('ruby', 14, { rework_rate: 1 / 12, escalations: 1 }),
        of('opal', 17, { rework_rate: 4 / 12, escalations: 1 }),
        of('jade', 21, { rework_rate: 6 / 12, escalations: 3 }),
      ]),
    );
  });

  it('has steps that belong to beads, these to convoys, and costs that are known', async () => {
    const metrics = ['work_items', 'runs', 'cost_coverage'];
    const epics = await ask({ view: 'table', metrics, groupBy: ['epic'], orderBy: 'epic', direction: 'asc' });
    expect(epics.map(({ epic, work_items, cost_coverage }) => [epic, work_items, cost_coverage])).toEqual([
      ['2026-03-12 checkout', 36, 1],
      ['2026-03-12 search', 36, 1],
      ['2026-03-12 sign-in', 36, 1],
    ]);
    // 9 designs each of 5, 6, 7 and 8 minutes by claude-opus-4-5: a minute is 2,000 tokens at $5, 7,000 at $0.50, 700 at $25 a million
    const designs = await ask({
      ...{ view: 'table', metrics: ['total_cost', 'p50_time_to_close'], groupBy: ['agent'] },
      filters: { agent: ['mayor'] },
    });
    expect(designs).toEqual([
      { agent: 'mayor', total_cost: expect.closeTo(234 * (0.01 + 0.0035 + 0.0175), 9), p50_time_to_close: 390_000 },
    ]);
  });
});

/** Six runs, each of six steps of four ticks; the third fails. */
describe('the example of a fleet', () => {
  it('is 60 lines, and tells what goes on while it does', async () => {
    expect((await readFile(FLEET, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    const live = await testService();
    try {
      const child = spawn(process.execPath, [FLEET], {
        env: {
          PATH: process.env.PATH,
          RUNBOARD_URL: live.address,
          RUNBOARD_TOKEN: live.token,
          TICK_MS: '40',
          RUNS: '6',
        },
      });
      let wrong = '';
      child.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString()));
      let hasEnded = false;
      const end = new Promise((resolve) => child.on('close', resolve)).finally(() => (hasEnded = true));
      const ask = async (query: object) => {
        const now = Date.now();
        const body = { from: now - 3_600_000, to: now + 60_000, timezone: 'UTC', queries: [query] };
        return rowsOf((await live.request('/v1/query', { body })).body.results.A);
      };
      const seen: Record<string, unknown>[] = [];
      while (!hasEnded) seen.push(...(await ask({ view: 'live' })));
      expect([await end, wrong]).toEqual([0, '']);
      expect(new Set(seen.map(({ run }) => run)).size).toBe(6);
      expect(seen).toContainEqual(expect.objectContaining({ state: 'queued', agent: null, repo: 'acme/shop' }));
      expect(seen).toContainEqual(
        expect.objectContaining({ state: 'running', role: 'builder', repo: 'acme/shop', steps: 6 }),
      );
      expect(await ask({ view: 'live' })).toEqual([]);
      const metrics = ['runs', 'succeeded_runs', 'failed_runs', 'in_flight_runs', 'cost_coverage'];
      expect(await ask({ view: 'total', metrics })).toEqual([
        { runs: 6, succeeded_runs: 5, failed_runs: 1, in_flight_runs: 0, cost_coverage: 1 },
      ]);
    } finally {
      await live.stop();
    }
  });
});

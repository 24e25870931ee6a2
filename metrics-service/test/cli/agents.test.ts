import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NOW, startWorld, type World } from '../query/world.js';
import { inProcess } from '../support/in-process.js';

/** Who does it well, on the command line: numbers by hand from world.ts. */
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const runboard = inProcess(NOW, () => world.url);
const WEEK = ['--from', '2026-03-02', '--to', '2026-03-09', '--timezone', 'UTC'];

const cellsOf = (line: string | undefined): string[] => (line ?? '').trim().split(/ {2,}/);

describe('runboard agents', () => {
  it('has a row for each, with intervals, from the database and from a service', async () => {
    for (const there of [[], ['--url', world.address, '--token', world.token]]) {
      const { out, err, code } = await runboard('agents', ...WEEK, ...there);
      expect(code).toBe(0);
      const [, , head, first, second] = out.split('\n').map(cellsOf);
      expect(head!.slice(0, 6)).toEqual([
        ...['Agent', 'Closed work items', 'Median time to close', 'Quality rate', 'Rework rate', 'Run success rate'],
      ]);
      expect(first!.slice(0, 6)).toEqual([
        ...['reviewer', '1', '5d', '100.0% (20.7% to 100.0%), n=1', '100.0% (20.7% to 100.0%), n=1'],
        '0.0% (0.0% to 65.8%), n=2',
      ]);
      expect(second!.slice(0, 2)).toEqual(['builder', '0']);
      expect(err).toContain(
        'note: Run success rate: not told apart are reviewer and builder; the difference may be chance',
      );
    }
  });

  it('prints the same as JSON, with definitions', async () => {
    const { rows, metrics } = JSON.parse((await runboard('agents', ...WEEK, '--json')).out);
    expect(rows[0]).toMatchObject({ agent: 'reviewer', runs: 2, quality_rate: 1, quality_rate_cases: 1 });
    expect(metrics[0]).toMatchObject({ id: 'closed_work_items', definition: expect.any(String) });
  });

  it('shows the record of one', async () => {
    const { out, err } = await runboard('agents', 'reviewer', ...WEEK);
    expect(out).toMatch(/^acme {2}agent reviewer {2}2026-03-02 00:00 to 2026-03-09 00:00 {2}UTC$/m);
    expect(out).toMatch(/^Run success rate +0\.0% \(0\.0% to 65\.8%\), n=2$/m);
    expect(out).toMatch(/^Total cost +\$1\.25$/m);
    expect(out).toMatch(/^By model\nModel .*\nclaude-sonnet-4-5 /m);
    expect(out).toMatch(/^Latest work items\nWork item .*\nW-1 /m);
    expect(out).toMatch(/^Latest escalations\nTime .*\n2026-03-04 10:00 /m);
    expect(err).toContain('fewer than 20 runs');
    const { record, agent } = JSON.parse((await runboard('agents', 'reviewer', ...WEEK, '--json')).out);
    expect([agent, record.total_cost]).toEqual(['reviewer', 1.25]);
    const wrong = await runboard('agents', 'reviewer', '--filter', 'project=shop');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--filter is for the list of agents')]);
  });
});

describe('runboard compare', () => {
  it('has models beside each other by default', async () => {
    const { out } = await runboard('compare', ...WEEK);
    const [, , head, first] = out.split('\n').map(cellsOf);
    expect(head!.slice(0, 3)).toEqual(['Model', 'Run success rate', 'Runs']);
    expect(first!.slice(0, 3)).toEqual(['claude-sonnet-4-5', '50.0% (9.5% to 90.5%), n=2', '2']);
    const { rows } = JSON.parse((await runboard('compare', 'agent', '--same', 'task_type', ...WEEK, '--json')).out);
    expect(rows.map(({ task_type, agent }: any) => [task_type, agent])).toEqual([
      ['feature', 'builder'],
      [null, 'reviewer'],
      [null, null],
    ]);
  });

  it('contrasts with and without', async () => {
    const asked = ['compare', '--with', 'tool=Bash', ...WEEK];
    const { out, err } = await runboard(...asked);
    expect(out).toMatch(/^Sessions +1 +2 +–$/m);
    expect(out).toMatch(/^Average runs +2, n=1 +1\.5, n=2 +0\.5$/m);
    expect(err).toContain('this compares what people chose, not what caused it');
    expect(JSON.parse((await runboard(...asked, '--json')).out).rows[0]).toMatchObject({ group: 'with', sessions: 1 });
    const wrong = await runboard('compare', '--with', 'phase=edit', ...WEEK);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('unknown dimension in by "phase"')]);
    expect((await runboard('compare', 'beauty', ...WEEK)).err).toMatch(/^error: .*beauty.*model, agent/);
  });
});

describe('runboard work-items', () => {
  it('lists them, or says what one cost', async () => {
    const { out } = await runboard('work-items', ...WEEK);
    expect(out).toMatch(/^W-1 +Totals /m);
    expect((await runboard('work-items', 'W-1')).out).toBe((await runboard('cost', 'W-1')).out);
    expect(JSON.parse((await runboard('work-items', 'W-1', '--json')).out)).toMatchObject({ totalCost: 1.75 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';
import type { TestService } from '../support/service.js';
import { MARCH, NOW, startVienna } from './query-world.js';

let service: TestService;
beforeAll(async () => {
  ({ service } = await startVienna());
});
afterAll(() => service?.stop());

const runboard = inProcess(NOW, () => service.url);
const query = (...args: string[]) => runboard('query', '--org', 'vienna', ...args);

describe('runboard query, on how much its numbers say,', () => {
  it('tells intervals of shares, with groups or without', async () => {
    // by hand: of 1 of 1 from 1 ÷ (1 + z²), of 1 of 2 from 1/2 − z ÷ (2 · √(2 + z²))
    const of = (share: number, low: number, high: number) => ({
      run_success_rate: share,
      run_success_rate_low: expect.closeTo(low, 12),
      run_success_rate_high: expect.closeTo(high, 12),
    });
    const z = 1.959963984540054;
    const half = z / (2 * Math.sqrt(2 + z ** 2));
    const byTeam = ['run_success_rate', '--by', 'team', '--intervals', '--json'];
    const { rows, notices } = JSON.parse((await query(...MARCH, ...byTeam)).out);
    expect(rows).toEqual([
      { team: 'web\u001b[31m', ...of(1, 1 / (1 + z ** 2), 1), run_success_rate_cases: 1 },
      { team: 'core', ...of(0.5, 0.5 - half, 0.5 + half), run_success_rate_cases: 2 },
      {
        ...{ team: null, run_success_rate: null, run_success_rate_low: null, run_success_rate_high: null },
        run_success_rate_cases: 0,
      },
    ]);
    expect(notices.at(-1).text).toMatch(
      /^Run success rate: not told apart are web.* and core; the difference may be chance$/,
    );
    const whole = await query('run_success_rate', '--intervals', ...MARCH);
    expect(whole.out).toMatch(/^ +Run success rate\n66\.7% \(20\.8% to 93\.9%\), n=3$/m);
    const wrong = await query('runs', '--interval', 'day', '--intervals', ...MARCH);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('error: --intervals is for the view table only, not for series\n');
    expect((await query('runs', '--by', 'team', '--intervals', ...MARCH)).err).toMatch(
      /^error: intervals: runs has none; those/,
    );
  });

  it('contrasts with and without, a line per number', async () => {
    const asked = ['--with', 'status=FAILED', '--filter', 'team=core,web', ...MARCH];
    const { out } = await query(...asked);
    // the last run of Ann's session failed: 0 of 1, up to z² ÷ (1 + z²)
    expect(out).toMatch(/^ +With +Without +Difference\n(Sessions +1 +)/m);
    expect(out).toMatch(/^Success of the last run +0\.0% \(0\.0% to 79\.3%\), n=1 +–, n=0 +–$/m);
    expect(out).toMatch(/^Average cost +\$1\.25, n=1 +–, n=0 +–$/m);
    const { rows } = JSON.parse((await query(...asked, '--of', 'sessions', '--json')).out);
    expect(rows[0]).toMatchObject({ group: 'with', sessions: 1, avg_cost: 1.2542, avg_runs: 2 });
    expect((await query('--with', 'role', ...MARCH)).err).toContain('error: --with must be like repo=web,api');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';
import type { TestService } from '../support/service.js';
import { lines, MARCH, NOW, startVienna } from './query-world.js';

let service: TestService;
let token: string;
beforeAll(async () => {
  ({ service, token } = await startVienna());
});
afterAll(() => service?.stop());

const runboard = inProcess(NOW, () => service.url);
const query = (...args: string[]) => runboard('query', '--org', 'vienna', ...args);

describe('runboard query', () => {
  it('shows a table by group, and remarks on stderr', async () => {
    const { out, err, code } = await query('runs', 'run_success_rate', 'total_cost', ...MARCH, '--by', 'team');
    expect(out).toBe(
      lines(
        'vienna  2026-03-01 00:00 to 2026-04-01 00:00  Europe/Vienna',
        '',
        'Team           Runs  Run success rate  Total cost',
        'core              2             50.0%       $1.25',
        'web\\u001b[31m     1            100.0%           –',
        '(none)            1                 –           –',
      ),
    );
    expect(err).toBe(
      lines(
        '',
        'warning: cost is known for 66 % of the terminal runs; unknown is not counted as zero',
        'note: fewer than 20 runs (3 of 3 groups): rates, averages and percentiles say little',
      ),
    );
    expect(code).toBe(0);
  });

  it('says below it what it was made of, with --explain', async () => {
    const asked = ['runs', ...MARCH, '--explain'];
    const { out, code } = await query(...asked);
    expect(out).toMatch(
      /^vienna .*\n\nRuns {2}4\n\nfrom the rows\n( +\d+\.\d ms {2}[a-z_, ]+\n)+ +\d+\.\d ms {2}in all\n$/,
    );
    expect(code).toBe(0);
    const { engine } = JSON.parse((await query(...asked, '--json')).out) as { engine: { kept: []; steps: object[] } };
    expect(engine.kept).toEqual([]);
    expect(engine.steps.length).toBeGreaterThan(0);
  });

  it('shows totals, a line per metric, and the window before', async () => {
    const metrics = ['runs', 'avg_run_duration', 'total_tokens', 'total_cost'];
    const { out } = await query(...metrics, '--last', '24h', '--to', '2026-03-11');
    expect(out).toBe(
      lines(
        'vienna  2026-03-10 00:00 to 2026-03-11 00:00  Europe/Vienna',
        '',
        'Runs                      2',
        // (83 s + 10 s) ÷ 2
        'Average run duration  46.5s',
        'Total tokens           1.2M',
        'Total cost            $1.25',
      ),
    );
    const compared = await query('runs', 'total_cost', '--from', '2026-03-11', '--to', '2026-03-12', '--compare');
    expect(compared.out).toBe(
      lines(
        'vienna  2026-03-11 00:00 to 2026-03-12 00:00  Europe/Vienna',
        '',
        '            This window  Before  Change',
        // the day before began before the first event
        'Runs                  2       2       –',
        'Total cost            –   $1.25       –',
      ),
    );
  });

  it('shows series, groups side by side', async () => {
    const days = ['--from', '2026-03-10', '--to', '2026-03-12', '--interval', 'day'];
    const { out } = await query('runs', ...days, '--by', 'repo');
    expect(out).toBe(
      lines(
        'vienna  2026-03-10 00:00 to 2026-03-12 00:00  Europe/Vienna, by day',
        '',
        'Day         shop  (none)',
        '2026-03-10     2       0',
        '2026-03-11     0       2',
      ),
    );
  });

  it('lists sessions, without columns that say nothing', async () => {
    const { out } = await query('--view', 'sessions', ...MARCH, '--order-by', 'runs', '--limit', '1');
    const [, , head, row] = out.split('\n');
    expect(head?.split(/ {2,}/)).toEqual(
      (
        'Session,User,User id,Team,Repository,Last active,Runs,Run success rate,Failed runs,Why runs failed,Total cost,' +
        'Total tokens,Cost coverage,Agent active time,Lifespan,Handoffs,Local handoff,Post-handoff iteration'
      ).split(','),
    );
    const cells = [
      's1',
      'Ann',
      'ann',
      'core',
      'shop',
      '2026-03-10 11:00',
      '2',
      '50.0%',
      '1',
      'Uncategorized',
      '$1.25',
      '1.2M',
      '100.0%',
    ];
    expect(row?.split(/ {2,}/)).toEqual([...cells, '1m 33s', '–', '1', 'yes', 'yes']);
  });

  it('filters: values, negation, rows without one', async () => {
    const count = async (...filters: string[]) => {
      const { out } = await query('runs', ...MARCH, '--json', ...filters.flatMap((filter) => ['--filter', filter]));
      return JSON.parse(out).rows[0].runs;
    };
    expect(await count('user=Ann')).toBe(2);
    expect(await count('status=FAILED,IN_FLIGHT')).toBe(2);
    expect(await count('status=SUCCEEDED', 'team!=core')).toBe(1);
    expect(await count('repo=(none)')).toBe(2);
    expect(await count('repo!=(none)')).toBe(2);
  });

  it('prints exact numbers as JSON, the same from the database and from a service', async () => {
    const args = ['total_tokens', 'total_cost', ...MARCH, '--by', 'user', '--filter', 'team=core', '--json'];
    const { out, err } = await query(...args);
    expect(err).toBe('');
    const answer = JSON.parse(out);
    expect(answer).toEqual({
      organization: 'vienna',
      view: 'table',
      window: { from: '2026-02-28T23:00:00.000Z', to: '2026-03-31T22:00:00.000Z' },
      timezone: 'Europe/Vienna',
      interval: null,
      asOf: '2026-03-31T10:00:00.000Z',
      columns: [
        { name: 'user', title: 'User', unit: null },
        { name: 'user_id', title: expect.any(String), unit: null },
        { name: 'total_tokens', title: 'Total tokens', unit: 'tokens' },
        { name: 'total_cost', title: 'Total cost', unit: 'USD' },
      ],
      rows: [{ user: 'Ann', user_id: 'ann', total_tokens: 1_234_567, total_cost: 1.2542 }],
      notices: [expect.objectContaining({ severity: 'warning', text: expect.stringContaining('tokens are known') })],
    });
    const asked = await runboard('query', '--url', service.address, '--token', token, ...args);
    expect(JSON.parse(asked.out)).toEqual({ ...answer, organization: service.address });
  });

  it('gives a series and a compared total as plain rows, too', async () => {
    const series = await query('runs', 'total_cost', '--by', 'team', '--interval', 'month', ...MARCH, '--json');
    expect(JSON.parse(series.out).rows).toEqual([
      { time: '2026-02-28T23:00:00.000Z', team: 'core', runs: 2, total_cost: 1.2542 },
      { time: '2026-02-28T23:00:00.000Z', team: 'web\u001b[31m', runs: 1, total_cost: null },
      { time: '2026-02-28T23:00:00.000Z', team: null, runs: 1, total_cost: null },
    ]);
    const total = await query('runs', '--last', '24h', '--to', '2026-03-12', '--compare', '--json');
    expect(JSON.parse(total.out).rows).toEqual([{ runs: 2, runs_previous: 2, runs_change: null }]);
    expect(total.out).toContain('no change is told: the earlier window begins before the first event that is kept');
    const later = await query('runs', '--last', '24h', '--to', '2026-03-13', '--compare', 'same_weekdays', '--json');
    expect(JSON.parse(later.out).rows).toEqual([{ runs: 0, runs_previous: 0, runs_change: null }]);
    const days = ['--from', '2026-03-12', '--to', '2026-03-13', '--timezone', 'UTC'];
    const changed = await query('runs', 'run_success_rate', ...days, '--compare', '--json', '--sparkline');
    expect(JSON.parse(changed.out).rows).toEqual([
      {
        ...{ runs: 0, runs_previous: 2, runs_change: null, runs_trend: Array.from({ length: 24 }, () => 0) },
        ...{ run_success_rate: null, run_success_rate_previous: 1, run_success_rate_change: null },
        run_success_rate_trend: Array.from({ length: 24 }, () => null),
      },
    ]);
  });

  it('draws points beside totals and in the rows of a table', async () => {
    const days = ['--from', '2026-03-10', '--to', '2026-03-13', '--timezone', 'UTC'];
    expect((await query('runs', 'total_cost', ...days, '--sparkline')).out).toMatch(
      /^Runs +4 +[▁-█]+\nTotal cost +\$1\.25 /m,
    );
    const table = await query('runs', '--by', 'team', '--trend', 'runs', ...days);
    expect(table.out).toMatch(/^Team +Runs +Runs \(trend\)$/m);
    expect(table.out).toMatch(/^core +2 +[▁-█]+$/m);
    const series = await query('runs', '--interval', 'day', '--bounds', ...days, '--json');
    expect(JSON.parse(series.out).rows[0]).toEqual({
      ...{ time: '2026-03-10T00:00:00.000Z', until: '2026-03-11T00:00:00.000Z', runs: 2 },
    });
  });

  it('answers bad usage with what would be right and exit code 2', async () => {
    const unknown = await query('costs');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/^error: unknown metric "costs": one of active_agents, active_sessions, /);
    expect(await query()).toMatchObject({ code: 2, err: expect.stringContaining('metrics: name at least one of') });
    expect(await query('runs', '--timezone', 'Mars')).toMatchObject({ code: 2 });
    expect(await query('runs', '--limit', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('limit: must be a whole number from 1'),
    });
    expect((await query('runs', '--last', 'week')).code).toBe(2);
    expect((await query('runs', '--url', 'nowhere', '--token', token)).code).toBe(2);
  });

  it('answers failures with exit code 1', async () => {
    expect(await runboard('query', 'runs', '--org', 'nobody')).toMatchObject({
      code: 1,
      message: expect.stringContaining('there is no organization "nobody"'),
    });
    const refused = await runboard('query', 'runs', '--url', service.address, '--token', 'rb_no');
    expect(refused).toMatchObject({ code: 1, message: expect.stringContaining(' answers 401: ') });
    const silent = await runboard('query', 'runs', '--url', 'http://127.0.0.1:9', '--token', 'rb_no');
    expect(silent).toMatchObject({ code: 1, message: expect.stringContaining('cannot reach a service at') });
  });
});

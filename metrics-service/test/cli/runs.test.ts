import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.UTC(2026, 2, 12);
let service: TestService;
let token: string;

const event = (id: string, type: string, data: Record<string, unknown>) => ({
  ...{ specversion: '1.0', source: 'test', id, type, time: '2026-03-12T20:00:00Z' },
  data,
});
const day = (time: string): string => `2026-03-10T${time}:00Z`;
const run = (runId: string, started: string, outcome?: Record<string, unknown>, more: object = {}) => [
  event(`${runId} started`, 'run.started', { runId, sessionId: "it's s,1", startedAt: day(started), ...more }),
  ...(outcome ? [event(`${runId} completed`, 'run.completed', { runId, ...outcome })] : []),
];
const phase = (name: string, startedAt: string, completedAt: string) => ({
  ...{ name, startedAt: day(startedAt), completedAt: day(completedAt) },
});

const SUMMARY = `no space left on device\n\u001b[31m${'x'.repeat(70)}`;
/** r1 succeeds in 10 min, r2 fails at 11:10 after 20 min, r3 fails at 09:31 after 1 min, r4 is in flight. */
const EVENTS = [
  event('s1', 'session.created', { sessionId: "it's s,1", createdAt: '2026-03-09T23:30:00Z', repo: 'shop' }),
  ...run('r1', '10:00', { status: 'SUCCEEDED', completedAt: day('10:10'), costUsd: '0.5' }),
  ...run('r2', '10:50', {
    ...{ status: 'FAILED', completedAt: day('11:10'), failureCategory: 'infrastructure', errorSummary: SUMMARY },
    phases: [phase('edit', '10:50', '10:55'), phase('test', '11:00', '11:10'), phase('edit', '10:55', '10:56')],
    usage: [
      { model: 'big', inputTokens: 1000, outputTokens: 200 },
      { model: 'small', inputTokens: 30, outputTokens: 4 },
    ],
    costUsd: 1,
    artifacts: { filesChanged: 3, linesAdded: 12 },
    awaitMs: 300_000,
  }),
  ...run('r3', '09:30', { status: 'FAILED', completedAt: day('09:31') }),
  ...run('r4', '12:00'),
];

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  token = await service.organization('vienna', { timezone: 'Europe/Vienna' });
  const { body } = await service.request('/v1/events', { body: EVENTS, token });
  expect(body).toMatchObject({ accepted: EVENTS.length, rejected: [] });
  const other = await service.organization('other');
  await service.request('/v1/events', { body: run('elsewhere', '10:00'), token: other });
});
afterAll(() => service?.stop());

const runs = (...args: string[]) => runboard('runs', ...args);

const runboard = inProcess(NOW, () => service.url);
const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

describe('runboard runs', () => {
  it('says what usually happens and what failed last, and lists the runs', async () => {
    const { out, code } = await runs('--org', 'vienna', '--last', '7d');
    // durations of 1, 10 and 20 min: the middle one, and 10 + 0.9 × 10 min
    const cause = `no space left on device \\u001b[31m${'x'.repeat(70)}`;
    const [head, counts, last, blank, ...table] = out.split('\n');
    expect([head, counts, last, blank]).toEqual([
      'vienna  2026-03-05 01:00 to 2026-03-12 01:00  Europe/Vienna',
      '4 runs, 2 failed (66.7% of those that ended); usually 10m (p50), 19m at most for 95% (p95)',
      `last failure: r2 at 2026-03-10 12:10, infrastructure: ${cause}`,
      '',
    ]);
    expect(table[0]!.split(/ {2,}/)).toEqual(
      ['Run', 'Started', 'Status', 'Duration', 'Model', 'Input tokens', 'Output tokens', 'Total cost'].concat(
        'Error summary',
      ),
    );
    expect(table.slice(1, 5).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['r4', '2026-03-10 13:00', 'IN_FLIGHT', '–'],
      ['r2', '2026-03-10 11:50', 'FAILED', '20m'],
      ['r1', '2026-03-10 11:00', 'SUCCEEDED', '10m'],
      ['r3', '2026-03-10 10:30', 'FAILED', '1m'],
    ]);
    expect(out).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  it('lists those that failed, and still says how long all of them take', async () => {
    const { out, err } = await runs('--org', 'vienna', '--failed', '--limit', '1');
    expect(out).toContain('4 runs, 2 failed');
    expect(out).toMatch(/\nr2 {2}/);
    expect(out).not.toMatch(/\n(r1|r3|r4) {2}/);
    expect(err).toBe(lines('', 'note: first 1 of 2'));
    const none = await runs('--org', 'vienna', '--failed', '--filter', 'repo=web');
    expect(none.out).toContain('0 runs, 0 failed; no duration is known');
    expect(none.out).toContain('no such run in this window');
  });

  it('prints the same as JSON, from the database and from a service', async () => {
    const { out } = await runs('--org', 'vienna', '--failed', '--json');
    const { summary, rows, organization } = JSON.parse(out);
    expect(organization).toBe('vienna');
    expect(rows.map((row: any) => row.run)).toEqual(['r2', 'r3']);
    expect(rows[0]).toMatchObject({ started_at: '2026-03-10T10:50:00.000Z', duration: 1_200_000, input_tokens: 1030 });
    expect(summary).toMatchObject({ runs: 4, failed_runs: 2, p50_run_duration: 600_000, p95_run_duration: 1_140_000 });
    expect(summary.last_failure).toMatchObject({
      run: 'r2',
      error_summary: SUMMARY,
      failure_category: 'infrastructure',
    });
    const remote = await runs('--url', service.address, '--token', token, '--failed', '--json');
    expect(JSON.parse(remote.out)).toMatchObject({ summary, rows });
  });

  it('takes a filter on the session too, which metrics of runs do not', async () => {
    const { out, code } = await runs('--org', 'vienna', '--filter', 'local_handoff=false', '--limit', '1');
    expect([code, out.split('\n')[1]]).toEqual([0, expect.stringMatching(/^last failure: r2 at /)]);
  });

  it('refuses what it cannot answer', async () => {
    expect(await runs('--org', 'vienna', '--failed', '--filter', 'status=TIMEOUT')).toMatchObject({ code: 2 });
    expect((await runs('--org', 'vienna', '--order-by', 'beauty')).err).toContain('unknown orderBy "beauty"');
  });
});

describe('runboard runs show', () => {
  it('shows all of a run', async () => {
    const { out, message } = await runs('show', 'r2', '--org', 'vienna');
    expect(message).toBe('');
    expect(out).toBe(
      lines(
        'vienna  run r2: FAILED (infrastructure)',
        '  Repository           shop',
        '  Started              2026-03-10 11:50  Europe/Vienna',
        '  Completed            2026-03-10 12:10  Europe/Vienna',
        '  Duration             20m',
        '  Waited for a person  5m',
        '  Model                big',
        '  Input tokens         1,030',
        '  Output tokens        204',
        '  Total cost           $1.00',
        '',
        'Error',
        '  no space left on device',
        `  \\u001b[31m${'x'.repeat(70)}`,
        '',
        'Phases',
        '  Phase  Duration  Share of the run',
        '  test        10m             50.0%',
        '  edit         6m             30.0%',
        '',
        'Calls by model',
        '  Model  Calls  Input tokens  Output tokens   Cost',
        '  big        –         1,000            200  $1.00',
        '  small      –            30              4  $0.00',
        '',
        'Artifacts',
        '  Files changed  3',
        '  Lines added    12',
        '',
        'Session',
        "  it's s,1",
        "  runboard query --org vienna --view activity --filter 'session=it'\\''s s\\,1' --from 2026-03-09T00:00:00Z",
      ),
    );
  });

  it('names a command that a shell understands, and that shows the session', async () => {
    const { session_command } = JSON.parse((await runs('show', 'r2', '--org', 'vienna', '--json')).out);
    const words = `for word in ${session_command}; do printf '%s\\n' "$word"; done`;
    const [name, ...args] = execFileSync('sh', ['-c', words], { encoding: 'utf8' }).trim().split('\n');
    expect(name).toBe('runboard');
    const { out, code } = await runboard(...args);
    expect(code).toBe(0);
    for (const run of ['r1', 'r2', 'r3', 'r4']) expect(out).toContain(run);
  });

  it('counts calls where they are known', async () => {
    const call = (callId: string, model: string, at: string) =>
      event(callId, 'llm_call.recorded', {
        ...{ callId, sessionId: 'calls', runId: 'c1', model, at },
        ...{ usage: { inputTokens: 10, outputTokens: 5 }, costUsd: 0.1 },
      });
    const { body } = await service.request('/v1/events', {
      token,
      body: [
        event('c1', 'run.started', { runId: 'c1', sessionId: 'calls', startedAt: '2026-03-01T10:00:00Z' }),
        call('c1a', 'm', '2026-03-01T10:00:01Z'),
        call('c1b', 'm', '2026-03-01T10:00:02Z'),
        call('c1c', 'n', '2026-03-01T10:00:03Z'),
      ],
    });
    expect(body).toMatchObject({ accepted: 4 });
    const { run: row, models } = JSON.parse((await runs('show', 'c1', '--org', 'vienna', '--json')).out);
    expect(row).toMatchObject({ run: 'c1', status: 'IN_FLIGHT', input_tokens: 30, total_cost: 0.3 });
    expect(models).toEqual([
      { model: 'm', calls: 2, input_tokens: 20, output_tokens: 10, total_cost: 0.2 },
      { model: 'n', calls: 1, input_tokens: 10, output_tokens: 5, total_cost: 0.1 },
    ]);
  });

  it('knows neither what does not exist nor what is another organization’s', async () => {
    for (const id of ['r9', 'elsewhere', 'r\u0000']) {
      const { out, code, message } = await runs('show', id, '--org', 'vienna');
      expect([out, code]).toEqual(['', 1]);
      expect(message).toContain(`vienna has no run ${JSON.stringify(id)}`);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const COLUMNS = [
  ...[
    'run',
    'session',
    'user',
    'user_id',
    'team',
    'repo',
    'status',
    'started_at',
    'completed_at',
    'duration',
    'queue_wait',
  ],
  ...[
    'await',
    'model',
    'task_type',
    'agent',
    'role',
    'workflow',
    'stage',
    'work_item',
    'input_tokens',
    'output_tokens',
    'total_cost',
    'failure_category',
    'error_summary',
  ],
  ...[
    'files_changed',
    'lines_added',
    'lines_deleted',
    'tests_run',
    'tests_passed',
    'url',
    'counter_candidates',
    'counter_score',
  ],
];

const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);
const runsOf = async (query: Record<string, unknown>): Promise<unknown[]> =>
  rowsOf(await world.ask({ view: 'runs', ...query })).map(({ run }) => run);

describe('runs', () => {
  it('has a row per run, the latest first', async () => {
    const result = await world.ask({ view: 'runs' });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const { schema, data } = result.frames[0]!;
    expect(schema.fields.map(({ name }) => name)).toEqual(COLUMNS);
    const rows = data.values[0]!.map((_, row) => data.values.map((values) => values[row]));
    expect(rows).toEqual([
      // prettier-ignore
      ['r5', 's2', 'Ann', 'u-ann', 'core', 'api', 'IN_FLIGHT', at(6, 8), null, null, null, null, null, null, null, null, null, 'review', 'W-2', null, null, null,
        null, null, null, null, null, null, null, null, null, null],
      // prettier-ignore
      ['r4', 's2', 'bob@example.org', 'u-bob', 'apps', 'api', 'TIMEOUT', at(5, 9), at(5, 10), 3_600_000, 6000, null, 'claude-sonnet-4-5', null,
        'reviewer', 'reviewer', 'fix', 'implementation', 'W-1', 2000, 300, 1, null, null, 2, null, null, null, null, null, null, null],
      // prettier-ignore
      ['r3', 's2', 'bob@example.org', 'u-bob', 'apps', 'api', 'CANCELED', at(4, 12), at(4, 12, 5), 300_000, null, null, null, null, null, null,
        null, 'review', 'W-2', null, null, null, null, null, null, null, null, null, null, null, null, null],
      // prettier-ignore
      ['r2', 's1', 'Ann', 'u-ann', 'core', 'web', 'FAILED', at(3, 11), at(3, 11, 20), 1_200_000, 4000, 300_000, 'gpt-5', null, 'reviewer', null, null, null, 'W-1', 800, 150, 0.25,
        'tool_error', null, 1, 10, 5, 4, 1, null, 7, 0.2],
      // prettier-ignore
      ['r1', 's1', 'Ann', 'u-ann', 'core', 'web', 'SUCCEEDED', at(2, 10), at(2, 10, 10), 600_000, 2000, 0, 'claude-sonnet-4-5', 'feature',
        'builder', null, null, null, 'W-1', 1000, 200, 0.5, null, null, 3, 100, 20, 10, 9, null, 4, 0.1],
    ]);
    expect(schema.meta.notices).toBeUndefined();
    const field = (name: string) => schema.fields.find((one) => one.name === name);
    expect(field('duration')).toMatchObject({
      type: 'number',
      config: { displayNameFromDS: 'Duration', unit: 'clockms', decimals: 1 },
    });
    expect(field('total_cost').config.unit).toBe('currencyUSD');
    expect(field('status').config.mappings).toEqual([
      {
        type: 'value',
        options: {
          SUCCEEDED: { text: 'Succeeded', index: 0 },
          FAILED: { text: 'Failed', index: 1 },
          CANCELED: { text: 'Canceled', index: 2 },
          TIMEOUT: { text: 'Timed out', index: 3 },
          IN_FLIGHT: { text: 'In flight', index: 4 },
        },
      },
    ]);
    expect(field('started_at')).toMatchObject({ type: 'time', typeInfo: { frame: 'time.Time', nullable: true } });
  });

  it('is put in order by every column, nulls last, ties by id', async () => {
    for (const orderBy of COLUMNS) expect(await runsOf({ orderBy })).toHaveLength(5);
    expect(await runsOf({ orderBy: 'total_cost' })).toEqual(['r4', 'r1', 'r2', 'r3', 'r5']);
    expect(await runsOf({ orderBy: 'total_cost', direction: 'asc' })).toEqual(['r2', 'r1', 'r4', 'r3', 'r5']);
    expect(await runsOf({ orderBy: 'user', direction: 'asc' })).toEqual(['r1', 'r2', 'r5', 'r3', 'r4']);
  });

  it('comes in pages that say how many are left out', async () => {
    const first = await world.ask({ view: 'runs', limit: 2 });
    expect(rowsOf(first).map(({ run }) => run)).toEqual(['r5', 'r4']);
    expect(first.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'first 2 of 5' }]);
    const second = await world.ask({ view: 'runs', limit: '2', offset: 2 });
    expect(rowsOf(second).map(({ run }) => run)).toEqual(['r3', 'r2']);
    expect(second.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: '3 to 4 of 5' }]);
    expect((await world.ask({ view: 'runs', limit: 10_001 })).error).toBe(
      'limit of runs must be at most 10,000, not 10001',
    );
    expect((await world.ask({ view: 'runs', orderBy: 'beauty' })).error).toContain('unknown orderBy "beauty"');
  });

  it.each([
    [{ user: 'Ann' }, ['r5', 'r2', 'r1']],
    [{ user: ['u-bob'] }, ['r4', 'r3']],
    [{ team: { not: ['core'] } }, ['r4', 'r3']],
    [{ repo: ['web'] }, ['r2', 'r1']],
    [{ run: 'r2' }, ['r2']],
    [{ run: ['r2', 'r3', 'none'], session: 's2' }, ['r3']],
    [{ run: { not: ['r1', 'r2'] } }, ['r5', 'r4', 'r3']],
    [{ run: ['r\u0000', "r2' or true --"] }, []],
    [{ session: 's2', status: ['CANCELED', 'TIMEOUT'] }, ['r4', 'r3']],
    [{ model: ['(none)'] }, ['r5', 'r3']],
    [{ failure_category: 'tool_error' }, ['r2']],
    // as they are shown, which is what a click on a cell filters by
    [{ failure_category: 'Tool error' }, ['r2']],
    [{ status: { not: ['timed out', 'In flight', 'FAILED'] } }, ['r3', 'r1']],
    [{ task_type: 'feature' }, ['r1']],
    // the run's user is Ann, the session's is Bob; both sessions have a handoff, only s1 one that was followed
    [{ local_handoff: false }, []],
    [{ post_handoff_iteration: true, user: 'Ann' }, ['r2', 'r1']],
    [{ post_handoff_iteration: [false] }, ['r5', 'r4', 'r3']],
    [{ repo: [] }, ['r5', 'r4', 'r3', 'r2', 'r1']],
  ])('filtered by %j', async (filters, expected) => {
    expect(await runsOf({ filters })).toEqual(expected);
  });

  it('refuses filters that are none of a run', async () => {
    const { error } = await world.ask({ view: 'runs', filters: { phase: 'edit' } });
    expect(error).toContain('does not take the filter phase');
  });

  it('has what was said of an error, and nothing of what is deleted or of another organization', async () => {
    const token = await world.organization('other');
    const event = (id: string, type: string, data: object) => ({
      ...{ specversion: '1.0', source: 'other', id, type, time: '2026-03-02T12:00:00Z' },
      data,
    });
    const started = { sessionId: 's1', startedAt: '2026-03-02T10:00:00Z', agent: 'builder' };
    const failed = { status: 'FAILED', completedAt: '2026-03-02T09:00:00Z', errorSummary: 'no space left' };
    await world.request('/v1/events', {
      token,
      body: [
        event('1', 'run.started', { runId: 'r1', ...started }),
        event('2', 'run.completed', { runId: 'r1', ...failed }),
        event('3', 'run.started', { runId: 'r2', ...started }),
        event('4', 'run.deleted', { runId: 'r2' }),
        event('5', 'run.queued', { runId: 'r3', sessionId: 's1', queuedAt: '2026-03-02T10:00:00Z' }),
      ],
    });
    const { body } = await world.request('/v1/query', { token, body: { ...WINDOW, queries: [{ view: 'runs' }] } });
    expect(rowsOf(body.results.A)).toMatchObject([
      // it ended before it started: both are kept, the duration is unknown
      { run: 'r1', agent: 'builder', completed_at: at(2, 9), duration: null, failure_category: 'uncategorized' },
    ]);
    expect(rowsOf(body.results.A)[0]!.error_summary).toBe('no space left');
  });
});

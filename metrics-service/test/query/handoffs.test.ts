import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const HOUR = 3_600_000;
const at = (day: number, hour: number): number => Date.UTC(2026, 2, day, hour);
const methodsOf = async (query: Record<string, unknown>): Promise<unknown[]> =>
  rowsOf(await world.ask({ view: 'handoffs', ...query })).map(({ method }) => method);

describe('handoffs', () => {
  it('has a row per handoff with what followed it, the latest first', async () => {
    const result = await world.ask({ view: 'handoffs' });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const nobody = { user: null, user_id: null };
    const nothing = { runs_after: 0, first_run_after: null, first_run_status: null };
    expect(rowsOf(result).map(Object.entries)).toEqual([
      Object.entries({ occurred_at: at(7, 10), method: 'OPEN_IN_CLI', ...nobody, ...nothing }),
      Object.entries({ occurred_at: at(4, 8), method: 'DOWNLOAD_PATCH', ...nobody, ...nothing }),
      Object.entries({
        ...{ occurred_at: at(2, 18), method: 'TELEPORT', ...nobody },
        ...{ runs_after: 1, first_run_after: 17 * HOUR, first_run_status: 'FAILED' },
      }),
    ]);
    expect(result.frames[0]!.schema.fields.map(({ type }) => type)).toEqual([
      ...['time', 'string', 'string', 'string', 'number', 'number', 'string'],
    ]);
  });

  it('is put in order by every column, nulls last, and paged', async () => {
    // h1, then h2 and h3, which nothing followed, by id
    expect(await methodsOf({ orderBy: 'first_run_after' })).toEqual(['TELEPORT', 'DOWNLOAD_PATCH', 'OPEN_IN_CLI']);
    expect(await methodsOf({ orderBy: 'method', direction: 'asc' })).toEqual([
      'DOWNLOAD_PATCH',
      'OPEN_IN_CLI',
      'TELEPORT',
    ]);
    const page = await world.ask({ view: 'handoffs', limit: 1, offset: 1 });
    expect(rowsOf(page).map(({ method }) => method)).toEqual(['DOWNLOAD_PATCH']);
    expect(page.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'number 2 of 3' }]);
    for (const orderBy of ['user', 'user_id', 'runs_after', 'first_run_status', 'occurred_at']) {
      expect(await methodsOf({ orderBy })).toHaveLength(3);
    }
  });

  it.each([
    [{ session: 's2' }, ['OPEN_IN_CLI']],
    // the session's creator
    [{ user: 'Ann' }, ['DOWNLOAD_PATCH', 'TELEPORT']],
    [{ team: 'apps' }, ['OPEN_IN_CLI']],
    [{ status: 'TIMEOUT' }, ['OPEN_IN_CLI']],
    [{ post_handoff_iteration: true }, ['DOWNLOAD_PATCH', 'TELEPORT']],
    [{ local_handoff: false }, []],
  ])('filtered by %j', async (filters, expected) => {
    expect(await methodsOf({ filters })).toEqual(expected);
  });

  it('counts the runs within the organization’s time, the first one whenever it came', async () => {
    const token = await world.organization('later', { postHandoffMs: HOUR });
    const event = (id: string, type: string, data: object) => ({
      ...{ specversion: '1.0', source: 'x', id, type, time: '2026-03-08T12:00:00Z' },
      data: { sessionId: 's', ...data },
    });
    await world.request('/v1/events', {
      token,
      body: [
        event('1', 'handoff.created', {
          handoffId: 'h',
          method: 'TELEPORT',
          occurredAt: '2026-03-08T23:00:00Z',
          userId: 'u',
        }),
        // at the handoff's own moment is not after it; the end of the hour, in the next window, still is
        event('2', 'run.started', { runId: 'r1', startedAt: '2026-03-08T23:00:00Z' }),
        event('3', 'run.started', { runId: 'r2', startedAt: '2026-03-09T00:00:00Z' }),
        event('4', 'run.started', { runId: 'r3', startedAt: '2026-03-09T00:00:00.001Z' }),
        event('5', 'handoff.created', { handoffId: 'i', method: 'TELEPORT', occurredAt: '2026-03-08T20:00:00Z' }),
      ],
    });
    const { body } = await world.request('/v1/query', { token, body: { ...WINDOW, queries: [{ view: 'handoffs' }] } });
    expect(rowsOf(body.results.A)).toMatchObject([
      { user: 'u', user_id: 'u', runs_after: 1, first_run_after: HOUR, first_run_status: 'IN_FLIGHT' },
      { user: null, runs_after: 0, first_run_after: 3 * HOUR, first_run_status: 'IN_FLIGHT' },
    ]);
  });
});

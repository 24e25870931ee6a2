import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);
const noticesOf = ({ frames }: Awaited<ReturnType<World['ask']>>): unknown[] =>
  (frames[0]!.schema.meta.notices ?? []).map(({ text }) => text);

describe('session', () => {
  it('is the row of one session with its messages, handoffs and the reason', async () => {
    const result = await world.ask({ view: 'session', filters: { session: 's1' }, timezone: 'Europe/Vienna' });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    expect(noticesOf(result)).toEqual([]);
    expect(rowsOf(result).map(Object.entries)).toEqual([
      Object.entries({
        session: 's1',
        user: 'Ann',
        user_id: 'u-ann',
        team: 'core',
        repo: 'web',
        workspace: null,
        runtime: null,
        work_item: 'W-1',
        last_active_at: at(4, 8),
        runs: 2,
        run_success_rate: 0.5,
        failed_runs: 1,
        failure_reasons: 'Tool error',
        total_cost: 0.75,
        // 1000 + 200 + 800 + 150
        total_tokens: 2150,
        cost_coverage: 1,
        agent_active_time: 1_500_000,
        // from the 2nd 09:59 to the 3rd 12:00
        lifespan: (26 * 60 + 1) * 60_000,
        handoffs: 2,
        local_handoff: true,
        post_handoff_iteration: true,
        url: null,
        messages: 2,
        handoff_methods: 'Teleport, Download patch',
        post_handoff_reason: 'Teleport at 2026-03-02 19:00 was followed by run r2 17h later, within 1d',
      }),
    ]);
  });

  it('has no reason where no run followed a handoff, and no methods without one', async () => {
    const s2 = rowsOf(await world.ask({ view: 'session', filters: { session: ['s2'] } }))[0]!;
    expect(s2).toMatchObject({ messages: 1, handoff_methods: 'Open in CLI', post_handoff_iteration: false });
    expect(s2.post_handoff_reason).toBeNull();
    const s4 = rowsOf(await world.ask({ view: 'session', filters: { session: 's4' } }))[0]!;
    expect(s4).toMatchObject({ runs: 0, user: null, messages: 1, handoff_methods: null, post_handoff_reason: null });
  });

  it('counts in its window only; the run that follows may start after it', async () => {
    const filters = { session: 's1' };
    const [row] = rowsOf(await world.ask({ view: 'session', filters, from: at(2, 11), to: at(3, 10) }));
    expect(row).toMatchObject({ runs: 0, messages: 0, handoffs: 1, handoff_methods: 'Teleport' });
    expect(row!.post_handoff_reason).toContain('run r2 17h later');
  });

  it.each([['session'], ['activity'], ['timeline']])(
    '%s is empty and says why where there is nothing',
    async (view) => {
      const choose =
        'no session is chosen. Choose one at the top of the board or open one from the list of sessions (in a query: filters.session)';
      const unknown = (id: string): string =>
        `session ${id} is not known here. Check its id; it may also be deleted, not sent yet, or not yours to see`;
      const cases: [unknown, string[]][] = [
        [undefined, [choose]],
        [{ session: [] }, [choose]],
        [{ session: ['s1', 's2'] }, [choose]],
        [{ session: { not: ['s1'] } }, [choose]],
        [{ session: '(none)' }, [choose]],
        [{ session: 'nobody' }, [unknown('"nobody"')]],
        [{ session: 'a\u0000b' }, [unknown('"a\\u0000b"')]],
        // its only run, which is still in flight
        [
          { session: 's3' },
          [
            'session "s3" has nothing in this range: it was from 2026-02-20 10:00 to 2026-02-20 10:00. Show it in its own time',
          ],
        ],
      ];
      for (const [filters, expected] of cases) {
        const result = await world.ask({ view, filters });
        expect(noticesOf(result)).toEqual(expected);
        expect(result.frames).toHaveLength(1);
        expect(result.frames[0]!.schema.fields.length).toBeGreaterThan(4);
        expect(result.frames[0]!.data.values.every((values) => values.length === 0)).toBe(true);
      }
      const more = await world.ask({ view, filters: { session: 's1', repo: 'api', user: 'Ann' } });
      const by = view === 'activity' ? 'session and run' : 'session';
      expect(noticesOf(more)).toEqual([`this view filters by ${by} only: repo, user ignored`]);
      expect(more.frames[0]!.data.values[0]).not.toHaveLength(0);
    },
  );
});

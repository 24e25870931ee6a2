import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runEvents } from '../support/run-events.js';
import { headersOf } from '../access/viewers.js';
import { rowsOf, startWorld, WINDOW, type QueryResult, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** By hand from world.ts. */
const W1 = {
  work_item: 'W-1',
  title: 'Totals',
  url: null,
  type: 'bug',
  project: 'shop',
  epic: 'E-1',
  state: 'closed',
  models: 'claude-sonnet-4-5, gpt-5',
  last_run_at: Date.UTC(2026, 2, 5, 9),
  sessions: 2,
  runs: 3,
  total_tokens: 4450,
  total_cost: 1.75,
  cost_band: 'green',
  first_run_at: Date.UTC(2026, 2, 2, 10),
  closed_at: Date.UTC(2026, 2, 7, 10),
  time_to_close: 432_000_000,
  quality: 'passed',
  escalations: 1,
};
const W2 = {
  ...{ work_item: 'W-2', title: null, url: null, type: 'feature', project: null, epic: null, state: 'closed' },
  ...{ models: null, last_run_at: Date.UTC(2026, 2, 6, 8) },
  ...{ sessions: 1, runs: 2, total_tokens: null, total_cost: null, cost_band: null },
  ...{ first_run_at: Date.UTC(2026, 2, 4, 12), closed_at: Date.UTC(2026, 2, 8, 18), time_to_close: 367_200_000 },
  ...{ quality: 'failed', escalations: 1 },
};

describe('view work_items', () => {
  const ask = async (more: object, request = {}) => rowsOf(await world.ask({ view: 'work_items', ...more }, request));

  it('has a row for each that runs in the window are about, the dearest first', async () => {
    expect(await ask({})).toEqual([W1, W2]);
    expect((await ask({ orderBy: 'time_to_close', direction: 'asc' })).map((row) => row.work_item)).toEqual([
      'W-2',
      'W-1',
    ]);
    expect((await ask({ orderBy: 'work_item', direction: 'desc', limit: 1 })).map((row) => row.work_item)).toEqual([
      'W-2',
    ]);
  });

  it('takes the filters of runs: the sums are over the runs that pass, the rest is of the whole item', async () => {
    expect(await ask({ filters: { repo: ['web'] } })).toEqual([
      { ...W1, last_run_at: Date.UTC(2026, 2, 3, 11), sessions: 1, runs: 2, total_tokens: 2150, total_cost: 0.75 },
    ]);
    expect(await ask({ filters: { epic: ['(none)'] } })).toEqual([W2]);
    const march5 = { from: Date.UTC(2026, 2, 5), to: Date.UTC(2026, 2, 6) };
    expect(await ask({}, march5)).toEqual([
      { ...W1, models: 'claude-sonnet-4-5', sessions: 1, runs: 1, total_tokens: 2300, total_cost: 1, escalations: 0 },
    ]);
  });

  it('is empty where nothing is about one, and takes no other columns to order by', async () => {
    expect(await ask({ filters: { work_item: ['nothing'] } })).toEqual([]);
    const { error } = await world.ask({ view: 'work_items', orderBy: 'lifespan' });
    expect(error).toContain('lifespan');
  });
});

const noticesOf = (result: QueryResult) => (result.frames[0]!.schema.meta.notices ?? []).map(({ text }) => text);
const item = (type: string, data: Record<string, unknown>, time?: string) => ({
  ...{ specversion: '1.0', source: 'items', id: `${type} ${String(data.workItemId)}`, type: `work_item.${type}`, data },
  ...(time && { time }),
});

/** What those questions of another organization answer. */
async function askOf(token: string, query: object, headers: Record<string, string> = {}): Promise<QueryResult> {
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  return (await world.request('/v1/query', { token, body, headers })).body.results.A as QueryResult;
}

describe('view work_item', () => {
  const ofOne = (workItem: string) => ({ view: 'work_item', filters: { work_item: [workItem] } });

  it('is the row of one, with what it cost in its whole life', async () => {
    const none = { similar_items: 0, usual_cost: null, usual_time_to_close: null };
    expect(rowsOf(await world.ask(ofOne('W-1')))).toEqual([{ ...W1, life_cost: 1.75, ...none }]);
    expect(rowsOf(await world.ask(ofOne('W-2')))).toEqual([{ ...W2, life_cost: null, ...none }]);
    const march5 = { from: Date.UTC(2026, 2, 5), to: Date.UTC(2026, 2, 6) };
    expect(rowsOf(await world.ask(ofOne('W-1'), march5))[0]).toMatchObject({ total_cost: 1, life_cost: 1.75 });
  });

  it('says why there is none: not chosen, unknown, without a run, at another time', async () => {
    expect(noticesOf(await world.ask({ view: 'work_item' }))).toEqual([
      expect.stringMatching(/^no work item is chosen/),
    ]);
    const blank = { view: 'runs', filters: { work_item: ['', ''] } };
    expect(noticesOf(await world.ask(blank))).toEqual([expect.stringMatching(/^no work item is chosen/)]);
    expect(noticesOf(await world.ask(ofOne('W-4')))).toEqual([expect.stringMatching(/^work item "W-4" is not known/)]);
    expect(noticesOf(await world.ask(ofOne('W-3')))).toEqual(['work item "W-3" is known, but no run is about it yet']);
    const later = { from: Date.UTC(2026, 3, 1), to: Date.UTC(2026, 3, 2) };
    expect(noticesOf(await world.ask(ofOne('W-1'), later))).toEqual([
      'no run in this range is about work item "W-1": its runs started from 2026-03-02 10:00 to 2026-03-05 09:00. Show it in its own time',
    ]);
  });

  it('has the medians of five closed ones of its type and project, or more, in their whole life', async () => {
    const token = await world.organization('usual');
    const at = '2026-03-03T10:00:00Z';
    const closedAfter = (hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
    const told = (id: string, costUsd: number | undefined, type = 'bug', closed = costUsd) => [
      item('upserted', { workItemId: id, type, project: 'p' }, at),
      ...runEvents({ id: `run of ${id}`, at, workItem: id, ...(costUsd !== undefined && { costUsd }) }),
      ...(closed ? [item('closed', { workItemId: id, closedAt: closedAfter(closed) })] : []),
    ];
    const four = [1, 2, 3, 4].flatMap((cost) => told(`B-${cost}`, cost));
    await world.accept(token, [
      ...four,
      ...told('X', 60),
      ...told('unknown', undefined, 'bug', 7),
      ...told('F', 50, 'feature'),
    ]);
    await world.accept(token, told('open', 90, 'bug', 0));
    const few = { similar_items: 4, usual_cost: null, usual_time_to_close: null };
    expect(rowsOf(await askOf(token, ofOne('X')))[0]).toMatchObject({ life_cost: 60, ...few });
    await world.accept(token, told('B-5', 15));
    // of 1, 2, 3, 4, 15, each closed after as many hours
    const usual = { similar_items: 5, usual_cost: 3, usual_time_to_close: 3 * 3_600_000 };
    expect(rowsOf(await askOf(token, ofOne('X')))[0]).toMatchObject({ life_cost: 60, ...usual });
    // of 1, 2, 3, 4, 15 and 60: the mean of the middle two
    expect(rowsOf(await askOf(token, ofOne('open')))[0]).toMatchObject({ similar_items: 6, usual_cost: 3.5 });
  });
});

describe('whoever sees a part', () => {
  it('gets the sums of it, and is told so', async () => {
    const token = await world.organization('parts', { memberVisibility: 'self' }, [
      'ingest',
      'directory',
      'read',
      'delegate',
    ]);
    const at = '2026-03-03T10:00:00Z';
    const people = ['ann', 'bob'].map((userId) => ({
      ...{ specversion: '1.0', source: 'people', id: userId, type: 'user.upserted', time: at },
      data: { userId, email: `${userId}@example.org`, role: 'member' },
    }));
    const runs = [
      ...runEvents({ id: 'r1', at, user: 'ann', workItem: 'W', costUsd: 2 }),
      ...runEvents({ id: 'r2', at, user: 'bob', workItem: 'W', costUsd: 5 }),
    ];
    await world.accept(token, [...people, ...runs]);
    const ann = headersOf({ kind: 'user', email: 'ann@example.org', role: 'Viewer', auth: 'trusted' });
    const yours = 'your part: what is told of a work item is over the runs that you may see';
    for (const query of [{ view: 'work_items' }, { view: 'work_item', filters: { work_item: ['W'] } }]) {
      const part = await askOf(token, query, ann);
      expect(rowsOf(part)).toMatchObject([{ work_item: 'W', runs: 1, total_cost: 2 }]);
      expect(noticesOf(part)).toContain(yours);
      const whole = await askOf(token, query);
      expect(rowsOf(whole)).toMatchObject([{ work_item: 'W', runs: 2, total_cost: 7 }]);
      expect(noticesOf(whole)).not.toContain(yours);
    }
    const costs = async (path: string, headers = {}) => (await world.request(path, { token, headers })).body;
    expect(await costs('/v1/work-items/W/costs', ann)).toMatchObject({ totalCost: 2, notice: yours });
    expect(await costs('/v1/work-items/W/costs')).not.toHaveProperty('notice');
    const range = `from=${WINDOW.from}&to=${WINDOW.to}`;
    expect(await costs(`/v1/costs/by-work-item?${range}`, ann)).toMatchObject({
      items: [{ totalCost: 2 }],
      notice: yours,
    });
    expect(await costs(`/v1/costs/by-work-item?${range}`)).not.toHaveProperty('notice');
  });
});

describe('view unlinked_sessions', () => {
  it('has the sessions with runs that are about none, each with a command that is safe to paste', async () => {
    const token = await world.organization('unlinked');
    const at = '2026-03-03T10:00:00Z';
    const sessions = ['s-1', "it's; rm -rf ~ $(x)", '-x'];
    const events = sessions.flatMap((session, index) =>
      runEvents({ id: `r${index}`, at, session, costUsd: 3 - index }),
    );
    await world.accept(token, [...events, ...runEvents({ id: 'linked', at, session: 's-2', workItem: 'W' })]);
    const rows = rowsOf(await askOf(token, { view: 'unlinked_sessions' }));
    expect(rows.map(({ session, total_cost: cost, command }) => [session, cost, command])).toEqual([
      ['s-1', 3, 'runboard work-item link s-1 ITEM'],
      [sessions[1], 2, "runboard work-item link 'it'\\''s; rm -rf ~ $(x)' ITEM"],
      ['-x', 1, 'runboard work-item link -- -x ITEM'],
    ]);
  });

  it('is empty where all are linked; where nothing ever was, the list of work items says how to begin', async () => {
    expect(rowsOf(await world.ask({ view: 'unlinked_sessions' }))).toEqual([]);
    const token = await world.organization('unused');
    await world.accept(token, runEvents({ id: 'r', at: '2026-03-03T10:00:00Z' }));
    expect(noticesOf(await askOf(token, { view: 'work_items' }))).toEqual([
      expect.stringMatching(/^no run is about a work item yet\. Link sessions/),
    ]);
  });
});

describe('view escalations', () => {
  it('has a row for each, the latest first, with what its run is, else its session', async () => {
    const nobody = { agent: null, run: null };
    expect(rowsOf(await world.ask({ view: 'escalations' }))).toEqual([
      {
        ...{ escalation: 'x2', occurred_at: Date.UTC(2026, 2, 6, 9), resolved_at: Date.UTC(2026, 2, 6, 10) },
        ...{ time_to_resolve: 3_600_000, severity: 'low', escalation_category: null, ...nobody, work_item: 'W-2' },
        ...{ session: 's2', user: 'bob@example.org', user_id: 'u-bob', repo: 'api' },
      },
      {
        ...{ escalation: 'x1', occurred_at: Date.UTC(2026, 2, 4, 10), resolved_at: null, time_to_resolve: null },
        ...{ severity: 'high', escalation_category: 'access', agent: 'reviewer', work_item: 'W-1' },
        ...{ session: 's1', run: 'r2', user: 'Ann', user_id: 'u-ann', repo: 'web' },
      },
    ]);
    const of = async (filters: object) =>
      rowsOf(await world.ask({ view: 'escalations', filters })).map(({ escalation }) => escalation);
    expect(await of({ work_item: ['W-1'] })).toEqual(['x1']);
    expect(await of({ severity: ['low'] })).toEqual(['x2']);
    expect(await of({ project: ['shop'] })).toEqual(['x1']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);
const ids = async (query: Record<string, unknown>): Promise<unknown[]> =>
  rowsOf(await world.ask({ view: 'annotations', ...query })).map(({ id }) => id);

describe('annotations', () => {
  it('marks handoffs, failed runs and the first use of models, the latest first', async () => {
    const result = await world.ask({ view: 'annotations' });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const { schema, data } = result.frames[0]!;
    expect(schema.fields.map(({ name, typeInfo }) => [name, typeInfo.frame])).toEqual([
      ['time', 'time.Time'],
      ['timeEnd', 'time.Time'],
      ['title', 'string'],
      ['text', 'string'],
      ['tags', 'string'],
      ['id', 'string'],
    ]);
    expect(data.values[0]!.map((_, row) => data.values.map((values) => values[row]))).toEqual([
      [at(7, 10), null, 'Handoff: Open in CLI', 'session s2', 'handoff,OPEN_IN_CLI', 'handoff:h3'],
      [at(4, 8), null, 'Handoff: Download patch', 'session s1', 'handoff,DOWNLOAD_PATCH', 'handoff:h2'],
      [
        ...[at(3, 11), at(3, 11, 20), 'Run failed: Tool error', 'run r2, session s1, by Ann'],
        ...['failed_run,tool_error', 'failed_run:r2'],
      ],
      [at(3, 11), null, 'First use of gpt-5', '', 'first_model_use,gpt-5', 'first_model_use:gpt-5'],
      [at(2, 18), null, 'Handoff: Teleport', 'session s1', 'handoff,TELEPORT', 'handoff:h1'],
      [
        ...[at(2, 10), null, 'First use of claude-sonnet-4-5', ''],
        ...['first_model_use,claude-sonnet-4-5', 'first_model_use:claude-sonnet-4-5'],
      ],
    ]);
  });

  it.each([
    [{ kinds: ['failed_run'] }, ['failed_run:r2']],
    [{ kinds: 'handoff', direction: 'asc', limit: 1, offset: 0 }, ['handoff:h1']],
    // the first use lies before this window
    [{ kinds: ['first_model_use'], from: at(5, 0) }, []],
    // but is the first one in this repository
    [{ kinds: ['first_model_use'], from: at(5, 0), filters: { repo: 'api' } }, ['first_model_use:claude-sonnet-4-5']],
    [{ filters: { repo: 'api' } }, ['handoff:h3', 'first_model_use:claude-sonnet-4-5']],
    [{ filters: { user: 'Ann' }, kinds: ['handoff', 'failed_run'] }, ['handoff:h2', 'failed_run:r2', 'handoff:h1']],
    [{ filters: { post_handoff_iteration: false } }, ['handoff:h3', 'first_model_use:claude-sonnet-4-5']],
    [
      { filters: { model: 'gpt-5', session: ['s1'] }, kinds: ['failed_run', 'first_model_use'] },
      ['failed_run:r2', 'first_model_use:gpt-5'],
    ],
    [{ kinds: [], from: 0, to: 1 }, []],
  ])('%j', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('counts those of one kind and day together where there are more than the limit', async () => {
    const result = await world.ask({
      view: 'annotations',
      limit: 5,
      kinds: ['handoff', 'failed_run', 'first_model_use'],
    });
    expect(result.frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: '6 annotations are shown as 3: those of one kind and week together' },
    ]);
    expect(rowsOf(result)).toMatchObject([
      { time: WINDOW.from, title: '3 handoffs', text: 'Download patch 1, Open in CLI 1, Teleport 1' },
      { title: '1 failed run', text: 'Tool error 1', tags: 'failed_run,tool_error', id: `failed_run:${WINDOW.from}` },
      { title: '2 first uses of models', text: 'claude-sonnet-4-5 1, gpt-5 1' },
    ]);
    // a kind has as many days as the limit allows
    const days = await world.ask({ view: 'annotations', kinds: ['handoff'], limit: 2, from: at(2, 0), to: at(5, 0) });
    expect(rowsOf(days).map(({ title }) => title)).toEqual(['Handoff: Download patch', 'Handoff: Teleport']);
    const few = await world.ask({ view: 'annotations', kinds: ['handoff'], limit: 1, direction: 'asc' });
    expect(rowsOf(few)).toMatchObject([{ title: '3 handoffs' }]);
  });

  it('says how many a page leaves out, and which kinds there are', async () => {
    const { frames } = await world.ask({ view: 'annotations', limit: 2, offset: 0 });
    expect(frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'first 2 of 6 annotations' }]);
    expect((await world.ask({ view: 'annotations', kinds: ['party'] })).error).toBe(
      'unknown kind "party": one of handoff, failed_run, first_model_use, budget_change, finding',
    );
    expect((await world.ask({ view: 'annotations', filters: { phase: 'edit' } })).error).toContain('phase');
    const other = await world.ask({ view: 'runs', kinds: ['handoff'] });
    expect(other.frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: 'the view runs does not use kinds' },
    ]);
  });

  it('has what was said of an error', async () => {
    const token = await world.organization('failing');
    const data = {
      ...{ runId: 'r', startedAt: '2026-03-02T10:00:00Z', completedAt: '2026-03-02T10:01:00Z' },
      ...{ status: 'FAILED', errorSummary: 'no space left' },
    };
    const event = { specversion: '1.0', source: 'x', id: '1', type: 'run.completed', time: data.completedAt, data };
    await world.request('/v1/events', { token, body: [event] });
    const { body } = await world.request('/v1/query', {
      token,
      body: { ...WINDOW, queries: [{ view: 'annotations' }] },
    });
    expect(rowsOf(body.results.A)).toMatchObject([
      { title: 'Run failed: Uncategorized', text: 'no space left\nrun r', tags: 'failed_run,uncategorized' },
    ]);
  });
});

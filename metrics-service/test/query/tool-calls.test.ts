import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const at = (text: string): number => Date.parse(`2026-${text}:00Z`);
const ask = async (query: object) => rowsOf(await world.ask(query));

describe('view tool_calls', () => {
  const NONE = { await: null, error_type: null, input_bytes: null, output_bytes: null };

  it('has a row per tool call of the window, the latest first; durations are without waiting', async () => {
    expect(await ask({ view: 'tool_calls' })).toEqual([
      {
        ...{ ...NONE, tool_call: 't5', run: 'r4', session: 's2', tool: 'Edit', started_at: at('03-05T09:10') },
        ...{ duration: null, status: null },
      },
      {
        ...{ ...NONE, tool_call: 't6', run: null, session: 's2', tool: 'WebSearch', started_at: at('03-04T11:50') },
        ...{ duration: null, status: 'REJECTED' },
      },
      {
        ...{ ...NONE, tool_call: 't4', run: 'r2', session: 's1', tool: 'Bash', started_at: at('03-03T11:10') },
        ...{ duration: 0, await: 300_000, status: 'REJECTED' },
      },
      {
        ...{ ...NONE, tool_call: 't3', run: 'r2', session: 's1', tool: 'Bash', started_at: at('03-03T11:05') },
        ...{ duration: 180_000, status: 'FAILED', error_type: 'ShellError' },
      },
      {
        ...{ ...NONE, tool_call: 't2', run: 'r1', session: 's1', tool: 'Edit', started_at: at('03-02T10:03') },
        ...{ duration: 60_000, await: 60_000, status: 'SUCCEEDED' },
      },
      {
        ...{ ...NONE, tool_call: 't1', run: 'r1', session: 's1', tool: 'Bash', started_at: at('03-02T10:01') },
        ...{ duration: 60_000, status: 'SUCCEEDED', input_bytes: 100, output_bytes: 2000 },
      },
    ]);
  });

  it.each([
    [{ run: ['r2'] }, ['t4', 't3']],
    [{ session: ['s2'] }, ['t5', 't6']],
    [{ tool: ['Bash'], status: ['SUCCEEDED'] }, ['t1']],
    [{ tool: ['Edit'], team: ['core'], agent: ['builder'] }, ['t2']],
  ])('filtered by %j', async (filters, expected) => {
    const rows = await ask({ view: 'tool_calls', filters });
    expect(rows.map(({ tool_call }) => tool_call)).toEqual(expected);
  });

  it('is sorted and paged', async () => {
    const rows = await ask({ view: 'tool_calls', orderBy: 'duration', limit: 2, offset: 1 });
    expect(rows.map(({ tool_call }) => tool_call)).toEqual(['t1', 't2']);
  });

  it('takes no filter that tool calls have not', async () => {
    const { error } = await world.ask({ view: 'tool_calls', filters: { local_handoff: true } });
    expect(error).toContain('does not take the filter local_handoff');
  });
});

describe('view files', () => {
  const event = (files: unknown) => ({
    ...{ specversion: '1.0', id: 'f', source: 'test', type: 'tool_call.recorded' },
    data: { toolCallId: 't1', sessionId: 's1', name: 'Write', startedAt: '2026-03-02T10:01:00Z', files },
  });
  const CHANGED = { session: 's1', lines_added: 15, lines_deleted: 2, changed_at: at('03-02T10:05') };

  it('has a row per session and kind of file where paths are not stored', async () => {
    expect(await ask({ view: 'files' })).toEqual([
      { ...CHANGED, path: '*/*/*.ts', operation: 'created, modified' },
      { session: 's1', path: '*.md', operation: 'read', lines_added: null, lines_deleted: null, changed_at: null },
    ]);
  });

  it('has a row per session and path where they are', async () => {
    const token = await world.organization('paths', { storePaths: true });
    const files = [
      { path: 'src/a.ts', operation: 'modified', linesAdded: 1, linesDeleted: 1 },
      { path: 'src/b.ts', operation: 'deleted', linesDeleted: 7 },
      { path: 'src/a.ts', operation: 'read' },
    ];
    expect((await world.request('/v1/events', { token, body: [event(files)] })).status).toBe(200);
    const query = { refId: 'A', view: 'files', orderBy: 'path', direction: 'asc' };
    const body = { from: at('03-01T00:00'), to: at('03-09T00:00'), queries: [query] };
    const { results } = (await world.request('/v1/query', { token, body })).body;
    expect(rowsOf(results.A)).toEqual([
      {
        ...{ session: 's1', path: 'src/a.ts', operation: 'modified, read', lines_added: 1, lines_deleted: 1 },
        changed_at: at('03-02T10:01'),
      },
      {
        ...{ session: 's1', path: 'src/b.ts', operation: 'deleted', lines_added: null, lines_deleted: 7 },
        changed_at: at('03-02T10:01'),
      },
    ]);
  });

  it('never stores the paths where it is not asked to', async () => {
    const stored = await world.database.inOrganization('acme', (tx) =>
      tx.query<{ text: string }>(
        `select data::text || coalesce((select string_agg(files::text, '') from tool_calls where org_id = $1), '') as text
        from events where org_id = $1`,
        [tx.orgId],
      ),
    );
    expect(stored.rows.length).toBeGreaterThan(0);
    expect(stored.rows.map(({ text }) => text).join()).not.toMatch(/main|util|README/);
  });
});

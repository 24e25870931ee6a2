import { expect } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { rowsOf, WINDOW, type QueryResult, type World } from './world.js';

/** Questions of each view, and a range in which nothing is. */
export const NUMBERS = [
  { view: 'total', metrics: ['runs', 'run_success_rate', 'total_cost'] },
  { view: 'series', metrics: ['runs'], interval: 'day' },
  { view: 'table', metrics: ['runs', 'active_sessions'], groupBy: ['repo'] },
];
export const LISTS = [{ view: 'sessions' }, { view: 'runs' }, { view: 'handoffs' }];
export const LATER = { from: Date.UTC(2026, 3, 1), to: Date.UTC(2026, 3, 2) };

/** A run of no agent that anybody named. */
export const UNNAMED = {
  ...{ specversion: '1.0', source: 'plain', id: 'r1', type: 'run.started', time: '2026-03-03T09:00:00Z' },
  data: { runId: 'r1', sessionId: 's1', startedAt: '2026-03-03T09:00:00Z' },
};

/** What is told of an answer, but for the notice of whom it speaks. */
export const textsOf = ({ frames }: QueryResult): string[] =>
  (frames[0]!.schema.meta.notices ?? []).map(({ text }) => text).filter((text) => !text.startsWith('only your'));

/** The rows and the first field that somebody is shown in a panel. */
export async function inGrafana(world: World, token: string, viewer: TestViewer, query: object) {
  const { status, body } = await world.request('/v1/query', {
    token,
    headers: { ...headersOf(viewer), 'X-Runboard-Datasource': 'ds 1' },
    body: { ...WINDOW, queries: [{ refId: 'A', ...query }] },
  });
  expect(status).toBe(200);
  expect(queryAnswer.safeParse(body).error).toBeUndefined();
  const result = body.results.A as QueryResult;
  return { rows: rowsOf(result), field: result.frames[0]!.schema.fields[0] };
}

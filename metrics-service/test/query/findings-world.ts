import { headersOf, type TestViewer } from '../access/viewers.js';
import { manyRuns, userEvent, type ToldRun } from '../support/run-events.js';
import { rowsOf, startWorld, type QueryResult, type World } from './world.js';

export const at = (time: string): number => Date.parse(time);
export const NOW = at('2026-11-09T06:00:00Z');
/** Monday to Monday; the earlier window is 26 October to 2 November. */
export const WEEK = { from: at('2026-11-02T00:00:00Z'), to: at('2026-11-09T00:00:00Z'), timezone: 'UTC' };

/** Weeks of 60 runs of a user, each in a session of its own, half a dollar in all; one in six fails, each in another way. */
export function calm(user = 'ann'): object[] {
  const mondays = ['2026-09-28', '2026-10-05', '2026-10-12', '2026-10-19', '2026-10-26', '2026-11-02'];
  return mondays.flatMap((monday) => [
    ...manyRuns(50, { id: `${user} ${monday}`, at: `${monday}T08:00:00Z`, user, costUsd: 0.008 }),
    ...manyRuns(10, {
      id: `${user} ${monday} failed`,
      at: `${monday}T09:00:00Z`,
      user,
      costUsd: 0.01,
      status: 'FAILED',
    }),
  ]);
}

export const failed = (error: string, more: Partial<ToldRun> = {}) => ({ status: 'FAILED', error, ...more }) as const;

/** An organization with these events, asked for findings. */
export async function organizationIn(world: World, events: object[], settings = {}) {
  const { orgId } = await world.newOrganization();
  const scopes = ['ingest', 'directory', 'read', 'delegate'] as const;
  const token = await world.organization(`${orgId}-f`, settings, [...scopes]);
  // its source is not silent
  const pulse = { ...userEvent('pulse', 'none'), time: '2026-11-09T05:00:00Z' };
  if (events.length > 0) await world.accept(token, [...events, pulse]);
  const ask = async (query: object = {}, window: object = WEEK, viewer?: TestViewer, more: object = {}) => {
    const body = { ...window, queries: [{ refId: 'A', view: 'findings', limit: 50, ...query }] };
    const headers = { ...(viewer ? headersOf(viewer) : {}), ...more };
    return (await world.request('/v1/query', { token, body, headers })).body.results.A as QueryResult;
  };
  const rows = async (...asked: Parameters<typeof ask>) => rowsOf(await ask(...asked));
  return {
    ask,
    rows,
    kinds: async (...asked: Parameters<typeof ask>) => (await rows(...asked)).map(({ kind }) => kind),
  };
}

export const startEmpty = (): Promise<World> => startWorld([], NOW);

import { NOW, type QueryResult, type World } from './world.js';

let made = 0;
export const HOUR = 3_600_000;
export const at = (ms: number): string => new Date(ms).toISOString();
export const event = (type: string, time: number, data: object): object => ({
  ...{ specversion: '1.0', source: 'test', id: `e${(made += 1)}`, type, time: at(time), data },
});
export const set = (budgetId: string, limitUsd: number, more: object = {}): object =>
  event('budget.set', NOW - 900 * HOUR, { budgetId, limitUsd, period: 'month', ...more });
/** A run that cost so much, by that user. */
export const run = (startedAt: number, costUsd: number | undefined, more: object = {}): object[] => {
  const runId = `r${(made += 1)}`;
  return [
    event('run.started', startedAt, { runId, sessionId: 's', startedAt: at(startedAt), ...more }),
    event('run.completed', startedAt, { runId, completedAt: at(startedAt), status: 'SUCCEEDED', costUsd }),
  ];
};

/** Asks an organization of these events. */
export async function organizationOf(world: World, events: object[], settings: object = {}) {
  const orgId = `budgets-${(made += 1)}`;
  const token = await world.organization(orgId, settings);
  await world.accept(token, events);
  return async (query: object = {}): Promise<QueryResult> => {
    const body = { from: 0, to: 1, queries: [{ refId: 'A', view: 'budgets', ...query }] };
    return (await world.request('/v1/query', { token, body })).body.results.A as QueryResult;
  };
}

/** Filters of budgets about everybody, teams, people, and things, by the budget's id. */
export const FILTERED = {
  all: {},
  core: { team: ['core'] },
  'not-apps': { team: { not: ['apps'] } },
  teams: { team: ['core', 'apps'] },
  ann: { user: 'u-ann' },
  // who is called so may also be somebody else's id
  'ann-by-name': { user: 'Ann' },
  'bob-of-core': { user: 'u-bob', team: 'core' },
  'ann-of-core': { user: ['u-ann', 'u-bob'], team: 'core' },
  nobody: { user: null },
  web: { repo: ['web'] },
  s1: { session: ['s1'] },
  s2: { session: ['s1', 's2'] },
  builder: { agent: ['builder'] },
};

import type { APIRequestContext } from '@playwright/test';
import { askService } from './grafana.js';

const DAY_MS = 86_400_000;

/** What the service and Grafana answer to a query. */
export interface Answer {
  readonly results: Readonly<Record<string, { readonly frames: readonly { data: { values: unknown[][] } }[] }>>;
}

/** Of the demo’s last two weeks, which have tool calls: the session with most runs in which one failed, and one followed a handoff. */
export function tellingSession(request: APIRequestContext): Promise<string> {
  const filters = { post_handoff_iteration: ['true'], status: ['FAILED'] };
  return firstOf(request, { view: 'sessions', filters, orderBy: 'runs' }, 14);
}

/** The work item of the demo with most escalations. */
export function tellingWorkItem(request: APIRequestContext): Promise<string> {
  return firstOf(request, { view: 'work_items', orderBy: 'escalations' }, 29);
}

/** The agent of the demo that closed most work items. */
export function tellingAgent(request: APIRequestContext): Promise<string> {
  return firstOf(request, { view: 'table', metrics: ['closed_work_items'], groupBy: ['agent'] }, 29);
}

/** A run of that session which wrote files. */
export function tellingRun(request: APIRequestContext, session: string): Promise<string> {
  return firstOf(request, { view: 'tool_calls', filters: { session: [session], tool: ['Edit', 'Write'] } }, 29, 1);
}

/** A value of the first row of a list of the last days. */
async function firstOf(request: APIRequestContext, list: object, days: number, column = 0): Promise<string> {
  const to = Date.now();
  const query = { refId: 'A', from: to - days * DAY_MS, to, limit: 1, ...list };
  const { results } = (await askService(request, '/v1/query', { queries: [query] })) as Answer;
  return results.A!.frames[0]!.data.values[column]![0] as string;
}

const ODD = 'odd & id#1/2?x+y \'q\' "z" %41 ${x} ü';

/** A session whose id, user, team and repository hold everything that addresses trip over; answers with that text. */
export async function oddSession(request: APIRequestContext): Promise<string> {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const event = (type: string, id: string, data: object) => ({
    specversion: '1.0',
    source: 'e2e',
    id,
    type,
    time: at(1),
    data,
  });
  await askService(request, '/v1/events', [
    event('user.upserted', `user ${Date.now()}`, { userId: ODD, name: ODD, team: ODD }),
    event('session.created', `session ${Date.now()}`, {
      sessionId: ODD,
      createdByUserId: ODD,
      createdAt: at(40),
      repo: ODD,
    }),
    event('run.completed', `run ${Date.now()}`, {
      runId: ODD,
      sessionId: ODD,
      startedAt: at(30),
      completedAt: at(20),
      status: 'SUCCEEDED',
    }),
  ]);
  return ODD;
}

import type { OrganizationSettings } from '../../src/access/organizations.js';
import { rowsOf, startWorld, WINDOW, WORLD, type QueryResult, type World } from '../query/world.js';
import { headersOf, type TestViewer } from './viewers.js';

const said = (userId: string, data: object) => ({
  ...{ specversion: '1.0', source: 'directory', id: userId, type: 'user.upserted', time: '2026-01-02T00:00:00Z' },
  data: { userId, email: `${userId.slice(2)}@example.org`, ...data },
});

/**
 * The little world of the fixtures (Ann of core: r1 and r2 in her s1, r5 in Bob's s2; Bob of apps: r3 and r4 in s2;
 * s4 is nobody's), and who did nothing in it: Tim of core, Sol of no team, Meg and Ada who lead, two of one e-mail and name.
 */
export const PEOPLE = [
  ...WORLD,
  said('u-tim', { team: 'core', role: 'member' }),
  said('u-sol', { role: 'member' }),
  said('u-meg', { role: 'manager' }),
  said('u-ada', { role: 'admin', team: 'apps' }),
  said('u-one', { email: 'twins@example.org', name: 'Twin' }),
  said('u-two', { email: 'Twins@example.org', name: 'Twin', team: 'core' }),
];

export interface Viewed {
  world: World;
  token: string;
  request(path: string, viewer: TestViewer | null, body?: unknown): ReturnType<World['request']>;
  /** one query over the week */
  ask(viewer: TestViewer | null, query: object): Promise<QueryResult>;
  rows(viewer: TestViewer | null, query: object): Promise<Record<string, unknown>[]>;
}

/** An organization of the world with these events, asked through a token that may speak for viewers. */
export async function viewed(
  world: World,
  orgId: string,
  settings: Partial<OrganizationSettings>,
  events: unknown[] = PEOPLE,
): Promise<Viewed> {
  const token = await world.organization(orgId, settings, ['ingest', 'directory', 'read', 'delegate']);
  const sent = await world.request('/v1/events', { body: events, token });
  if (sent.status !== 200) throw new Error(JSON.stringify(sent.body));
  const request: Viewed['request'] = (path, viewer, body) =>
    world.request(path, { token, body, headers: viewer ? headersOf(viewer) : {} });
  const ask: Viewed['ask'] = async (viewer, query) => {
    const { status, body } = await request('/v1/query', viewer, { ...WINDOW, queries: [{ refId: 'A', ...query }] });
    if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
    return body.results.A;
  };
  return { world, token, request, ask, rows: async (viewer, query) => rowsOf(await ask(viewer, query)) };
}

export const member = (name: string, more: Partial<TestViewer> = {}): TestViewer => ({
  ...{ kind: 'user', email: `${name}@example.org`, role: 'Viewer', auth: 'oauth_google' },
  ...more,
});

export { startWorld, WINDOW };

import type { User, World } from '../oracle/types.js';

/** Who asks, as the plugin's backend says it. */
export interface TestViewer {
  kind: string;
  email?: string;
  role?: string;
  auth?: string;
}

export interface Visibilities {
  memberVisibility: 'organization' | 'team' | 'self';
  alertVisibility: 'organization' | 'totals' | 'nothing';
  publicVisibility: 'totals' | 'nothing';
}

/** Header values are bytes: a sender writes UTF-8. */
export function headersOf(viewer: TestViewer): Record<string, string> {
  const entries = Object.entries(viewer).map(([name, value]) => [
    `x-runboard-viewer-${name}`,
    Buffer.from(value as string, 'utf8').toString('latin1'),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What design and definitions let a viewer see: all, numbers (of so many people at least), or what these users did. */
export type Sight = { all: true } | Numbers | { userIds: Set<string> };

interface Numbers {
  numbers: true;
  leastPeople: number;
  /** of single people and sessions nothing is answered, instead of refused */
  elseNothing?: true;
}

const NOTHING: Sight = { userIds: new Set() };
const VOUCHING = /^(oauth_.+|auth\.saml|ldap|jwt|authproxy|trusted)$/;

/** Plainly, from the whole world; `null` is the token itself. */
export function sightOf(world: World, viewer: TestViewer | null, settings: Visibilities): Sight {
  if (viewer === null) return { all: true };
  switch (viewer.kind) {
    case 'alert':
    case 'service-account':
      if (settings.alertVisibility === 'nothing') return NOTHING;
      return settings.alertVisibility === 'organization' ? { all: true } : { numbers: true, leastPeople: 0 };
    case 'public':
    case 'anonymous':
      return settings.publicVisibility === 'totals' ? { numbers: true, leastPeople: 5 } : NOTHING;
    case 'user':
      break;
    default:
      return NOTHING;
  }
  if (viewer.role === 'Admin') return { all: true };
  const email = viewer.email?.toLowerCase();
  const found = [...world.users.values()].filter((user) => user.emails.some((one) => one.toLowerCase() === email));
  if (found.length !== 1 || !VOUCHING.test(viewer.auth ?? '')) {
    // at least what the public sees
    return settings.publicVisibility === 'totals' ? { numbers: true, leastPeople: 5, elseNothing: true } : NOTHING;
  }
  return memberSight(world, found[0]!, settings);
}

function memberSight(world: World, user: User, { memberVisibility }: Visibilities): Sight {
  if (user.role === 'admin' || user.role === 'manager' || memberVisibility === 'organization') return { all: true };
  if (memberVisibility === 'self' || user.team === null) return { userIds: new Set([user.id]) };
  const team = [...world.users.values()].filter((other) => other.team === user.team);
  return { userIds: new Set(team.map(({ id }) => id)) };
}

/** The world as those see it who may see what these users did: nothing else is in it. */
export function visibleWorld(world: World, userIds: Set<string>): World {
  const isSeen = (id: string | null): boolean => id !== null && userIds.has(id);
  const sees = (row: { user: string | null; session: string | null }): boolean =>
    isSeen(row.user) || (row.session !== null && isSeen(world.sessions.get(row.session)!.creator));
  const runs = world.runs.filter(sees);
  const messages = world.messages.filter(sees);
  const handoffs = world.handoffs.filter(sees);
  const known = new Set([...runs, ...messages, ...handoffs].filter(({ hidden }) => !hidden).map(({ user }) => user));
  const sessions = [...world.sessions.values()].map((session) => ({
    ...session,
    creator: isSeen(session.creator) ? session.creator : null,
  }));
  return {
    users: new Map([...world.users].filter(([id]) => userIds.has(id) || known.has(id))),
    aliases: world.aliases,
    sessions: new Map(sessions.map((session) => [session.id, session])),
    runs,
    messages,
    handoffs,
    workItems: new Map([...world.workItems].filter(([id]) => runs.some((run) => !run.hidden && run.workItem === id))),
    toolCalls: world.toolCalls.filter(({ run, session }) => {
      if (run) return runs.includes(run);
      return session !== null && isSeen(world.sessions.get(session)?.creator ?? null);
    }),
    escalations: world.escalations.filter(({ run, session }) => {
      if (run) return runs.includes(run);
      return session !== null && isSeen(world.sessions.get(session)?.creator ?? null);
    }),
    firstEventAt: userIds.size === 0 ? null : world.firstEventAt,
    newestEventAt: userIds.size === 0 ? null : world.newestEventAt,
    sources: new Map(),
    budgets: new Map(),
  };
}

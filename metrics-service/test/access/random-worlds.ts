import { runDimension } from '../oracle/dimensions.js';
import { isPerson } from '../oracle/rows.js';
import { CLOCK_DIMENSIONS, PART_DIMENSIONS, type SentEvent, type World } from '../oracle/types.js';
import type { Random } from '../support/random.js';
import type { Occasion } from '../support/random-times.js';
import type { TestViewer } from './viewers.js';

const DAY_MS = 86_400_000;

/** Three times as many users as there are in the world, each with a word of their own about who they are. */
export function withViewers(
  events: SentEvent[],
  { occasion, random, now }: { occasion: Occasion; random: Random; now: number },
): SentEvent[] {
  const users = new Set<string>();
  const another = (id: unknown): unknown => {
    if (typeof id !== 'string' || id === '') return id;
    const renamed = id + random.pick(['', '', '2', '3']);
    users.add(renamed);
    return renamed;
  };
  const renamed = events.map((event) => {
    const data = { ...event.data };
    for (const member of ['userId', 'createdByUserId']) if (member in data) data[member] = another(data[member]);
    if (Array.isArray(data.aliases)) data.aliases = data.aliases.map(another);
    return { ...event, data };
  });
  const time = new Date(Math.min(occasion.at + 400 * DAY_MS, now)).toISOString();
  const said = [...users].map((userId): SentEvent => {
    const email = random.chance(0.2) ? 'Twice@example.org' : `${userId}@Example.org`;
    const data = { userId, email, role: random.pick(['member', 'member', 'member', 'member', 'manager', 'admin', '']) };
    return { specversion: '1.0', source: 'directory', id: userId, type: 'user.upserted', time, data };
  });
  return [...renamed, ...said.map((event) => ({ ...event, data: withoutEmpty(event.data) }))];
}

function withoutEmpty(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== ''));
}

/** One of each kind, and a few of the users, not all of whom the service can know. */
export function viewersOf(world: World, random: Random): (TestViewer | null)[] {
  const emails = [...world.users.values()].flatMap(({ email }) => (email ? [email] : []));
  const user = (): TestViewer => ({
    kind: 'user',
    email: random.chance(0.5) ? random.pick(emails).toLowerCase() : random.pick(emails),
    role: random.pick(['Viewer', 'Editor', 'Viewer', 'Viewer', 'Viewer', 'Admin']),
    auth: random.pick(['oauth_google', 'ldap', 'trusted', 'auth.saml', 'authproxy', 'jwt', 'password']),
  });
  return [
    user(),
    user(),
    user(),
    user(),
    random.pick([
      null,
      { kind: 'user', email: 'stranger@example.org', auth: 'jwt' },
      { kind: 'toaster', role: 'Admin' },
    ]),
    { kind: random.pick(['alert', 'service-account']), role: 'Admin', email: random.pick(emails), auth: 'trusted' },
    { kind: random.pick(['public', 'anonymous']), role: 'Admin', email: random.pick(emails), auth: 'trusted' },
  ];
}

/** The values of a run's dimension that the started runs of so many users have; null for what is not the run's own. */
export function valuesOfMany(world: World, dimension: string, leastPeople: number): string[] | null {
  if (
    [
      ...PART_DIMENSIONS,
      ...CLOCK_DIMENSIONS,
      'phase',
      'counter',
      'source',
      'budget',
      'severity',
      'escalation_category',
      'tool',
      'local_handoff',
      'post_handoff_iteration',
    ].includes(dimension)
  )
    return null;
  const users = new Map<string, Set<string>>();
  for (const run of world.runs.filter(({ hidden, startedAt }) => !hidden && startedAt !== null)) {
    const value = runDimension(world, run, dimension) ?? '(none)';
    users.set(value, (users.get(value) ?? new Set()).add(isPerson(world, run.user) ? run.user : ''));
  }
  const many = [...users].filter(([, people]) => [...people].filter((user) => user !== '').length >= leastPeople);
  return many.map(([value]) => value).sort();
}

import {
  type Cell,
  groupDimension,
  isPartDimension,
  RUN_DIMENSIONS,
  runDimension,
  SESSION_DIMENSIONS,
  sessionDimension,
} from './dimensions.js';
import { fingerprintOf } from './fingerprints.js';
import {
  type Filters,
  type Moment,
  PART_DIMENSIONS,
  type Run,
  type Session,
  type Share,
  type User,
  type Window,
  type World,
} from './types.js';
import { repoName } from './values.js';

/** What a metric is computed over. */
export interface Scope {
  world: World;
  window: Window;
  filters: Filters;
  group: Cell[];
  timezone: string;
  postHandoffMs: number;
  now: number;
  /** for a viewer of totals: a number over fewer people is not shown; 0: all are. Absent for who sees single runs, too */
  leastPeople?: number;
  /** only what is in none of these groups of these dimensions: what remains of them */
  remainder?: { dimensions: string[]; without: Cell[][] };
}

/** Whether a row, which has these values, is in a group that is left out. */
export function isLeftOut({ remainder }: Scope, valueOf: (dimension: string) => string | null): boolean {
  return (remainder?.without ?? []).some((group) =>
    group.every(({ dimension, value }) => valueOf(dimension) === value),
  );
}

export function within(at: number | null, window: Window): at is number {
  return at !== null && window.from <= at && at < window.to;
}

/** Whether it is a person: a service never counts as an active user. */
export function isPerson(world: World, user: string | null): user is string {
  return user !== null && world.users.get(user)?.kind !== 'service';
}

/** A user filter takes ids, and names where exactly one user has it. */
function userMeant(world: World, value: string): string {
  if (world.aliases.has(value)) return world.aliases.get(value)!;
  if (world.users.has(value)) return value;
  const named: User[] = [...world.users.values()].filter((user) => user.name === value);
  return named.length === 1 ? named[0]!.id : value;
}

/** Whether a query filters by a dimension: an empty list is no filter. */
export function isFiltered(scope: Scope, dimension: string): boolean {
  const filter = scope.filters[dimension];
  return filter !== undefined && (Array.isArray(filter) ? filter : filter.not).length > 0;
}

/** Whether a value passes the filter on its dimension: one of the alternatives, or none of the negated ones. */
export function passes(scope: Scope, dimension: string, value: string | null): boolean {
  if (!isFiltered(scope, dimension)) return true;
  const filter = scope.filters[dimension]!;
  const listed = Array.isArray(filter) ? filter : filter.not;
  const meant = listed.map((one) => {
    if (one === null || one === '(none)') return null;
    if (dimension === 'repo') return repoName(one);
    if (dimension === 'failure_fingerprint') return fingerprintOf(one) ?? one;
    return dimension === 'user' ? userMeant(scope.world, one) : one;
  });
  return Array.isArray(filter) ? meant.includes(value) : !meant.includes(value);
}

/** The runs that started in any of the scope's moments (`window`), after all filters, in the scope's group. */
export function runsIn(scope: Scope, window: Window = scope.window): Run[] {
  return scope.world.runs.filter(
    (run) =>
      !run.hidden &&
      within(run.startedAt, window) &&
      [...SESSION_DIMENSIONS, ...RUN_DIMENSIONS].every((name) =>
        passes(scope, name, runDimension(scope.world, run, name)),
      ) &&
      scope.group
        .filter((cell) => !isPartDimension(cell.dimension) && !['phase', 'counter'].includes(cell.dimension))
        .every((cell) => groupDimension(scope.world, run, cell.dimension, scope.timezone) === cell.value) &&
      (splitsByPart(scope) ||
        !isLeftOut(scope, (dimension) => groupDimension(scope.world, run, dimension, scope.timezone))),
  );
}

/** Whether the scope asks for parts of runs by their own model or phase. */
export function splitsByPart(scope: Scope): boolean {
  const dimensions = [...scope.group.map(({ dimension }) => dimension), ...(scope.remainder?.dimensions ?? [])];
  return PART_DIMENSIONS.some((name) => isFiltered(scope, name) || dimensions.includes(name));
}

/** The shares of the scope's runs that pass the filters on shares and are the group's. */
export function sharesIn(scope: Scope): Share[] {
  const isIn = (run: Run, share: Share): boolean =>
    !isLeftOut(scope, (dimension) =>
      isPartDimension(dimension) ? share[dimension] : groupDimension(scope.world, run, dimension, scope.timezone),
    );
  return runsIn(scope)
    .flatMap((run) => run.shares.filter((share) => isIn(run, share)))
    .filter(
      (share) =>
        PART_DIMENSIONS.every((name) => passes(scope, name, share[name])) &&
        scope.group.every(({ dimension, value }) => !isPartDimension(dimension) || share[dimension] === value),
    );
}

/** What of one session lies in the window. */
export interface ActiveSession {
  session: Session;
  runs: Run[];
  messages: Moment[];
  handoffs: Moment[];
  /** a handoff in the window that a run of the session followed within X */
  followed: boolean;
}

function followedWithin(world: World, handoff: Moment, limitMs: number): boolean {
  return world.runs.some(
    (run) =>
      !run.hidden &&
      run.session === handoff.session &&
      run.startedAt !== null &&
      handoff.at < run.startedAt &&
      run.startedAt <= handoff.at + limitMs,
  );
}

/** S: the active sessions of the window, after all filters, in the scope's group. Their numbers stay whole. */
export function sessionsIn(scope: Scope): ActiveSession[] {
  const { world, window } = scope;
  const found: ActiveSession[] = [];
  for (const session of world.sessions.values()) {
    if (session.hidden) continue;
    const runs = world.runs.filter((run) => !run.hidden && run.session === session.id && within(run.startedAt, window));
    const messages = world.messages.filter((one) => one.session === session.id && within(one.at, window));
    const handoffs = world.handoffs.filter((one) => one.session === session.id && within(one.at, window));
    if (runs.length + messages.length + handoffs.length === 0) continue;
    const followed = handoffs.some((handoff) => followedWithin(world, handoff, scope.postHandoffMs));
    const kept =
      SESSION_DIMENSIONS.every((name) => passes(scope, name, sessionDimension(world, session, name))) &&
      passes(scope, 'local_handoff', String(handoffs.length > 0)) &&
      passes(scope, 'post_handoff_iteration', String(followed)) &&
      passesRunFilters(scope, runs) &&
      scope.group.every((cell) => sessionDimension(world, session, cell.dimension) === cell.value) &&
      !isLeftOut(scope, (dimension) => sessionDimension(world, session, dimension));
    if (kept) found.push({ session, runs, messages, handoffs, followed });
  }
  return found;
}

/** Run filters keep a session with at least one run in the window that passes all of them. */
function passesRunFilters(scope: Scope, runs: Run[]): boolean {
  const asked = RUN_DIMENSIONS.filter((name) => isFiltered(scope, name));
  if (asked.length === 0) return true;
  return runs.some((run) => asked.every((name) => passes(scope, name, runDimension(scope.world, run, name))));
}

import { type Fraction, ratio, whole } from './fraction.js';
import { isLeftOut, isPerson, passes, type Scope, within } from './rows.js';
import type { Metric } from './run-metrics.js';
import type { Window, World } from './types.js';

/** Everybody whom a record is of, or a run or session names, as of now. */
export function knownPeople(world: World): string[] {
  const recorded = [...world.users.values()].filter((user) => user.isRecorded).map(({ id }) => id);
  const runs = world.runs.filter((run) => !run.hidden).map((run) => run.user);
  const creators = [...world.sessions.values()].filter(({ hidden }) => !hidden).map(({ creator }) => creator);
  return [...new Set([...recorded, ...runs, ...creators])].filter((user) => isPerson(world, user));
}

/** A person's value of a dimension that people are grouped by. */
export function ofPerson(world: World, person: string, dimension: string): string | null {
  return dimension === 'user' ? person : (world.users.get(person)?.team ?? null);
}

/** The known people after the filters, in the scope's group. */
export function peopleIn(scope: Scope): string[] {
  const { world, group } = scope;
  return knownPeople(world).filter(
    (person) =>
      ['user', 'team'].every((name) => passes(scope, name, ofPerson(world, person, name))) &&
      group.every(({ dimension, value }) => ofPerson(world, person, dimension) === value) &&
      !isLeftOut(scope, (dimension) => ofPerson(world, person, dimension)),
  );
}

function ranIn({ world }: Scope, person: string, window: Window): boolean {
  return world.runs.some((run) => !run.hidden && run.user === person && within(run.startedAt, window));
}

/** Those of them who ran in the window. */
export function activeIn(scope: Scope): string[] {
  return peopleIn(scope).filter((person) => ranIn(scope, person, scope.window));
}

const count = (people: string[]): Fraction => whole(people.length);

const quiet: Metric = (scope) => {
  const { from, to } = scope.window;
  const before = { from: from - (to - from), to: from };
  return count(peopleIn(scope).filter((person) => ranIn(scope, person, before) && !ranIn(scope, person, scope.window)));
};

export const PEOPLE_METRICS: Record<string, Metric> = {
  known_users: (scope) => count(peopleIn(scope)),
  adoption_rate: (scope) => ratio(count(activeIn(scope)), count(peopleIn(scope))),
  quiet_users: quiet,
};

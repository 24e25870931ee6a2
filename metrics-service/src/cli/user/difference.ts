import { isDeepStrictEqual } from 'node:util';
import { intersect } from '../../entities/field-sets.js';
import { entities } from '../../entities/index.js';
import type { EntityRow } from '../../ingest/merge.js';
import { stampOfWon } from '../../ingest/stamps.js';
import { printable } from '../../format/values.js';
import type { PersonSaid } from './people.js';

export interface MemberChange {
  member: string;
  /** null: unknown, or cleared */
  before: unknown;
  after: unknown;
}

export interface PersonChange {
  userId: string;
  isNew: boolean;
  members: MemberChange[];
  /** of the aliases those that are other persons' so far; absent where there are none */
  taken?: Record<string, string>;
  /** in epoch milliseconds: what the directory said last of the user and the aliases; it must be said later to hold */
  latestMs: number;
}

/**
 * What would change of a user. The same word again is a change where so far only others said it, or where somebody claimed
 * one of the aliases since. `persons`: whose the ids are, where that is not the id itself; `claimedMs`: the latest claim. Pure.
 */
export function changeOf(
  said: PersonSaid,
  row: EntityRow | undefined,
  { persons, claimedMs }: { persons: ReadonlyMap<string, string>; claimedMs: number },
): PersonChange {
  const { fieldSets } = entities.user;
  const stamps = row?.stamps ?? [];
  const ofDirectory = stamps.filter((one) => stampOfWon(one)[0] === 1);
  const { userId, ...members } = said;
  const taken = takenOf(said, persons);
  const stated = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  const changes = stated.map(([member, value]): MemberChange & { isSaid: boolean } => ({
    member,
    before: row?.values[member] ?? null,
    after: value === '' ? null : value,
    isSaid:
      ofDirectory.some(([, , , fields]) => intersect(fields, fieldSets[member]!)) &&
      !(member === 'aliases' && taken.length > 0),
  }));
  return {
    userId,
    isNew: row === undefined,
    members: changes
      .filter(({ before, after, isSaid }) => !isSaid || !isDeepStrictEqual(sorted(before), sorted(after)))
      .map(({ member, before, after }) => ({ member, before, after })),
    ...(taken.length > 0 ? { taken: Object.fromEntries(taken) } : {}),
    latestMs: Math.max(claimedMs, ...ofDirectory.map(([timeMs]) => timeMs)),
  };
}

/** The aliases that count as somebody else than the user does. */
function takenOf({ userId, aliases }: PersonSaid, persons: ReadonlyMap<string, string>): [string, string][] {
  const whose = persons.get(userId) ?? userId;
  const claimed = (aliases ?? []).map((alias): [string, string] => [alias, persons.get(alias) ?? whose]);
  return claimed.filter(([, person]) => person !== whose);
}

/** Aliases have no order. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as string[])].sort() : value;
}

/** A change as a line to be read. */
export function lineOf({ userId, isNew, members, taken = {} }: PersonChange): string {
  const others = Object.entries(taken).map(
    ([alias, person]) => `${printable(alias)} currently belongs to ${printable(person)}`,
  );
  const said = members.map(({ member, before, after }) => {
    if (member === 'aliases' && others.length > 0) return `aliases ${shown(after)} (${others.join(', ')})`;
    if (isDeepStrictEqual(sorted(before), sorted(after)))
      return `${member} ${shown(after)} (not yet confirmed by the directory)`;
    return before === null ? `${member} ${shown(after)}` : `${member} ${shown(before)} → ${shown(after)}`;
  });
  return `${isNew ? '+' : '~'} ${printable(userId)}${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}

function shown(value: unknown): string {
  if (value === null) return '(none)';
  return printable(Array.isArray(value) ? (value.length > 0 ? value.join(' ') : '(none)') : (value as string));
}

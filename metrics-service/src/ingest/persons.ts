import { intersect } from '../entities/field-sets.js';
import { entities } from '../entities/index.js';
import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { compareUtf8 } from '../text-order.js';
import type { Change } from './change.js';
import { compareStamps, stampOfWon, type Stamp, type Stamps } from './stamps.js';

/** A user's claim to other ids, with its stamp. */
export interface Claim {
  readonly userId: string;
  readonly aliases: readonly string[];
  readonly stamp: Stamp;
}

/**
 * Maps alias ids to the ids of their persons (definitions.md, aliases): of two users that claim an id the greater stamp
 * wins, chains of claims are followed, a circle counts as its smallest id, and a user that claims its own id says
 * nothing. Pure.
 */
export function personsOf(claims: readonly Claim[]): Map<string, string> {
  const winning = new Map<string, Claim>();
  for (const claim of claims) {
    for (const alias of claim.aliases) {
      if (alias === claim.userId) continue;
      const other = winning.get(alias);
      if (!other || compareStamps(claim.stamp, other.stamp) > 0) winning.set(alias, claim);
    }
  }
  const persons = new Map<string, string>();
  for (const alias of winning.keys()) persons.set(alias, followed(alias, winning));
  return new Map([...persons].filter(([id, person]) => id !== person));
}

function followed(id: string, winning: ReadonlyMap<string, Claim>): string {
  const path = [id];
  for (let claim = winning.get(id); claim; claim = winning.get(claim.userId)) {
    const start = path.indexOf(claim.userId);
    if (start >= 0) return path.slice(start).sort(compareUtf8)[0]!;
    path.push(claim.userId);
  }
  return path.at(-1)!;
}

const ALIASES = entities.user.fieldSets.aliases!;

/** Calls `derivePersons` if the aliases of any of these users changed. */
export async function derivePersonsOf(tx: Transaction, users: readonly Change[]): Promise<void> {
  const concerns = users.some(
    ({ before, after }) => saidAliases(before?.stamps ?? [])?.join() !== saidAliases(after.stamps)?.join(),
  );
  if (concerns) await derivePersons(tx);
}

/** Derives the organization's persons from the aliases of its users. */
export async function derivePersons(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<{ user_id: string; aliases: string[]; stamps: Stamps }>(
    `
    select user_id, aliases, stamps
    from users
    where org_id = $1
      and aliases is not null`,
    [tx.orgId],
  );
  const claims = rows.map(({ user_id: userId, aliases, stamps }) => ({ userId, aliases, stamp: saidAliases(stamps)! }));
  const persons = [...personsOf(claims)];
  tx.write(
    `
    delete from persons
    where org_id = $1
      and (user_id, person_id) not in (select * from unnest($2::text[], $3::text[]))`,
    [tx.orgId, textArray(persons.map(([id]) => id)), textArray(persons.map(([, person]) => person))],
  );
  tx.write(
    `
    insert into persons (org_id, user_id, person_id)
    select $1, user_id, person_id
    from unnest($2::text[], $3::text[]) as said (user_id, person_id)
    on conflict do nothing`,
    [tx.orgId, textArray(persons.map(([id]) => id)), textArray(persons.map(([, person]) => person))],
  );
}

/** The stamp of a user's aliases. */
function saidAliases(stamps: Stamps): Stamp | null {
  const found = stamps.find(([, , , fields]) => intersect(fields, ALIASES));
  return found ? stampOfWon(found) : null;
}

/** The time of the latest claim on any of these ids, in epoch milliseconds; 0 without one. */
export async function latestClaimMs(tx: Transaction, userIds: readonly string[]): Promise<number> {
  const { rows } = await tx.query<{ stamps: Stamps }>(
    `
    select stamps
    from users
    where org_id = $1
      and aliases ?| $2::text[]`,
    [tx.orgId, userIds],
  );
  return rows.reduce((latest, { stamps }) => Math.max(latest, saidAliases(stamps)![1]), 0);
}

/** Whose these ids are, where that is not the id itself. */
export async function personsOfIds(tx: Transaction, userIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ user_id: string; person_id: string }>(
    `
    select user_id, person_id
    from persons
    where org_id = $1
      and user_id = any($2::text[])`,
    [tx.orgId, userIds],
  );
  return new Map(rows.map(({ user_id, person_id }) => [user_id, person_id]));
}

/** The person that the id belongs to, and all ids of that person, sorted. */
export async function idsOfPerson(tx: Transaction, userId: string): Promise<{ personId: string; ids: string[] }> {
  const { rows } = await tx.query<{ person_id: string; ids: string[] }>(
    `
    with person as (
      select coalesce(
        (
          select person_id
          from persons
          where org_id = $1
            and user_id = $2
        ),
        $2::text collate "C"
      ) as id
    )
    select
      person.id as person_id,
      array(
        select person.id
        union
        select user_id
        from persons
        where org_id = $1
          and person_id = person.id
        order by 1
      ) as ids
    from person`,
    [tx.orgId, userId],
  );
  return { personId: rows[0]!.person_id, ids: rows[0]!.ids };
}

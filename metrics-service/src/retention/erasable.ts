import type { Database, Transaction } from '../db/database.js';
import { tenantTables } from '../db/tenant-tables.js';
import { ENTITIES, entities, type Entity } from '../entities/index.js';
import type { ErasedIds } from './erasure.js';
import { PERSON_MEMBERS } from './personal.js';

/**
 * What is a person's, under any of their ids, as `entity` of the log calls it: whatever an event says of them (though a later
 * one may have said otherwise), what is theirs by its row, and of what belongs to that whatever is nobody else's.
 */
export async function entitiesOf(tx: Transaction, userIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ entity: string }>(ENTITIES_OF, [tx.orgId, userIds]);
  return rows.map(({ entity }) => entity);
}

/**
 * After a `found (entity)`: these and, with a run, those that its key makes one run with it. Which of their events won is
 * decided over all of them.
 */
export const WITH_KEY_MATES = `
    select entity
    from found
    union
    select 'run:' || other.run_id
    from found
    join runs
      on runs.org_id = $1
      and runs.run_id = substr(found.entity, 5)
    join runs other
      on other.org_id = $1
      and other.key = runs.key
    where found.entity like 'run:%'`;

const ENTITIES_OF = `
    with found as (
      select entity
      from events
      where org_id = $1
        and (${PERSON_MEMBERS.map((member) => `data -> '${member}' ?| $2::text[]`).join(' or ')})
      union
      ${ENTITIES.flatMap((one) => [...own(one), ...inherited(one)]).join('\n    union\n    ')}
    )${WITH_KEY_MATES}`;

/**
 * The budgets of which some word names one of these users in its filters, by id or by what they are called.
 */
export async function budgetsNaming(tx: Transaction, users: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ entity: string }>(
    `
    select distinct entity
    from events
    where org_id = $1
      and entity >= 'budget:'
      and entity < 'budget;'
      and (data #> '{filters,user}' ?| $2::text[] or data #> '{filters,user,not}' ?| $2::text[])`,
    [tx.orgId, users],
  );
  return rows.map(({ entity }) => entity);
}

function own({ name, table, idColumn, person }: Entity): string[] {
  if (person === undefined) return [];
  return [
    `select '${name}:' || ${idColumn}
    from ${table}
    where org_id = $1
      and ${person} = any($2::text[])`,
  ];
}

function inherited({ name, table, idColumn, person, belongsTo }: Entity): string[] {
  return belongsTo.map((owner, index) => {
    const { table: owners, idColumn: ownerId, person: whose } = entities[owner];
    const unknown = [
      ...(person === undefined ? [] : [`${table}.${person} is null`]),
      ...belongsTo.slice(0, index).map((one) => isUnknown(entities[one], table)),
    ];
    return `select '${name}:' || ${table}.${idColumn}
    from ${owners}
    join ${table}
      on ${table}.org_id = $1
      and ${table}.${ownerId} = ${owners}.${ownerId}
    where ${owners}.org_id = $1
      and ${owners}.${whose} = any($2::text[])${unknown.map((condition) => `\n      and ${condition}`).join('')}`;
  });
}

/** Whether the row names no such owner, or one of which nothing else was told. */
function isUnknown({ table: owners, idColumn }: Entity, table: string): string {
  return `(
        ${table}.${idColumn} is null
        or not exists (
          select
          from ${owners} owner
          where owner.org_id = $1
            and owner.${idColumn} = ${table}.${idColumn}
        )
      )`;
}

/** The ids of the users with that e-mail, for callers who do not know the id. */
export async function usersWithEmail(tx: Transaction, email: string): Promise<string[]> {
  const { rows } = await tx.query<{ user_id: string }>(
    `
    select user_id
    from users
    where org_id = $1
      and lower(email collate "C") = lower($2::text collate "C")
    order by user_id`,
    [tx.orgId, email],
  );
  return rows.map(({ user_id }) => user_id);
}

/** The person's names: all past and present names and e-mails, and the ids if they are replaced. */
export async function wordsOf(tx: Transaction, ids: ErasedIds): Promise<string[]> {
  const { rows } = await tx.query<{ name: string | null; email: string | null }>(
    `
    select data ->> 'name' as name, data ->> 'email' as email
    from events
    where org_id = $1
      and entity = any($2::text[])`,
    [tx.orgId, [...ids.keys()].map((id) => `user:${id}`)],
  );
  const said = [...ids.keys(), ...rows.flatMap(({ name, email }) => [name, email])];
  const kept = new Set([...ids].filter(([id, shownAs]) => id === shownAs).map(([id]) => id.toLowerCase()));
  return [...new Set(said.filter((word): word is string => Boolean(word) && !kept.has(word!.toLowerCase())))];
}

/**
 * A PostgreSQL regular expression for any of the words as whole words; null, which matches nothing, if there are none.
 */
export function anyWord(words: string[]): string | null {
  if (words.length === 0) return null;
  // a backslash makes ASCII punctuation literal; letters and digits already are
  const literal = words.map((word) => word.replace(/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g, '\\$&'));
  return `(?<![[:alnum:]])(${literal.join('|')})(?![[:alnum:]])`;
}

/** How many rows of each table still contain the words, as whole words; tables without any are left out. */
export async function findWords(database: Database, orgId: string, words: string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  if (words.length === 0) return found;
  await database.inOrganization(
    orgId,
    async (tx) => {
      await tx.query('set local statement_timeout to 0');
      for (const table of await tenantTables(tx)) {
        const { rows } = await tx.query<{ count: string }>(
          `select count(*) from ${table} t where org_id = $1 and t::text ~* $2`,
          [orgId, anyWord(words)],
        );
        if (rows[0]!.count !== '0') found[table] = Number(rows[0]!.count);
      }
    },
    { readOnly: true },
  );
  return found;
}

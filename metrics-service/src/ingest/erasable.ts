import type { Database, Transaction } from '../db/database.js';
import { tenantTables } from '../db/tenant-tables.js';
import type { Erasure } from './erase.js';

/**
 * What is a user's, as event_entity calls it: whatever an event says of them (though a later one may have said
 * otherwise), their sessions, runs and calls, and what in their sessions is nobody else's.
 */
export async function entitiesOf(tx: Transaction, userId: string): Promise<string[]> {
  const { rows } = await tx.query<{ entity: string }>(
    `
    select event_entity(type, data) as entity
    from events
    where org_id = $1
      and (data ->> 'userId' = $2 or data ->> 'createdByUserId' = $2)
    union
    select 'session:' || session_id
    from sessions
    where org_id = $1
      and created_by_user_id = $2
    union
    select 'message:' || m.message_id
    from sessions s
    join messages m
      on m.org_id = $1
      and m.session_id = s.session_id
    where s.org_id = $1
      and s.created_by_user_id = $2
      and m.user_id is null
    union
    select 'handoff:' || h.handoff_id
    from sessions s
    join handoffs h
      on h.org_id = $1
      and h.session_id = s.session_id
    where s.org_id = $1
      and s.created_by_user_id = $2
      and h.user_id is null
    union
    select 'llm_call:' || c.call_id
    from sessions s
    join llm_calls c
      on c.org_id = $1
      and c.session_id = s.session_id
    where s.org_id = $1
      and s.created_by_user_id = $2
      and c.run_id is null
    union
    select 'run:' || run_id
    from runs
    where org_id = $1
      and user_id = $2
    union
    select 'llm_call:' || c.call_id
    from runs r
    join llm_calls c
      on c.org_id = $1
      and c.run_id = r.run_id
    where r.org_id = $1
      and r.user_id = $2`,
    [tx.orgId, userId],
  );
  return rows.map(({ entity }) => entity);
}

/** The ids of the users who have that e-mail, for who knows no id. */
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

/** What the person is called in the organization: names and e-mails of all times, and the id where it is replaced. */
export async function wordsOf(tx: Transaction, { userId, replaceId }: Erasure): Promise<string[]> {
  const { rows } = await tx.query<{ name: string | null; email: string | null }>(
    `
    select data ->> 'name' as name, data ->> 'email' as email
    from events
    where org_id = $1
      and event_entity(type, data) = 'user:' || $2`,
    [tx.orgId, userId],
  );
  const said = [userId, ...rows.flatMap(({ name, email }) => [name, email])];
  const isKept = (word: string): boolean => !replaceId && word.toLowerCase() === userId.toLowerCase();
  return [...new Set(said.filter((word): word is string => Boolean(word) && !isKept(word!)))];
}

/** A regular expression of PostgreSQL for any of the words, standing alone; null, which matches nothing, for none. */
export function anyWord(words: string[]): string | null {
  if (words.length === 0) return null;
  // a backslash makes ASCII signs stand for themselves; letters and digits do already
  const literal = words.map((word) => word.replace(/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g, '\\$&'));
  return `(?<![[:alnum:]])(${literal.join('|')})(?![[:alnum:]])`;
}

/** In how many rows of which tables the words still stand, as words of their own; tables without any are left out. */
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

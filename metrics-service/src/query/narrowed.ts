import type { ViewerScope } from '../access/viewer-scope.js';
import type { Statement } from './statements/statement.js';

/** A condition that the user in `column` is one of those whose doings may be seen. */
type IsSeen = (column: string) => string;

/**
 * The statement over what the scope may see only. Its tables are replaced by common table expressions of the same
 * name, so that no statement can forget it: whatever reads `runs` reads the visible ones.
 */
export function narrowed({ sql, values }: Statement, scope: ViewerScope): Statement {
  if (!isNarrow(scope)) return { sql, values };
  const userIds = scope.kind === 'nothing' ? [] : scope.userIds;
  // nobody's rows need not be looked for
  const isSeen: IsSeen = (column) =>
    userIds.length === 0 ? 'false' : `${column} = any($${values.length + 1}::text[])`;
  const used: string[] = [];
  for (const { name, text, how = 'not materialized' } of visibleTables(isSeen).reverse()) {
    const reads = new RegExp(`\\b(from|join) ${name}\\b`);
    if ([sql, ...used].some((other) => reads.test(other))) used.unshift(`${name} as ${how} (\n${text}\n)`);
  }
  if (used.length === 0) return { sql, values };
  const statement = sql.startsWith('with ') ? `, ${sql.slice('with '.length)}` : `\n${sql}`;
  return {
    sql: `with ${used.join(', ')}${statement}`,
    values: userIds.length === 0 ? values : [...values, userIds],
  };
}

function isNarrow(scope: ViewerScope): scope is Exclude<ViewerScope, { kind: 'organization' | 'totals' }> {
  return scope.kind !== 'organization' && scope.kind !== 'totals';
}

/** The table of the users whose names may be told, or found by them. */
export function seenUsers(scope: ViewerScope): string {
  return isNarrow(scope) ? 'seen_users' : 'users';
}

/** The table of the sessions that may be told of, whether or not anything happened in them. */
export function seenSessions(scope: ViewerScope): string {
  return isNarrow(scope) ? 'seen_sessions' : 'sessions';
}

interface VisibleTable {
  readonly name: string;
  readonly text: string;
  readonly how?: 'materialized';
}

const ROWS = [
  ['runs', 'r'],
  ['messages', 'm'],
  ['handoffs', 'h'],
] as const;

/** Each may read those before it; one that is named like a table reads the table itself. */
function visibleTables(isSeen: IsSeen): VisibleTable[] {
  return [
    { name: 'acted_in', text: ROWS.map(([table, alias]) => actedIn(table, alias, isSeen)).join('\n  union\n') },
    { name: 'met', text: ROWS.map(([table, alias]) => met(table, alias, isSeen)).join('\n  union\n') },
    ...ROWS.map(([name, alias]) => ({ name, text: rowsOf(name, alias, isSeen) })),
    { name: 'llm_calls', text: calls(isSeen) },
    { name: 'sessions', text: sessions(isSeen) },
    { name: 'seen_sessions', text: SEEN_SESSIONS },
    // looked up whole: it takes no longer to find somebody than to find nobody
    { name: 'seen_users', text: users(isSeen), how: 'materialized' },
  ];
}

/** What they did, and what was done in their sessions. */
function rowsOf(table: string, alias: string, isSeen: IsSeen): string {
  return `  select ${alias}.*
  from ${table} ${alias}
  where ${alias}.org_id = $1
    and (${isSeen(`${alias}.user_id`)} or ${ofSeenSession(alias, isSeen)})`;
}

function ofSeenSession(alias: string, isSeen: IsSeen): string {
  return `${alias}.session_id in (
      select s.session_id
      from sessions s
      where s.org_id = $1
        and ${isSeen('s.created_by_user_id')}
    )`;
}

/** Calls follow their run, or where they have none their session. */
function calls(isSeen: IsSeen): string {
  return `  select c.*
  from llm_calls c
  where c.org_id = $1
    and case
      when c.run_id is null then ${ofSeenSession('c', isSeen)}
      else exists (select from runs r where r.org_id = $1 and r.run_id = c.run_id)
    end`;
}

/** Who made a session is told only of those whose sessions are seen; of others one sees a run, or a message. */
function sessions(isSeen: IsSeen): string {
  return `  select
    s.org_id, s.session_id, s.created_at, s.repo, s.workspace, s.runtime, s.hidden,
    case when ${isSeen('s.created_by_user_id')} then s.created_by_user_id end as created_by_user_id
  from sessions s
  where s.org_id = $1`;
}

/** Their sessions, and those in which they did something. */
const SEEN_SESSIONS = `  select s.*
  from sessions s
  where s.created_by_user_id is not null
    or s.session_id in (select session_id from acted_in)`;

function actedIn(table: string, alias: string, isSeen: IsSeen): string {
  return `  select ${alias}.session_id
  from ${table} ${alias}
  where ${alias}.org_id = $1
    and ${isSeen(`${alias}.user_id`)}
    and not ${alias}.hidden`;
}

/** They themselves, and who did something in their sessions. */
function users(isSeen: IsSeen): string {
  return `  select u.*
  from users u
  where u.org_id = $1
    and (${isSeen('u.user_id')} or u.user_id in (select user_id from met))`;
}

function met(table: string, alias: string, isSeen: IsSeen): string {
  return `  select ${alias}.user_id
  from sessions s
  join ${table} ${alias} on ${alias}.org_id = $1 and ${alias}.session_id = s.session_id
  where s.org_id = $1
    and ${isSeen('s.created_by_user_id')}
    and not ${alias}.hidden`;
}

import type { ViewerScope } from '../../access/viewer-scope.js';
import { entities } from '../../entities/index.js';
import { textOf, type Statement, type TableExpression } from './statement.js';

/** What PostgreSQL looks for names in while a viewer who sees a part only is answered: no table is there. */
export const NO_TABLES = 'pg_catalog';

type NarrowScope = Exclude<ViewerScope, { kind: 'organization' | 'totals' }>;

/** Whether the viewer sees some of the rows only. */
export function isNarrow(scope: ViewerScope): scope is NarrowScope {
  return scope.kind !== 'organization' && scope.kind !== 'totals';
}

/**
 * The statement's text over what the scope lets see only: before it stand table expressions of the names of the tables
 * that it reads. It fails closed: a table without a rule throws here, and a name that the statement did not take
 * through `Draft.table` is unknown to PostgreSQL (NO_TABLES).
 */
export function inRowScope(statement: Statement, scope: ViewerScope): { sql: string; values: readonly unknown[] } {
  if (!isNarrow(scope)) return { sql: textOf(statement), values: statement.values };
  const userIds = scope.kind === 'nothing' ? [] : scope.userIds;
  let usesIds = false;
  const isVisible: IsVisible = (column) => {
    // nobody's rows need not be looked for
    if (userIds.length === 0) return 'false';
    usesIds = true;
    return `${column} = any($${statement.values.length + 1}::text[])`;
  };
  const visible = expressionsFor(statement.tables, isVisible);
  return {
    sql: textOf({ ...statement, with: [...visible, ...statement.with] }),
    values: usesIds ? [...statement.values, userIds] : statement.values,
  };
}

/** The table of the users whose names may be told, or found by them. */
export function visibleUsers(scope: ViewerScope): string {
  return isNarrow(scope) ? 'visible_users' : 'users';
}

/** The table of the sessions that may be told of, whether or not anything happened in them. */
export function visibleSessions(scope: ViewerScope): string {
  return isNarrow(scope) ? 'visible_sessions' : 'sessions';
}

/** A condition that the user in `column` is one of those whose doings may be seen. */
type IsVisible = (column: string) => string;

/** What of a table is visible. Its text names the stored tables with their schema, and other rules' rows by their names. */
interface Rule {
  readonly reads?: readonly string[];
  readonly sql: (isVisible: IsVisible) => string;
  readonly materialized?: true;
}

function expressionsFor(tables: ReadonlySet<string>, isVisible: IsVisible): TableExpression[] {
  const needed = new Set<string>();
  const need = (name: string): void => {
    const rule = RULES[name];
    if (!rule) throw new Error(`${name} has no rule for viewers who see a part only: add it to row-scope.ts`);
    if (needed.has(name)) return;
    needed.add(name);
    rule.reads?.forEach(need);
  };
  tables.forEach(need);
  return Object.entries(RULES)
    .filter(([name]) => needed.has(name))
    .map(([name, { sql, materialized = false }]) => ({ name, sql: sql(isVisible), materialized }));
}

const ACTING = [
  ['runs', 'r'],
  ['messages', 'm'],
  ['handoffs', 'h'],
] as const;

/** The rules by table, and what several of them read; each reads those above it only. */
const RULES: Readonly<Record<string, Rule>> = {
  acted_in: { sql: (isVisible) => ACTING.map(([table, alias]) => actedIn(table, alias, isVisible)).join('\nunion\n') },
  met: { sql: (isVisible) => ACTING.map(([table, alias]) => met(table, alias, isVisible)).join('\nunion\n') },
  runs: { sql: (isVisible) => rowsOf('runs', 'r', isVisible) },
  messages: { sql: (isVisible) => rowsOf('messages', 'm', isVisible) },
  handoffs: { sql: (isVisible) => rowsOf('handoffs', 'h', isVisible) },
  llm_calls: { reads: ['runs'], sql: calls },
  run_models: { reads: ['runs'], sql: () => PARTS },
  sessions: { sql: sessions },
  visible_sessions: { reads: ['sessions', 'acted_in'], sql: () => VISIBLE_SESSIONS },
  // whose an id is, for rows that are visible
  persons: { sql: () => WHOLE('persons') },
  // what a repository is called, for sessions that are visible
  repo_aliases: { sql: () => WHOLE('repo_aliases') },
  // joined to rows that are visible, whose users' names are told with them; to find somebody it is visible_users
  users: { sql: () => WHOLE('users') },
  // looked up whole: it takes no longer to find somebody than to find nobody
  visible_users: { reads: ['met'], sql: users, materialized: true },
  // when anything was heard last, of whomever
  ingest_state: { sql: () => WHOLE('ingest_state') },
};

const WHOLE = (table: string): string => `select t.*
from public.${table} t
where t.org_id = $1`;

/** What they did, and what was done in their sessions. */
function rowsOf(table: string, alias: string, isVisible: IsVisible): string {
  return `select ${alias}.*
from public.${table} ${alias}
where ${alias}.org_id = $1
  and (${isVisible(`${alias}.user_id`)} or ${ofVisibleSession(alias, isVisible)})`;
}

function ofVisibleSession(alias: string, isVisible: IsVisible): string {
  return `${alias}.session_id in (
    select s.session_id
    from public.sessions s
    where s.org_id = $1
      and ${isVisible('s.created_by_user_id')}
  )`;
}

/** Calls follow their run, or where they have none their session. */
function calls(isVisible: IsVisible): string {
  return `select c.*
from public.llm_calls c
where c.org_id = $1
  and case
    when c.run_id is null then ${ofVisibleSession('c', isVisible)}
    else exists (select from runs r where r.org_id = $1 and r.run_id = c.run_id)
  end`;
}

const PARTS = `select p.*
from public.run_models p
where p.org_id = $1
  and exists (select from runs r where r.org_id = $1 and r.run_id = p.run_id)`;

/** Who made a session is told only of those whose sessions are visible; of others one sees a run, or a message. */
function sessions(isVisible: IsVisible): string {
  const { idColumn, columns, derived } = entities.session;
  const selected = [idColumn, ...Object.keys(columns), ...Object.keys(derived)].map((column) =>
    column === 'created_by_user_id'
      ? `case when ${isVisible('s.created_by_user_id')} then s.created_by_user_id end as created_by_user_id`
      : `s.${column}`,
  );
  return `select
  s.org_id, ${selected.join(', ')}
from public.sessions s
where s.org_id = $1`;
}

/** Their sessions, and those in which they did something. */
const VISIBLE_SESSIONS = `select s.*
from sessions s
where s.created_by_user_id is not null
  or s.session_id in (select session_id from acted_in)`;

function actedIn(table: string, alias: string, isVisible: IsVisible): string {
  return `select ${alias}.session_id
from public.${table} ${alias}
where ${alias}.org_id = $1
  and ${isVisible(`${alias}.user_id`)}
  and not ${alias}.hidden`;
}

/** They themselves, and who did something in their sessions. */
function users(isVisible: IsVisible): string {
  return `select u.*
from public.users u
where u.org_id = $1
  and (${isVisible('u.user_id')} or u.user_id in (select person_id from met))`;
}

function met(table: string, alias: string, isVisible: IsVisible): string {
  return `select coalesce(pe.person_id, ${alias}.user_id) as person_id
from public.sessions s
join public.${table} ${alias} on ${alias}.org_id = $1 and ${alias}.session_id = s.session_id
left join public.persons pe on pe.org_id = $1 and pe.user_id = ${alias}.user_id
where s.org_id = $1
  and ${isVisible('s.created_by_user_id')}
  and not ${alias}.hidden`;
}

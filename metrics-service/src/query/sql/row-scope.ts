import type { ViewerScope } from '../../access/viewer-scope.js';
import { entities } from '../../entities/index.js';
import { textOf, type Statement, type TableExpression } from './statement.js';

/** The search path while a restricted viewer is answered: it has no tables. */
export const NO_TABLES = 'pg_catalog';

type NarrowScope = Exclude<ViewerScope, { kind: 'organization' | 'totals' }>;

/** Whether the viewer sees only some of the rows. */
export function isNarrow(scope: ViewerScope): scope is NarrowScope {
  return scope.kind !== 'organization' && scope.kind !== 'totals';
}

/**
 * The statement restricted to the scope: it is preceded by table expressions with the names of the tables it reads. It
 * fails closed: a table without a rule throws, and a table not taken through `Draft.table` is unknown to PostgreSQL
 * (NO_TABLES).
 */
export function inRowScope(statement: Statement, scope: ViewerScope): { sql: string; values: readonly unknown[] } {
  if (!isNarrow(scope)) return { sql: textOf(statement), values: statement.values };
  const userIds = scope.kind === 'nothing' ? [] : scope.userIds;
  let usesIds = false;
  const isVisible: IsVisible = (column) => {
    // a scope without people needs no look-up
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

/** The users whose names may be shown, or searched for. */
export function visibleUsers(scope: ViewerScope): string {
  return isNarrow(scope) ? 'visible_users' : 'users';
}

/** The sessions that may be shown, whether or not anything happened in them. */
export function visibleSessions(scope: ViewerScope): string {
  return isNarrow(scope) ? 'visible_sessions' : 'sessions';
}

/** A condition: the user in `column` is one of those whose activity may be seen. */
type IsVisible = (column: string) => string;

/**
 * The visible rows of a table. Its SQL names stored tables with their schema, and other rules' rows by their plain
 * names.
 */
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

/** The rules by table, and what several of them share; each reads only those above it. */
const RULES: Readonly<Record<string, Rule>> = {
  acted_in: { sql: (isVisible) => ACTING.map(([table, alias]) => actedIn(table, alias, isVisible)).join('\nunion\n') },
  met: { sql: (isVisible) => ACTING.map(([table, alias]) => met(table, alias, isVisible)).join('\nunion\n') },
  runs: { sql: (isVisible) => rowsOf('runs', 'r', isVisible) },
  messages: { sql: (isVisible) => rowsOf('messages', 'm', isVisible) },
  handoffs: { sql: (isVisible) => rowsOf('handoffs', 'h', isVisible) },
  llm_calls: { reads: ['runs'], sql: calls },
  tool_calls: { reads: ['runs'], sql: toolCalls },
  run_models: { reads: ['runs'], sql: () => PARTS },
  sessions: { sql: sessions },
  work_items: { reads: ['runs'], sql: () => WORK_ITEMS },
  escalations: { reads: ['runs'], sql: escalations },
  visible_sessions: { reads: ['sessions', 'acted_in'], sql: () => VISIBLE_SESSIONS },
  // budgets/visible.ts shows them to those who see all runs that they are about
  budgets: { sql: () => WHOLE('budgets') },
  // whose id it is, for rows that are visible anyway
  persons: { sql: () => WHOLE('persons') },
  // repository names, for sessions that are visible anyway
  repo_aliases: { sql: () => WHOLE('repo_aliases') },
  // joined to visible rows, whose users' names are shown with them; to search for a user there is visible_users
  users: { sql: () => WHOLE('users') },
  // always read as a whole: finding somebody takes as long as finding nobody
  visible_users: { reads: ['met'], sql: users, materialized: true },
  // of nobody: sources.ts shows them to those who see everything
  sources: { sql: () => `${WHOLE('sources')}\n  and false` },
  // of the whole organization: quality/ shows them to those who see all of it
  id_hints: { sql: () => `${WHOLE('id_hints')}\n  and false` },
  tokens: { sql: () => `${WHOLE('tokens')}\n  and false` },
  // of everybody: those about runs are read on behalf of those who see a part only (spending.ts); of budgets, as these are
  events: { sql: () => `${WHOLE('events')}\n  and t.entity >= 'budget:'\n  and t.entity < 'budget;'` },
  // when the last event came, from anybody
  ingest_state: { sql: () => WHOLE('ingest_state') },
};

const WHOLE = (table: string): string => `select t.*
from public.${table} t
where t.org_id = $1`;

/** What they did, and what others did in their sessions. */
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

/** Calls follow their run; without a run, their session. */
function calls(isVisible: IsVisible): string {
  return `select c.*
from public.llm_calls c
where c.org_id = $1
  and case
    when c.run_id is null then ${ofVisibleSession('c', isVisible)}
    else exists (select from runs r where r.org_id = $1 and r.run_id = c.run_id)
  end`;
}

/** Tool calls follow their run; without a known run, their session. */
function toolCalls(isVisible: IsVisible): string {
  return `select t.*
from public.tool_calls t
left join public.runs known on known.org_id = $1 and known.run_id = t.run_id
where t.org_id = $1
  and case
    when known.run_id is null then ${ofVisibleSession('t', isVisible)}
    else exists (select from runs r where r.org_id = $1 and r.run_id = t.run_id)
  end`;
}

const PARTS = `select p.*
from public.run_models p
where p.org_id = $1
  and exists (select from runs r where r.org_id = $1 and r.run_id = p.run_id)`;

/** A work item is there for who sees a run that is about it. */
const WORK_ITEMS = `select w.*
from public.work_items w
where w.org_id = $1
  and w.work_item_id in (
    select coalesce(r.work_item_id, s.work_item_id, s.branch_work_item_id)
    from runs r
    left join public.sessions s on s.org_id = $1 and s.session_id = r.session_id
    where not r.hidden
  )`;

/**
 * Escalations follow their run (the one that the named one was merged into); without a known run, their session; of neither,
 * they are for those who see all.
 */
function escalations(isVisible: IsVisible): string {
  const { idColumn, columns } = entities.escalation;
  const selected = [idColumn, ...Object.keys(columns)].map((column) =>
    column === 'run_id' ? 'coalesce(named.one_with, e.run_id) as run_id' : `e.${column}`,
  );
  return `select
  e.org_id, ${selected.join(', ')}
from public.escalations e
left join public.runs named on named.org_id = $1 and named.run_id = e.run_id
where e.org_id = $1
  and case
    when named.run_id is null then ${ofVisibleSession('e', isVisible)}
    else exists (select from runs r where r.org_id = $1 and r.run_id = coalesce(named.one_with, named.run_id))
  end`;
}

/** A session's creator is shown only if the session is visible; for others one sees a run, or a message. */
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

/** Their own sessions, and those in which they did something. */
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

/** They themselves, and whoever did something in their sessions. */
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

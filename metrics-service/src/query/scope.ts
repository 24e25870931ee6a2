import type { Metric } from '../catalogue/metric.js';
import type { Notice } from '../contract/frames.js';
import { InvalidQuery } from './invalid.js';
import type { Statement } from './statements/statement.js';

export const SCOPE_KINDS = ['organization', 'team', 'self', 'totals', 'nothing'] as const;

/** What the one who asks may see. */
export type Scope =
  | { readonly kind: 'organization' }
  /** the sessions that these users made, whole, and what they themselves did in others; `said`: to the reader */
  | { readonly kind: 'team' | 'self'; readonly userIds: readonly string[]; readonly said: string }
  /** numbers over everything, but not of single users or sessions, nor over fewer people than `leastPeople` */
  | { readonly kind: 'totals'; readonly who: string; readonly leastPeople: number }
  | { readonly kind: 'nothing'; readonly said: string };

export const ORGANIZATION_SCOPE: Scope = { kind: 'organization' };

/** That the row was not deleted. */
export function visible(_scope: Scope, alias: 'r' | 'm' | 'h'): string[] {
  return [`not ${alias}.hidden`];
}

/**
 * The statement over what the scope may see only. Its tables are replaced by common table expressions of the same
 * name, so that no statement can forget it: whatever reads `runs` reads the visible ones.
 */
export function narrowed({ sql, values }: Statement, scope: Scope): Statement {
  if (scope.kind === 'organization' || scope.kind === 'totals') return { sql, values };
  const userIds = scope.kind === 'nothing' ? [] : scope.userIds;
  // nobody's rows need not be looked for
  const isSeen = (column: string): string =>
    userIds.length === 0 ? 'false' : `${column} = any($${values.length + 1}::text[])`;
  const expressions: string[] = [];
  for (const [name, table] of Object.entries(visibleTables(isSeen)).reverse()) {
    const isNamed = [sql, ...expressions].some((text) => new RegExp(`\\b(from|join) ${name}\\b`).test(text));
    if (isNamed) expressions.unshift(`${name} as not materialized (\n${table}\n)`);
  }
  if (expressions.length === 0) return { sql, values };
  return {
    sql: `with ${expressions.join(', ')}${sql.startsWith('with ') ? `, ${sql.slice('with '.length)}` : `\n${sql}`}`,
    values: userIds.length === 0 ? values : [...values, userIds],
  };
}

/** Each may use those before it; inside the first four `sessions` is still the table itself. */
function visibleTables(isSeen: (column: string) => string): Record<string, string> {
  const ofSeenSession = (alias: string): string =>
    `${alias}.session_id in (select s.session_id from sessions s where s.org_id = $1 and ${isSeen('s.created_by_user_id')})`;
  const rowsOf = (table: string, alias: string, own: string): string =>
    `  select ${alias}.*\n  from ${table} ${alias}\n  where ${alias}.org_id = $1\n    and (${own} or ${ofSeenSession(alias)})`;
  return {
    messages: rowsOf('messages', 'm', isSeen('m.user_id')),
    handoffs: rowsOf('handoffs', 'h', isSeen('h.user_id')),
    runs: rowsOf('runs', 'r', isSeen('r.user_id')),
    // calls follow their run, or else their session
    llm_calls: `  select c.*
  from llm_calls c
  where c.org_id = $1
    and case
      when c.run_id is null then ${ofSeenSession('c')}
      else exists (select from runs r where r.org_id = $1 and r.run_id = c.run_id)
    end`,
    // who made a session that one sees a run of only is not told
    sessions: `  select
    s.org_id, s.session_id, s.created_at, s.repo, s.workspace, s.runtime, s.hidden,
    case when ${isSeen('s.created_by_user_id')} then s.created_by_user_id end as created_by_user_id
  from sessions s
  where s.org_id = $1`,
    // for lists of sessions that are not reached through what happened in them
    seen_sessions: `  select s.*
  from sessions s
  where s.created_by_user_id is not null
    or s.session_id in (
      select session_id from runs where not hidden
      union all select session_id from messages where not hidden
      union all select session_id from handoffs where not hidden
    )`,
    // for lists of users that are not reached through what they did
    seen_users: `  select u.*
  from users u
  where u.org_id = $1
    and (${isSeen('u.user_id')} or u.user_id in (
      select user_id from runs where not hidden
      union all select user_id from messages where not hidden
      union all select user_id from handoffs where not hidden
    ))`,
  };
}

/** The table of the users whose names may be told, or found by them. */
export function seenUsers(scope: Scope): string {
  return isNarrow(scope) ? 'seen_users' : 'users';
}

/** The table of the sessions that may be told of, whether or not anything happened in them. */
export function seenSessions(scope: Scope): string {
  return isNarrow(scope) ? 'seen_sessions' : 'sessions';
}

function isNarrow({ kind }: Scope): boolean {
  return kind === 'team' || kind === 'self' || kind === 'nothing';
}

/** How many people a number has to be about, to be told; 0: that does not matter. */
export function leastPeople(scope: Scope): number {
  return scope.kind === 'totals' ? scope.leastPeople : 0;
}

/** What a reader should know of it: that they see a part only. */
export function scopeNotices(scope: Scope): Notice[] {
  if (scope.kind === 'nothing') return [{ severity: 'warning', text: scope.said }];
  return scope.kind === 'team' || scope.kind === 'self' ? [{ severity: 'info', text: scope.said }] : [];
}

/** The dimensions whose values are single people or what one of them did. */
const PERSONAL = ['user', 'session'];

/** Whether the values of this dimension may be told. */
export function tells(scope: Scope, dimension: string): boolean {
  return scope.kind !== 'totals' || !PERSONAL.includes(dimension);
}

/** What of a query tells whether its numbers may be. */
interface AskedNumbers {
  readonly groups: readonly { name: string }[];
  readonly filters: readonly { dimension: { name: string }; negated: boolean }[];
  readonly metrics: readonly Metric[];
}

/** Refuses numbers of single people or sessions, where only totals may be seen. */
export function checkNumbers(scope: Scope, { groups, filters, metrics }: AskedNumbers): void {
  if (scope.kind !== 'totals') return;
  const names = [...groups.map(({ name }) => name), ...filters.map(({ dimension }) => dimension.name)];
  const personal = names.find((name) => !tells(scope, name));
  if (personal !== undefined) {
    throw new InvalidQuery(`${scope.who} see numbers of many only: not grouped by ${personal}, nor filtered to it`);
  }
  if (scope.leastPeople === 0) return;
  const ofOne = metrics.find((metric) => metric.ofOne);
  if (ofOne) throw new InvalidQuery(`${scope.who} see numbers of many only: ${ofOne.id} is that of one session`);
  // all without a few, taken from all, would be those few
  const negated = filters.find((filter) => filter.negated);
  if (negated)
    throw new InvalidQuery(`${scope.who} filter to values only: name those of ${negated.dimension.name} to keep`);
}

/** Refuses lists of sessions, runs and what happened, where only totals may be seen. */
export function checkLists(scope: Scope): void {
  if (scope.kind !== 'totals') return;
  throw new InvalidQuery(`${scope.who} see numbers of many only, no lists: ask for the view total, series or table`);
}

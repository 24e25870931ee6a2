import { isStorable } from '../contract/values.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { withFingerprints } from './fingerprints.js';
import { withRepoNames } from './repos.js';
import { withPersons } from './users.js';

/** The filters as used in SQL: users by id, repositories by current name, and only sessions that the scope shows. */
export async function resolveFilters(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  return withVisibleSessions(context, await withNames(context, filters));
}

/** The same with the sessions that the scope hides: for whoever decides by them what is seen. */
export async function withNames(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  return withRepoNames(context, await withPersons(context, withFingerprints(filters)));
}

/**
 * Removes hidden sessions from filters before anything else is read: a statement finds rows before it hides them, and
 * so would take longer for a hidden session than for one that does not exist.
 */
async function withVisibleSessions(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  const { scope, tx, orgId } = context;
  if (!('userIds' in scope)) return filters;
  const given = filters.flatMap((filter) => (filter.dimension.name === 'session' ? filter.values : []));
  if (given.length === 0) return filters;
  const { rows } = await tx.query<{ id: string }>(VISIBLE, [orgId, given.filter(isStorable), scope.userIds]);
  const visible = new Set(rows.map(({ id }) => id));
  return filters.map((filter) =>
    filter.dimension.name === 'session' ? { ...filter, values: filter.values.filter((id) => visible.has(id)) } : filter,
  );
}

/** Created by them, or with something of theirs in it; looked up by keys alone, unlike a row scope. */
const VISIBLE = `
  select wanted.id
  from unnest($2::text[]) as wanted (id)
  where exists (
      select from public.sessions s
      where s.org_id = $1 and s.session_id = wanted.id and s.created_by_user_id = any($3::text[])
    )
    or exists (
      select from public.runs r
      where r.org_id = $1 and r.session_id = wanted.id and r.user_id = any($3::text[])
    )
    or exists (
      select from public.messages m
      where m.org_id = $1 and m.session_id = wanted.id and m.user_id = any($3::text[])
    )
    or exists (
      select from public.handoffs h
      where h.org_id = $1 and h.session_id = wanted.id and h.user_id = any($3::text[])
    )`;

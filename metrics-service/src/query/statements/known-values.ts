import { baseOf } from '../../catalogue/bases/index.js';
import { aliasOf, type Expression } from '../../catalogue/columns.js';
import type { ViewerScope } from '../../access/viewer-scope.js';
import type { Filter } from '../filters.js';
import { filterCondition, joinPerson, joinRepoName, notHidden } from '../sql/conditions.js';
import { runConditions } from '../sql/run-filters.js';
import { visibleSessions, visibleUsers } from '../sql/row-scope.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { runRows } from './run-measures.js';

/** `known`: whether any visible run, session or user passes the filter, at whatever time. */
export function knownStatement(orgId: string, filter: Filter, scope: ViewerScope): Statement {
  const draft = new Draft(orgId);
  const { dimension } = filter;
  const found = [
    ...(dimension.run ? [runsOf(filter, dimension.run.columns, draft)] : []),
    ...(dimension.session && dimension.name !== 'session' ? [sessionsOf(filter, dimension.session, scope, draft)] : []),
    ...(dimension.name === 'session' ? activityOf(filter, scope, draft) : []),
    ...(dimension.name === 'user' ? [usersOf(filter, 'u.user_id', scope, draft)] : []),
    ...(dimension.name === 'team' ? [usersOf(filter, 'u.team', scope, draft)] : []),
  ];
  return draft.statement(`select ${found.map((sql) => `exists (\n${sql}\n)`).join('\nor ')} as known`);
}

function runsOf(filter: Filter, columns: Expression['columns'], draft: Draft): string {
  const base = baseOf(filter.dimension.only ?? 'runs');
  const conditions = ['r.org_id = $1', notHidden('r'), ...runConditions([filter], draft, base)];
  return lines('select', runRows(base, columns, draft), clause('where', conditions, '\n  and '));
}

function sessionsOf(filter: Filter, { sql, columns }: Expression, scope: ViewerScope, draft: Draft): string {
  const aliases = new Set(columns.map(aliasOf));
  const ofCreator = aliases.has('u') ? 2 : aliases.has('pe') ? 1 : 0;
  return lines(
    'select',
    `from ${draft.table(visibleSessions(scope))} s`,
    aliases.has('rn') ? joinRepoName(draft) : '',
    joinPerson('s.created_by_user_id', draft).slice(0, ofCreator),
    clause('where', ['s.org_id = $1', 'not s.hidden', filterCondition(filter, sql, draft)], '\n  and '),
  );
}

/** A session may be known by its messages or handoffs only. */
function activityOf(filter: Filter, scope: ViewerScope, draft: Draft): string[] {
  const tables = [
    [visibleSessions(scope), 's'],
    ['messages', 'm'],
    ['handoffs', 'h'],
  ] as const;
  return tables.map(([table, alias]) => {
    const conditions = [
      `${alias}.org_id = $1`,
      `not ${alias}.hidden`,
      filterCondition(filter, `${alias}.session_id`, draft),
    ];
    return lines('select', `from ${draft.table(table)} ${alias}`, clause('where', conditions, '\n  and '));
  });
}

function usersOf(filter: Filter, sql: 'u.user_id' | 'u.team', scope: ViewerScope, draft: Draft): string {
  const conditions = ['u.org_id = $1', filterCondition(filter, sql, draft)];
  return lines('select', `from ${draft.table(visibleUsers(scope))} u`, clause('where', conditions, '\n  and '));
}

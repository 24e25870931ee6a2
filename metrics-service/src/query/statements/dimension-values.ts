import { leastPeople, type ViewerScope } from '../../access/viewer-scope.js';
import type { Column, Dimension } from '../../catalogue/dimensions.js';
import { EARLIEST_MS, LATEST_MS, NONE } from '../../contract/query.js';
import type { Window } from '../buckets.js';
import { seenSessions, seenUsers } from '../narrowed.js';
import { activity } from './activity.js';
import { runRows } from './runs.js';
import { Bindings, clause, joins, kept, lines, within, type Statement } from './statement.js';
import { SHOWN_NAME } from '../users.js';

/** Which values are asked for. */
export interface ValuesQuery {
  readonly dimension: Dimension;
  /** that rows of this window have; null: of any time */
  readonly window: Window | null;
  /** that hold this text, in any case, in value or label */
  readonly search: string;
  readonly limit: number;
  readonly scope: ViewerScope;
}

/**
 * The values that a dimension has on visible runs and active sessions, with their labels, sorted by label; rows
 * without a value are the value `(none)`, last.
 */
export function dimensionValuesStatement(orgId: string, query: ValuesQuery): Statement {
  const bindings = new Bindings(orgId);
  const { dimension, search, limit, scope } = query;
  const isUser = dimension.name === 'user';
  const sources = [
    ...(dimension.run ? [ofRuns(query, dimension.run, bindings)] : []),
    ...(dimension.session && leastPeople(scope) === 0 ? ofSessions(query, dimension.session, bindings) : []),
  ];
  const sql = lines(
    'with found as (',
    sources.join('\nunion\n').replace(/^/gm, '  '),
    '), labelled as (',
    clause(
      '  select',
      [
        `coalesce(f.value, '${NONE}') as value`,
        `coalesce(${isUser ? `${SHOWN_NAME}, ` : ''}f.value, '${NONE}') as label`,
        'f.value is null as is_none',
      ],
      ', ',
    ),
    '  from found f',
    isUser ? '  left join users u on u.org_id = $1 and u.user_id = f.value' : '',
    ')',
    'select value, label',
    'from labelled',
    search === '' ? '' : holding(search, bindings),
    'order by is_none, label collate "C", value collate "C"',
    `limit ${bindings.bind(limit, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}

/** That the value or the label holds the text: the columns compare as bytes, cases are the database's own. */
function holding(search: string, bindings: Bindings): string {
  const pattern = bindings.bind(`%${search.replace(/[\\%_]/g, '\\$&')}%`, 'text');
  const holds = (column: string): string =>
    `lower(${column} collate "default") like lower(${pattern} collate "default")`;
  return `where ${holds('value')} or ${holds('label')}`;
}

function ofRuns({ dimension, window, scope }: ValuesQuery, column: Column, bindings: Bindings): string {
  const base = dimension.name === 'call_model' ? 'parts' : dimension.name === 'phase' ? 'phases' : 'runs';
  const least = leastPeople(scope);
  return lines(
    `select${least > 0 ? '' : ' distinct'} ${column} as value`,
    runRows(base, [column]),
    clause('where', ['r.org_id = $1', kept('r'), ...startedIn(window, bindings)], '\n  and '),
    least > 0 ? `group by 1\nhaving count(distinct r.user_id) >= ${bindings.bind(least, 'bigint')}` : '',
  );
}

function startedIn(window: Window | null, bindings: Bindings): string[] {
  return window ? within('r.started_at', window, bindings) : ['r.started_at is not null'];
}

function ofSessions(query: ValuesQuery, column: Column, bindings: Bindings): string[] {
  const { dimension, scope, window } = query;
  if (window) return [ofActiveSessions(query, window, column, bindings)];
  const known = lines(
    `select distinct ${column} as value`,
    `from ${seenSessions(scope)} s`,
    column.startsWith('u.') ? 'left join users u on u.org_id = $1 and u.user_id = s.created_by_user_id' : '',
    'where s.org_id = $1',
    '  and not s.hidden',
  );
  // a session may be known by what names it only; its attributes are then nobody's value, and not worth the search
  if (dimension.name === 'session') {
    return [known.replace(column, 's.session_id'), ofActiveSessions(query, ALL_TIME, column, bindings)];
  }
  const ofUsers = USERS_COLUMN[dimension.name];
  return ofUsers ? [known, valuesOfUsers(ofUsers, scope)] : [known];
}

const ALL_TIME = { from: EARLIEST_MS, to: LATEST_MS };

/** Users exist without a run or session, too. */
const USERS_COLUMN: Partial<Record<Dimension['name'], string>> = { user: 'u.user_id', team: 'u.team' };

function valuesOfUsers(column: string, scope: ViewerScope): string {
  return lines(
    `select distinct ${column} as value`,
    `from ${seenUsers(scope)} u`,
    'where u.org_id = $1',
    `  and ${column} is not null`,
  );
}

function ofActiveSessions({ scope }: ValuesQuery, window: Window, column: Column, bindings: Bindings): string {
  const rows = { window, timezone: 'UTC', filters: [], scope, postHandoffMs: 0 };
  const active = activity(rows, { slices: [window], whole: false, asked: 'all' }, [], bindings);
  return lines(
    'select value from (',
    active.sql,
    `select distinct ${column} as value`,
    'from active a',
    joins([column], 'a'),
    ') of_sessions',
  );
}

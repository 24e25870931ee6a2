import { baseOf } from '../../catalogue/bases/index.js';
import { aliasOf, column, humanOf, type Expression } from '../../catalogue/columns.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import { EARLIEST_MS, LATEST_MS, NONE } from '../../contract/query.js';
import type { Window } from '../buckets.js';
import { minimumGroupSize, type ViewerScope } from '../../access/viewer-scope.js';
import { joinPerson, joinRepoName, joins, notHidden, within } from '../sql/conditions.js';
import { visibleSessions, visibleUsers } from '../sql/row-scope.js';
import { clause, Draft, lines, textOf, type Statement } from '../sql/statement.js';
import { joinFingerprintText } from '../fingerprints.js';
import { SHOWN_NAME } from '../users.js';
import { activeSessions } from './active-sessions.js';
import type { Filter } from '../filters.js';
import type { Rows } from '../rows.js';
import { runRows } from './run-measures.js';
import { runsThatPass } from './runs-list.js';

/** Which values to return. */
export interface ValuesQuery {
  readonly dimension: Dimension;
  /** those on rows in this window; null: at any time */
  readonly window: Window | null;
  /** those whose value or label contains this text, ignoring case */
  readonly search: string;
  readonly limit: number;
  /** those on runs that pass; empty: on any run or session */
  readonly filters: readonly Filter[];
  readonly scope: ViewerScope;
  /** its values on runs, where they are known from sums */
  readonly ofRuns: readonly (string | null)[] | null;
}

/**
 * A dimension's values on visible runs and active sessions, with labels, sorted by label; rows without a value are the
 * value `(none)`, last.
 */
export function dimensionValuesStatement(orgId: string, query: ValuesQuery): Statement {
  const draft = new Draft(orgId);
  const { dimension, search, limit, scope } = query;
  const name = nameOf(query, draft);
  const ofFound = query.ofRuns
    ? [{ with: [], sql: knownOfRuns(query.ofRuns, draft) }]
    : dimension.run
      ? [ofRuns(query, dimension.run, draft)]
      : [];
  const sources = [
    ...(dimension.name === 'source' ? [valuesOfSources(draft)] : []),
    ...ofFound.map(({ sql }) => sql),
    ...(dimension.session && minimumGroupSize(scope) === 0 && query.filters.length === 0
      ? ofSessions(query, dimension.session, draft)
      : []),
  ];
  const labelled = lines(
    clause(
      'select',
      [
        `coalesce(f.value, '${NONE}') as value`,
        `coalesce(${name ? `${name.sql}, ` : ''}f.value, '${NONE}') as label`,
        'f.value is null as is_none',
      ],
      ', ',
    ),
    'from found f',
    name?.join ?? '',
  );
  const body = lines(
    'select value, label',
    'from labelled',
    search === '' ? '' : holding(search, draft),
    'order by is_none, label collate "C", value collate "C"',
    `limit ${draft.bind(limit, 'bigint')}`,
  );
  return draft.statement({
    with: [
      ...ofFound.flatMap((runs) => runs.with),
      { name: 'found', sql: sources.join('\nunion\n') },
      { name: 'labelled', sql: labelled },
    ],
    body,
  });
}

/** What a value `f.value` is shown as, where that is not itself. */
function nameOf({ dimension, scope }: ValuesQuery, draft: Draft): { sql: string; join: string } | null {
  if (dimension.name === 'user') {
    const join = `left join ${draft.table('users')} u on u.org_id = $1 and u.user_id = f.value`;
    return { sql: SHOWN_NAME.sql, join };
  }
  if (dimension.name !== 'failure_fingerprint' || scope.kind === 'totals') return null;
  return { sql: 'ft.text', join: joinFingerprintText('f.value', draft) };
}

/**
 * Condition: value or label contains the text. The columns compare as bytes, so case folding uses the database's
 * collation.
 */
function holding(search: string, draft: Draft): string {
  const pattern = draft.bind(`%${search.replace(/[\\%_]/g, '\\$&')}%`, 'text');
  const holds = (column: string): string =>
    `lower(${column} collate "default") like lower(${pattern} collate "default")`;
  return `where ${holds('value')} or ${holds('label')}`;
}

function ofRuns({ dimension, window, scope, filters }: ValuesQuery, expression: Expression, draft: Draft) {
  const base = baseOf(dimension.only ?? 'runs');
  const least = minimumGroupSize(scope);
  const human = humanOf('r.user_id');
  const passing =
    filters.length === 0
      ? { with: [], columns: [], conditions: ['r.org_id = $1', notHidden('r'), ...startedIn(window, draft)] }
      : runsThatPass(rowsOf({ window, scope, filters }), draft);
  const sql = lines(
    `select${least > 0 ? '' : ' distinct'} ${expression.sql} as value`,
    runRows(base, [...passing.columns, ...expression.columns, ...(least > 0 ? human.columns : [])], draft),
    clause('where', passing.conditions, '\n  and '),
    least > 0 ? `group by 1\nhaving count(distinct ${human.sql}) >= ${draft.bind(least, 'bigint')}` : '',
  );
  return { with: passing.with, sql };
}

function knownOfRuns(values: readonly (string | null)[], draft: Draft): string {
  // other tables may not be read at all: the organization is bound in any case
  return `select value from unnest(${draft.bind([...values], 'text[]')}) as known (value) where $1::text is not null`;
}

/** Whatever the window: an age is as of now. */
function valuesOfSources(draft: Draft): string {
  return lines('select source as value', `from ${draft.table('sources')}`, 'where org_id = $1');
}

function startedIn(window: Window | null, draft: Draft): string[] {
  return window ? within('r.started_at', window, draft) : ['r.started_at is not null'];
}

function ofSessions(query: ValuesQuery, expression: Expression, draft: Draft): string[] {
  const { dimension, scope, window, ofRuns: known } = query;
  if (window) return [ofActiveSessions(query, window, expression, draft)];
  // a session may be known only by reference: its id is a value, but it has no attributes to search for
  if (dimension.name === 'session') {
    return [
      ofKnownSessions(scope, column('s.session_id'), false, draft),
      ofActiveSessions(query, ALL_TIME, expression, draft),
    ];
  }
  // where there are few values among the runs, there are few among their sessions
  const found = ofKnownSessions(scope, expression, known !== null, draft);
  const ofUsers = USERS_COLUMN[dimension.name];
  return ofUsers ? [found, valuesOfUsers(ofUsers, scope, draft)] : [found];
}

function ofKnownSessions(scope: ViewerScope, { sql, columns }: Expression, areFew: boolean, draft: Draft): string {
  const aliases = new Set(columns.map(aliasOf));
  const ofCreator = aliases.has('u') ? 2 : aliases.has('pe') ? 1 : 0;
  const sessions = draft.table(visibleSessions(scope));
  const [ofSession] = columns.filter((name) => aliasOf(name) === 's');
  const read = ofCreator > 0 ? 'created_by_user_id' : ofSession!.slice(2);
  return lines(
    `select distinct ${sql} as value`,
    areFew ? `from (\n${eachOnce(read, sessions)}\n) s` : `from ${sessions} s`,
    aliases.has('rn') ? joinRepoName(draft) : '',
    joinPerson('s.created_by_user_id', draft).slice(0, ofCreator),
    ...(areFew ? [] : ['where s.org_id = $1', '  and not s.hidden']),
  );
}

/** Each value of a column of sessions once: an index tells the next one. */
export function eachOnce(read: string, sessions: string): string {
  const next = (after: string): string =>
    `select ${read} from ${sessions} where org_id = $1 and not hidden and ${read} ${after} order by ${read} limit 1`;
  return lines(
    'with recursive each as (',
    `  (${next('is not null')})`,
    '  union all',
    `  select (${next(`> each.${read}`)}) from each where each.${read} is not null`,
    ')',
    `select ${read} from each where ${read} is not null`,
    'union all',
    `(select null::text where exists (select from ${sessions} where org_id = $1 and not hidden and ${read} is null))`,
  );
}

/** Half-open, as all windows are: the last moment is in it. */
const ALL_TIME = { from: EARLIEST_MS, to: LATEST_MS + 1 };

/** Users may exist without a run or session. */
const USERS_COLUMN: Partial<Record<Dimension['name'], string>> = { user: 'u.user_id', team: 'u.team' };

function valuesOfUsers(sql: string, scope: ViewerScope, draft: Draft): string {
  return lines(
    `select distinct ${sql} as value`,
    `from ${draft.table(visibleUsers(scope))} u`,
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = u.user_id`,
    'where u.org_id = $1',
    '  and pe.person_id is null',
    `  and ${sql} is not null`,
  );
}

/** All rows, or those of the window, that pass. */
export function rowsOf({ window, scope, filters }: Pick<ValuesQuery, 'window' | 'scope' | 'filters'>): Rows {
  return { window: window ?? ALL_TIME, timezone: 'UTC', filters, given: filters, scope, postHandoffMs: 0 };
}

function ofActiveSessions({ scope }: ValuesQuery, window: Window, expression: Expression, draft: Draft): string {
  const rows = rowsOf({ window, scope, filters: [] });
  const cut = { slices: [window], whole: false, asked: 'all' } as const;
  const active = activeSessions(rows, cut, expression.columns, draft);
  const body = lines(`select distinct ${expression.sql} as value`, 'from active a', joins(active.columns, 'a', draft));
  return lines('select value from (', textOf({ with: active.with, body }), ') of_sessions');
}

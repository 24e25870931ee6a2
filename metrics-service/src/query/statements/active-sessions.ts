import { aliasOf, type Column } from '../../catalogue/columns.js';
import { isRunAttribute } from '../../catalogue/dimensions.js';
import { runs } from '../../catalogue/bases/runs.js';
import type { Filter } from '../filters.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import { expressionOf, filterCondition, joins, notHidden, within } from '../sql/conditions.js';
import { clause, lines, type Draft, type TableExpression } from '../sql/statement.js';
import { groupBy, sliceColumn, sliceOf } from './aggregation.js';
import type { Rows } from '../rows.js';
import { isSliced, spanOf, type Cut } from '../cut.js';

export type TableName = 'runs' | 'messages' | 'handoffs';

/** What a session is active by: rows of these tables at these times. */
export const ACTIVITY = {
  runs: { alias: 'r', time: 'r.started_at' },
  messages: { alias: 'm', time: 'm.sent_at' },
  handoffs: { alias: 'h', time: 'h.occurred_at' },
} as const;

const ALL_TABLES = Object.keys(ACTIVITY) as TableName[];

/** Totals over a session's rows of one table. */
type Total = readonly [table: TableName, sql: (context: Context) => string];

/** How the last one of some runs that ended, `r`, did: the last started, of these the greater id. */
export const LAST_OUTCOME = `(array_agg(r.status order by r.started_at desc, r.run_id desc) filter (where r.status <> 'IN_FLIGHT'))[1]`;

/** All run measures, and what else sessions need; a statement computes only those it uses. */
const TOTALS: Readonly<Record<string, Total>> = {
  ...Object.fromEntries(
    Object.values(runs).map((measure): [string, Total] => [measure.name, ['runs', () => aggregateOf(measure)]]),
  ),
  passes: ['runs', (context) => `bool_or(${runConditions(context)})`],
  failure_categories: [
    'runs',
    () => `string_agg(r.failure_category, ',' order by r.failure_category) filter (where r.status = 'FAILED')`,
  ],
  last_outcome: ['runs', () => LAST_OUTCOME],
  last_run_at: ['runs', () => 'max(r.started_at)'],
  last_run_end: [
    'runs',
    ({ cut, draft }) =>
      `max(r.completed_at) filter (where ${within('r.completed_at', spanOf(cut), draft).join(' and ')})`,
  ],
  first_message_at: ['messages', () => 'min(m.sent_at)'],
  last_message_at: ['messages', () => 'max(m.sent_at)'],
  handoffs: ['handoffs', () => 'count(*)'],
  followed: ['handoffs', (context) => `bool_or(${followed(context)})`],
  last_handoff_at: ['handoffs', () => 'max(h.occurred_at)'],
};

/** A column of `active a`, computed from the totals, which are null if the session has no row in that table. */
interface ActiveColumn {
  readonly totals: readonly string[];
  readonly sql: string;
}

const COLUMNS: Readonly<Record<string, ActiveColumn>> = {
  ...Object.fromEntries(
    Object.values(runs).map(({ name, overNothing }): [string, ActiveColumn] => [
      name,
      { totals: [name], sql: overNothing === null ? name : `coalesce(${name}, 0)` },
    ]),
  ),
  passes: { totals: ['passes'], sql: 'coalesce(passes, false)' },
  failure_categories: { totals: ['failure_categories'], sql: 'failure_categories' },
  last_outcome: { totals: ['last_outcome'], sql: 'last_outcome' },
  lifespan_ms: {
    totals: ['first_message_at', 'last_message_at'],
    sql: '(extract(epoch from last_message_at - first_message_at) * 1000)::bigint',
  },
  handoffs: { totals: ['handoffs'], sql: 'coalesce(handoffs, 0)' },
  local_handoff: { totals: ['handoffs'], sql: 'coalesce(handoffs, 0) > 0' },
  followed: { totals: ['followed'], sql: 'coalesce(followed, false)' },
  last_active_at: {
    totals: ['last_run_at', 'last_run_end', 'last_message_at', 'last_handoff_at'],
    sql: 'greatest(last_run_at, last_run_end, last_message_at, last_handoff_at)',
  },
};

export interface ActiveSessions {
  /** the table expression `active`, one row per active session (and slice), and those it is built from */
  readonly with: readonly TableExpression[];
  /** the filters' conditions on `active a` and the session's attributes */
  readonly conditions: readonly string[];
  /** the columns that the conditions read */
  readonly columns: readonly Column[];
}

interface Context {
  readonly rows: Rows;
  readonly cut: Cut;
  readonly draft: Draft;
}

/**
 * The active sessions: those with at least one run, message or handoff in the window. `used` are the columns that the
 * rest of the statement reads: only those of `a` are computed.
 */
export function activeSessions(
  rows: Rows,
  cut: Cut,
  used: readonly Column[],
  draft: Draft,
  /** the tables in which they were active; the others say nothing of what is used */
  names: readonly TableName[] = ALL_TABLES,
): ActiveSessions {
  const context = { rows, cut, draft };
  const conditions = rows.filters.flatMap((filter) => conditionOf(filter, draft));
  if (rows.filters.some(isRunFilter)) conditions.push({ sql: 'a.passes', columns: ['a.passes'] });
  const columns = [...used, ...conditions.flatMap((condition) => condition.columns)];
  const active = [...new Set(columns.filter((name) => aliasOf(name) === 'a').map((name) => name.slice(2)))].filter(
    // the keys are always there
    (name) => name !== 'session_id' && name !== 'slice',
  );
  const needed = new Set(active.flatMap((name) => columnOf(name).totals));
  const keys = isSliced(cut) ? ['session_id', 'slice'] : ['session_id'];
  // whose runs have to pass has runs: what else happened matters only where it is read
  const isOfRuns = rows.filters.some(isRunFilter);
  const read = names.filter(
    (name) => !isOfRuns || name === 'runs' || [...needed].some((one) => TOTALS[one]![0] === name),
  );
  const [first, ...others] = read;
  const sql = lines(
    clause('select\n ', [...keys, ...active.map((name) => `${columnOf(name).sql} as ${name}`)], ',\n  '),
    `from ${first}_active`,
    others.map((name) => `${isOfRuns ? 'left' : 'full'} join ${name}_active using (${keys.join(', ')})`),
  );
  return {
    with: [
      ...(hasPassing(rows) ? [{ name: 'passing_sessions', sql: passingRuns(context) }] : []),
      ...read.map((name) => ({ name: `${name}_active`, sql: activityIn(name, needed, context) })),
      { name: 'active', sql },
    ],
    conditions: conditions.map((condition) => condition.sql),
    columns,
  };
}

function columnOf(name: string): ActiveColumn {
  const found = COLUMNS[name];
  if (!found) throw new Error(`active sessions have no column ${name}`);
  return found;
}

function isRunFilter({ dimension }: Filter): boolean {
  return isRunAttribute(dimension);
}

/**
 * The condition of a filter on the session or its activity; those on single runs are one condition together, `passes`.
 */
function conditionOf(filter: Filter, draft: Draft): { sql: string; columns: readonly Column[] }[] {
  const { dimension } = filter;
  if (dimension.flag) return [{ sql: flagCondition(filter, dimension.flag), columns: [dimension.flag] }];
  if (!dimension.session) return [];
  const { sql, columns } = dimension.session;
  return [{ sql: filterCondition(filter, sql, draft), columns }];
}

/** A flag is true or false for every session; there are no rows without a value. */
function flagCondition({ values, negated }: Filter, flag: Column): string {
  const holds = (value: string): boolean => values.includes(value) !== negated;
  const wanted = ['true', 'false'].filter(holds).map((value) => (value === 'true' ? '' : 'not ') + flag);
  return wanted.length === 0 ? 'false' : `(${wanted.join(' or ')})`;
}

/** Whether few sessions may pass, those with certain runs, which are not named. */
function hasPassing({ filters }: Rows): boolean {
  const isNarrow = ({ negated, none }: Filter): boolean => !negated && !none;
  const isNamed = filters.some((filter) => filter.dimension.name === 'session' && isNarrow(filter));
  return !isNamed && filters.some((filter) => isRunFilter(filter) && isNarrow(filter));
}

/** The sessions with a run in the window that passes; there may be others where that is asked of each slice. */
function passingRuns(context: Context): string {
  const { rows, cut, draft } = context;
  return lines(
    'select distinct r.session_id',
    `from ${draft.table('runs')} r`,
    joins(runFilterColumns(rows), 'r', draft),
    clause(
      'where',
      ['r.org_id = $1', notHidden('r'), ...within('r.started_at', spanOf(cut), draft), runConditions(context)],
      '\n  and ',
    ),
  );
}

/** One table's rows in the window, per session (and slice). */
function activityIn(name: TableName, needed: ReadonlySet<string>, context: Context): string {
  const { rows, cut, draft } = context;
  const { alias, time } = ACTIVITY[name];
  const slice = isSliced(cut) ? sliceOf(time, cut, draft) : null;
  const totals = Object.entries(TOTALS)
    .filter(([total, [table]]) => table === name && needed.has(total))
    .map(([total, [, sql]]) => `${sql(context)} as ${total}`);
  const ofSession = rows.filters.filter(({ dimension }) => dimension.name === 'session');
  return lines(
    clause('select\n ', [`${alias}.session_id`, ...(slice ? [sliceColumn(slice, cut)] : []), ...totals], ',\n  '),
    `from ${draft.table(name)} ${alias}`,
    name === 'runs' && needed.has('passes') ? joins(runFilterColumns(rows), 'r', draft) : '',
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        notHidden(alias),
        ...within(time, spanOf(cut), draft),
        // rows known to belong to no session are in none
        ...(name === 'handoffs' ? [] : [`${alias}.session_id is not null`]),
        ...ofSession.map((filter) => filterCondition(filter, `${alias}.session_id`, draft)),
        ...(hasPassing(rows) ? [`${alias}.session_id in (select session_id from passing_sessions)`] : []),
      ],
      '\n  and ',
    ),
    groupBy([`${alias}.session_id`], slice, cut),
  );
}

function runFilterColumns({ filters }: Rows): Column[] {
  return filters.filter(isRunFilter).flatMap(({ dimension }) => expressionOf(dimension, 'run').columns);
}

/** The filters on single runs, which must all hold for the same run. */
function runConditions({ rows, draft }: Context): string {
  const conditions = rows.filters
    .filter(isRunFilter)
    .map((filter) => filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft));
  return conditions.join(' and ');
}

/** Condition: a run of the same session starts within X after the handoff, possibly outside the window. */
function followed({ rows, draft }: Context): string {
  const limit = draft.bind(rows.postHandoffMs, 'bigint');
  return `exists (
    select from ${draft.table('runs')} r
    where r.org_id = $1
      and r.session_id = h.session_id
      and ${notHidden('r')}
      and r.started_at > h.occurred_at
      and r.started_at <= h.occurred_at + ${limit} * interval '1 millisecond'
  )`;
}

import { RUN_ATTRIBUTES } from '../../catalogue/dimensions.js';
import type { Window } from '../buckets.js';
import type { Filter, Rows } from '../plan.js';
import { visible } from '../scope.js';
import { groupBy, isSliced, spanOf, type Cut } from './aggregation.js';
import { Bindings, clause, columnOf, lines, passes, within } from './statement.js';

type Table = 'runs' | 'messages' | 'handoffs';

interface ActivityColumn {
  /** its aggregate over one session's rows of a table; null in the tables that are not named */
  readonly over: Partial<Record<Table, string>>;
  readonly type: string;
  /** how the tables' answers become the session's */
  readonly merged: (column: string) => string;
}

const TERMINAL = "r.status <> 'IN_FLIGHT'";
const counted = (column: string): string => `coalesce(max(${column}), 0)`;
const latest = (column: string): string => `max(${column})`;
const any = (column: string): string => `coalesce(bool_or(${column}), false)`;

function ofRuns(sql: string, merged = counted, type = 'numeric'): ActivityColumn {
  return { over: { runs: sql }, type, merged };
}

/** What is known of a session's activity in the window: the columns of `a`, of which a statement takes what it uses. */
const COLUMNS = {
  runs: ofRuns('count(*)'),
  terminal_runs: ofRuns(`count(*) filter (where ${TERMINAL})`),
  succeeded_runs: ofRuns("count(*) filter (where r.status = 'SUCCEEDED')"),
  terminal_runs_with_cost: ofRuns(`count(r.cost_nanos) filter (where ${TERMINAL})`),
  cost_nanos: ofRuns('sum(r.cost_nanos)', latest),
  total_tokens: ofRuns('sum(r.input_tokens) + sum(r.output_tokens)', latest),
  agent_ms: ofRuns('sum(r.execution_ms)'),
  passes: ofRuns('bool_or($passes)', any, 'boolean'),
  first_message_at: { over: { messages: 'min(m.sent_at)' }, type: 'timestamptz', merged: latest },
  last_message_at: { over: { messages: 'max(m.sent_at)' }, type: 'timestamptz', merged: latest },
  handoffs: { over: { handoffs: 'count(*)' }, type: 'numeric', merged: counted },
  local_handoff: { over: { handoffs: 'true' }, type: 'boolean', merged: any },
  followed: { over: { handoffs: 'bool_or($followed)' }, type: 'boolean', merged: any },
  last_active_at: {
    over: {
      runs: 'greatest(max(r.started_at), max(r.completed_at) filter (where r.completed_at < $to))',
      messages: 'max(m.sent_at)',
      handoffs: 'max(h.occurred_at)',
    },
    type: 'timestamptz',
    merged: latest,
  },
} as const satisfies Record<string, ActivityColumn>;

type ColumnName = keyof typeof COLUMNS;

const TABLES = [
  { table: 'runs', alias: 'r', time: 'started_at' },
  { table: 'messages', alias: 'm', time: 'sent_at' },
  { table: 'handoffs', alias: 'h', time: 'occurred_at' },
] as const;

export interface Activity {
  /** `with …`: the table `active`, one row per active session (and slice) */
  readonly sql: string;
  /** the conditions on `active a` and the session's attributes that the filters make */
  readonly conditions: string[];
  /** the attribute columns that the conditions name */
  readonly columns: string[];
}

/**
 * The active sessions: those with at least one run, message or handoff in the window. `used` is the SQL over `a`
 * that the rest of the statement is made of: only the columns it names are computed.
 */
export function activity(rows: Rows, cut: Cut, used: readonly string[], bindings: Bindings): Activity {
  const runFilters = rows.filters.filter(isRunFilter);
  const attributeFilters = rows.filters.filter(({ dimension }) => dimension.session);
  const conditions = [
    ...attributeFilters.map((filter) => passes(filter, columnOf(filter.dimension, 'session'), bindings)),
    ...rows.filters.filter(({ dimension }) => dimension.flag).map(flagCondition),
    ...(runFilters.length > 0 ? ['a.passes'] : []),
  ];
  const names = columnsIn([...used, ...conditions]);
  const context = { rows, cut, names, runFilters, span: spanOf(cut), bindings };
  const sql = lines(
    'with activity as (',
    indented(TABLES.map((table) => tableActivity(table, context)).join('\nunion all\n')),
    '), active as (',
    indented(mergedActivity(names, cut)),
    ')',
  );
  return { sql, conditions, columns: attributeFilters.map(({ dimension }) => columnOf(dimension, 'session')) };
}

function isRunFilter({ dimension }: Filter): boolean {
  return (RUN_ATTRIBUTES as readonly string[]).includes(dimension.name);
}

/** A flag is true or false for every session; rows without a value there are none. */
function flagCondition({ dimension, values, negated }: Filter): string {
  const holds = (value: string): boolean => values.includes(value) !== negated;
  const wanted = ['true', 'false'].filter(holds).map((value) => (value === 'true' ? '' : 'not ') + dimension.flag);
  return wanted.length === 0 ? 'false' : `(${wanted.join(' or ')})`;
}

function columnsIn(texts: readonly string[]): ColumnName[] {
  const named = new Set(texts.flatMap((text) => [...text.matchAll(/\ba\.(\w+)/g)].map((match) => match[1])));
  return (Object.keys(COLUMNS) as ColumnName[]).filter((name) => named.has(name));
}

interface Context {
  rows: Rows;
  cut: Cut;
  names: ColumnName[];
  runFilters: Filter[];
  span: Window;
  bindings: Bindings;
}

function tableActivity({ table, alias, time }: (typeof TABLES)[number], context: Context): string {
  const { rows, cut, names, span, bindings } = context;
  const at = `${alias}.${time}`;
  const starts = cut.slices.map(({ from }) => from);
  const slice = isSliced(cut) ? [`width_bucket(${at}, ${bindings.instants(starts)}) as slice`] : [];
  const values = names.map((name) => {
    const { over, type }: ActivityColumn = COLUMNS[name];
    const sql = over[table];
    return `${sql ? filledIn(sql, context) : `null::${type}`} as ${name}`;
  });
  const ofSession = rows.filters.filter(({ dimension }) => dimension.name === 'session');
  return lines(
    clause('select\n ', [`${alias}.session_id`, ...slice, ...values], ',\n  '),
    `from ${table} ${alias}`,
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        ...visible(rows.scope, alias),
        ...within(at, span, bindings),
        ...(table === 'runs' ? ['r.session_id is not null'] : []),
        ...ofSession.map((filter) => passes(filter, `${alias}.session_id`, bindings)),
      ],
      '\n  and ',
    ),
    groupBy([`${alias}.session_id`], cut),
  );
}

/** Puts conditions with bound values in the place of their names. */
function filledIn(sql: string, { rows, runFilters, span, bindings }: Context): string {
  return sql
    .replace('$passes', () =>
      runFilters.map((filter) => passes(filter, columnOf(filter.dimension, 'run'), bindings)).join(' and '),
    )
    .replace('$followed', () => followed(rows, bindings))
    .replace('$to', () => bindings.instant(span.to));
}

/** A run of the same session starts after the handoff, at most X later; it may lie outside the window. */
function followed(rows: Rows, bindings: Bindings): string {
  const limit = bindings.bind(rows.postHandoffMs, 'bigint');
  return `exists (
    select from runs r
    where r.org_id = $1
      and r.session_id = h.session_id
      and ${visible(rows.scope, 'r').join(' and ')}
      and r.started_at > h.occurred_at
      and r.started_at <= h.occurred_at + ${limit} * interval '1 millisecond'
  )`;
}

function mergedActivity(names: ColumnName[], cut: Cut): string {
  const keys = ['session_id', ...(isSliced(cut) ? ['slice'] : [])];
  const values = names.map((name) => `${COLUMNS[name].merged(name)} as ${name}`);
  return lines(clause('select\n ', [...keys, ...values], ',\n  '), 'from activity', `group by ${keys.join(', ')}`);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

import { RUN_ATTRIBUTES } from '../../catalogue/dimensions.js';
import type { Filter, Rows } from '../plan.js';
import { groupBy, isSliced, sliceColumn, sliceOf, spanOf, type Cut } from './aggregation.js';
import { type Bindings, clause, columnOf, kept, lines, passes, within } from './statement.js';

const TERMINAL = "r.status <> 'IN_FLIGHT'";

/** What a session's rows of each table add up to; `$…` stands for conditions with bound values. */
const TABLES = {
  runs: {
    alias: 'r',
    time: 'r.started_at',
    columns: {
      runs: 'count(*)',
      terminal_runs: `count(*) filter (where ${TERMINAL})`,
      succeeded_runs: "count(*) filter (where r.status = 'SUCCEEDED')",
      terminal_runs_with_cost: `count(r.cost_nanos) filter (where ${TERMINAL})`,
      cost_nanos: 'sum(r.cost_nanos)',
      total_tokens: 'sum(r.input_tokens) + sum(r.output_tokens)',
      agent_ms: 'sum(r.execution_ms)',
      passes: 'bool_or($passes)',
      last_run_at: 'max(r.started_at)',
      last_run_end: 'max(r.completed_at) filter (where $ended)',
    },
  },
  messages: {
    alias: 'm',
    time: 'm.sent_at',
    columns: { first_message_at: 'min(m.sent_at)', last_message_at: 'max(m.sent_at)' },
  },
  handoffs: {
    alias: 'h',
    time: 'h.occurred_at',
    columns: { handoffs: 'count(*)', followed: 'bool_or($followed)', last_handoff_at: 'max(h.occurred_at)' },
  },
} as const;

type TableName = keyof typeof TABLES;

/** The columns of `active a`, over those of the tables; a statement computes what it uses of them. */
const COLUMNS: Record<string, string> = {
  runs: 'coalesce(runs, 0)',
  terminal_runs: 'coalesce(terminal_runs, 0)',
  succeeded_runs: 'coalesce(succeeded_runs, 0)',
  terminal_runs_with_cost: 'coalesce(terminal_runs_with_cost, 0)',
  cost_nanos: 'cost_nanos',
  total_tokens: 'total_tokens',
  agent_ms: 'coalesce(agent_ms, 0)',
  passes: 'coalesce(passes, false)',
  first_message_at: 'first_message_at',
  last_message_at: 'last_message_at',
  handoffs: 'coalesce(handoffs, 0)',
  local_handoff: 'coalesce(handoffs, 0) > 0',
  followed: 'coalesce(followed, false)',
  last_active_at: 'greatest(last_run_at, last_run_end, last_message_at, last_handoff_at)',
};

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
  const attributeFilters = rows.filters.filter(({ dimension }) => dimension.session);
  const conditions = [
    ...attributeFilters.map((filter) => passes(filter, columnOf(filter.dimension, 'session'), bindings)),
    ...rows.filters.filter(({ dimension }) => dimension.flag).map(flagCondition),
    ...(rows.filters.some(isRunFilter) ? ['a.passes'] : []),
  ];
  const columns = namesIn([...used, ...conditions], /\ba\.(\w+)/g).filter((name) => name in COLUMNS);
  const needed = namesIn(
    columns.map((name) => COLUMNS[name]!),
    /(\w+)/g,
  );
  const tables = (Object.keys(TABLES) as TableName[]).map(
    (name) => `${name}_active as (\n${indented(tableActivity(name, needed, { rows, cut, bindings }))}\n)`,
  );
  const keys = isSliced(cut) ? ['session_id', 'slice'] : ['session_id'];
  const active = lines(
    clause('select\n ', [...keys, ...columns.map((name) => `${COLUMNS[name]} as ${name}`)], ',\n  '),
    'from runs_active',
    `full join messages_active using (${keys.join(', ')})`,
    `full join handoffs_active using (${keys.join(', ')})`,
  );
  return {
    sql: `with ${[...tables, `active as (\n${indented(active)}\n)`].join(', ')}`,
    conditions,
    columns: attributeFilters.map(({ dimension }) => columnOf(dimension, 'session')),
  };
}

function namesIn(texts: readonly string[], pattern: RegExp): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1]!)))];
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

interface Context {
  rows: Rows;
  cut: Cut;
  bindings: Bindings;
}

/** One table's rows in the window, per session (and slice). */
function tableActivity(name: TableName, needed: readonly string[], context: Context): string {
  const { rows, cut, bindings } = context;
  const { alias, time, columns } = TABLES[name];
  const slice = isSliced(cut) ? sliceOf(time, cut, bindings) : null;
  const values = Object.entries(columns)
    .filter(([column]) => needed.includes(column))
    .map(([column, sql]) => `${filledIn(sql, context)} as ${column}`);
  const ofSession = rows.filters.filter(({ dimension }) => dimension.name === 'session');
  return lines(
    clause('select\n ', [`${alias}.session_id`, ...(slice ? [sliceColumn(slice, cut)] : []), ...values], ',\n  '),
    `from ${name} ${alias}`,
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        kept(alias),
        ...within(time, spanOf(cut), bindings),
        ...(name === 'runs' ? ['r.session_id is not null'] : []),
        ...ofSession.map((filter) => passes(filter, `${alias}.session_id`, bindings)),
      ],
      '\n  and ',
    ),
    groupBy([`${alias}.session_id`], slice, cut),
  );
}

function filledIn(sql: string, { rows, cut, bindings }: Context): string {
  return sql
    .replace('$passes', () =>
      rows.filters
        .filter(isRunFilter)
        .map((filter) => passes(filter, columnOf(filter.dimension, 'run'), bindings))
        .join(' and '),
    )
    .replace('$ended', () => within('r.completed_at', spanOf(cut), bindings).join(' and '))
    .replace('$followed', () => followed(rows, bindings));
}

/** A run of the same session starts after the handoff, at most X later; it may lie outside the window. */
function followed(rows: Rows, bindings: Bindings): string {
  const limit = bindings.bind(rows.postHandoffMs, 'bigint');
  return `exists (
    select from runs r
    where r.org_id = $1
      and r.session_id = h.session_id
      and ${kept('r')}
      and r.started_at > h.occurred_at
      and r.started_at <= h.occurred_at + ${limit} * interval '1 millisecond'
  )`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

/**
 * The tables that events merge into. `fields` are what an event can state about the entity; each wins or loses
 * on its own. A field is one column, or several that are stated as one. The order of `fields` is stored (as bits
 * in `stamps`): append, never reorder.
 */
export interface Entity {
  table: string;
  idColumn: string;
  fields: Record<string, readonly string[]>;
  /** column -> PostgreSQL type, for all stated columns */
  columns: Record<string, ColumnType>;
  /** the same for what is derived from more than the entity's own events */
  derived: Record<string, ColumnType>;
}

type ColumnType = 'text' | 'bigint' | 'numeric' | 'timestamptz' | 'jsonb' | 'boolean';

const text = 'text';
const bigint = 'bigint';
const timestamptz = 'timestamptz';
const jsonb = 'jsonb';
const boolean = 'boolean';
const numeric = 'numeric';

/** Stated by run.completed as one: of several, the latest wins whole. */
const outcomeColumns = {
  completed_at: timestamptz,
  status: text,
  reported_failure_category: text,
  error_summary: text,
  completed_usage: jsonb,
  reported_cost_nanos: bigint,
  phases: jsonb,
  files_changed: bigint,
  lines_added: bigint,
  lines_deleted: bigint,
  tests_run: bigint,
  tests_passed: bigint,
} as const;

const usageColumns = {
  input_tokens: bigint,
  output_tokens: bigint,
  cache_read_tokens: bigint,
  cache_write_tokens: bigint,
  cache_write_1h_tokens: bigint,
  reasoning_tokens: bigint,
} as const;

/** One field per column, in the given order; `deleted` marks a deletion and has no column. */
function oneEach(columns: Entity['columns']): Entity['fields'] {
  return Object.fromEntries(Object.keys(columns).map((column) => [column, [column]]));
}

const userColumns = { email: text, name: text, role: text, team: text } as const;
const sessionColumns = {
  created_by_user_id: text,
  created_at: timestamptz,
  repo: text,
  workspace: text,
  runtime: text,
  title: text,
  branch: text,
  parent_session_id: text,
  work_item_id: text,
} as const;
const messageColumns = { session_id: text, role: text, sent_at: timestamptz, user_id: text, text } as const;
const handoffColumns = { session_id: text, user_id: text, occurred_at: timestamptz, method: text } as const;
const runColumns = {
  session_id: text,
  reported_user_id: text,
  queued_at: timestamptz,
  started_at: timestamptz,
  reported_queue_wait_ms: bigint,
  reported_model: text,
  task_type: text,
  agent: text,
  progressed_at: timestamptz,
  progress_usage: jsonb,
  phase: text,
  context_tokens: bigint,
  context_limit: bigint,
} as const;
const callColumns = {
  session_id: text,
  reported_run_id: text,
  at: timestamptz,
  model: text,
  reported_cost_nanos: bigint,
} as const;

const runDerived = {
  deleted: boolean,
  hidden: boolean,
  user_id: text,
  failure_category: text,
  execution_ms: bigint,
  queue_wait_ms: bigint,
  phase_ms: jsonb,
  model: text,
  input_tokens: bigint,
  output_tokens: bigint,
  cache_read_tokens: bigint,
  cache_write_tokens: bigint,
  cost_nanos: numeric,
} as const;

export const entities = {
  user: { table: 'users', idColumn: 'user_id', fields: oneEach(userColumns), columns: userColumns, derived: {} },
  session: {
    table: 'sessions',
    idColumn: 'session_id',
    fields: { deleted: [], ...oneEach(sessionColumns) },
    columns: sessionColumns,
    derived: { hidden: boolean },
  },
  message: {
    table: 'messages',
    idColumn: 'message_id',
    fields: oneEach(messageColumns),
    columns: messageColumns,
    derived: { hidden: boolean },
  },
  handoff: {
    table: 'handoffs',
    idColumn: 'handoff_id',
    fields: oneEach(handoffColumns),
    columns: handoffColumns,
    derived: { hidden: boolean },
  },
  run: {
    table: 'runs',
    idColumn: 'run_id',
    fields: { deleted: [], ...oneEach(runColumns), outcome: Object.keys(outcomeColumns) },
    columns: { ...runColumns, ...outcomeColumns },
    derived: runDerived,
  },
  call: {
    table: 'llm_calls',
    idColumn: 'call_id',
    fields: { ...oneEach(callColumns), usage: Object.keys(usageColumns) },
    columns: { ...callColumns, ...usageColumns },
    derived: { run_id: text, cost_nanos: numeric },
  },
} as const satisfies Record<string, Entity>;

export type EntityKind = keyof typeof entities;

/** For each kind of entity: the bit that stands for a field in `stamps`, and the one for each column. */
const bits = perKind((entity) => {
  const fields: Record<string, number> = {};
  const columns: Record<string, number> = {};
  Object.entries(entity.fields).forEach(([field, names], index) => {
    fields[field] = 1 << index;
    for (const name of names) columns[name] = 1 << index;
  });
  return { fields, columns };
});

/** One value for each kind of entity. */
export function perKind<T>(make: (entity: Entity, kind: EntityKind) => T): Record<EntityKind, T> {
  const entries = Object.entries(entities).map(([kind, entity]) => [kind, make(entity, kind as EntityKind)]);
  return Object.fromEntries(entries) as Record<EntityKind, T>;
}

/** The bit that stands for a field in `stamps`. */
export function fieldBit(kind: EntityKind, field: string): number {
  return known(bits[kind].fields[field], kind, field);
}

/** The bit of the field that a column belongs to. */
export function columnBit(kind: EntityKind, column: string): number {
  return known(bits[kind].columns[column], kind, column);
}

function known(bit: number | undefined, kind: EntityKind, name: string): number {
  if (bit === undefined) throw new Error(`${kind} has no ${name}`);
  return bit;
}

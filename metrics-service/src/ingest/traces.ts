import type { Transaction } from '../db/database.js';
import type { Change } from './change.js';
import type { EntityRow } from './merge.js';
import { Trace, type AgentSpan, type ToolSpan, type Traces } from './spans.js';
import { loadRows } from './store.js';
import { asStated } from './told-twice.js';

/** The rows of a batch of which traces are made, and the calls that lie in them; not stored yet. */
export interface Spans {
  readonly runs: readonly Change[];
  readonly tools: readonly Change[];
  readonly calls: readonly Change[];
}

const NONE: Traces = { of: new Map(), changed: new Set() };

/** The traces that the batch is about, as they are with it. */
export async function loadTraces(tx: Transaction, { runs, tools, calls }: Spans): Promise<Traces> {
  const changed = new Set([...keysOf(runs, 'span_id'), ...keysOf(tools, 'span_id')]);
  // a run without a span, too, may be united with runs that have one
  const keys = [...new Set([...changed, ...keysOf(runs, 'key'), ...keysOf(calls, 'parent_span_id')])];
  if (keys.length === 0) return NONE;
  const [agents, toolSpans] = await Promise.all([storedAgents(tx, keys, runs), storedTools(tx, keys, tools)]);
  for (const { after } of runs) if (after.values.span_id != null) agents.push(after);
  for (const { after } of tools) {
    if (after.values.span_id != null) toolSpans.push({ ...after.values, tool_call_id: after.id });
  }
  return { of: tracesOf([agents, toolSpans]), changed };
}

/** The traces with these keys, as they are stored. */
export async function storedTraces(tx: Transaction, keys: readonly string[]): Promise<ReadonlyMap<string, Trace>> {
  return tracesOf(await Promise.all([storedAgents(tx, keys, []), storedTools(tx, keys, [])]));
}

function tracesOf([agents, tools]: readonly [EntityRow[], Values[]]): ReadonlyMap<string, Trace> {
  const toolsOf = byKey(tools, ({ key }) => key);
  return new Map(
    [...byKey(agents, ({ values }) => values.key)].map(([key, rows]) => [
      key,
      new Trace(rows.map(agentSpan), (toolsOf.get(key) ?? []).map(toolSpan)),
    ]),
  );
}

function byKey<T>(list: readonly T[], keyOf: (one: T) => unknown): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    if (typeof key !== 'string') continue;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

type Values = EntityRow['values'];

function keysOf(changes: readonly Change[], column: string): string[] {
  return changes
    .flatMap(({ before, after }) => [before?.values, after.values])
    .flatMap((values) => (values?.[column] != null && typeof values.key === 'string' ? [values.key] : []));
}

function agentSpan({ id, values }: EntityRow): AgentSpan {
  return {
    id,
    spanId: values.span_id as string,
    parentSpanId: values.parent_span_id as string | null,
    name: (values.agent ?? values.workflow ?? null) as string | null,
    startedAt: values.started_at as string | null,
    completedAt: values.completed_at as string | null,
  };
}

function toolSpan(values: Values): ToolSpan {
  return {
    id: values.tool_call_id as string,
    spanId: values.span_id as string,
    parentSpanId: values.parent_span_id as string | null,
  };
}

async function storedAgents(tx: Transaction, keys: readonly string[], batch: readonly Change[]): Promise<EntityRow[]> {
  const { rows } = await tx.query<{ run_id: string }>(
    `
    select run_id
    from runs
    where org_id = $1
      and key = any($2::text[])
      and span_id is not null
      and run_id <> all($3::text[])`,
    [tx.orgId, keys, batch.map(({ after }) => after.id)],
  );
  const stored = await loadRows(
    tx,
    'run',
    rows.map(({ run_id }) => run_id),
  );
  return [...stored.values()].map((row) => asStated('run', row)).filter(({ values }) => values.span_id != null);
}

async function storedTools(tx: Transaction, keys: readonly string[], batch: readonly Change[]): Promise<Values[]> {
  const { rows } = await tx.query<{
    tool_call_id: string;
    key: string;
    span_id: string;
    parent_span_id: string | null;
  }>(
    `
    select tool_call_id, key, span_id, parent_span_id
    from tool_calls
    where org_id = $1
      and key = any($2::text[])
      and span_id is not null
      and tool_call_id <> all($3::text[])`,
    [tx.orgId, keys, batch.map(({ after }) => after.id)],
  );
  return rows;
}

/**
 * The phases that calls have by where they lie in their traces: of those of the batch, and of stored ones where that changed,
 * which is written.
 */
export async function phasesOfSpans(
  tx: Transaction,
  calls: readonly Change[],
  { of, changed }: Traces,
): Promise<{ phaseOf: ReadonlyMap<string, string | null>; others: string[] }> {
  const phase = (key: unknown, place: { parentSpanId: unknown; at: string }): string | null => {
    if (typeof place.parentSpanId !== 'string') return null;
    return of.get(key as string)?.phaseOf({ parentSpanId: place.parentSpanId, from: place.at, to: place.at }) ?? null;
  };
  const phaseOf = new Map(
    calls.map(({ after: { id, values } }) => [
      id,
      phase(values.key, { parentSpanId: values.parent_span_id, at: values.at as string }),
    ]),
  );
  if (changed.size === 0) return { phaseOf, others: [] };
  const { rows } = await tx.query<StoredCall>(
    `
    select call_id, key, parent_span_id, at, span_phase
    from llm_calls
    where org_id = $1
      and key = any($2::text[])
      and parent_span_id is not null
      and call_id <> all($3::text[])`,
    [tx.orgId, [...changed], calls.map(({ after }) => after.id)],
  );
  const moved = rows
    .map((row) => ({ row, is: phase(row.key, { parentSpanId: row.parent_span_id, at: row.at.toISOString() }) }))
    .filter(({ row, is }) => row.span_phase !== is);
  if (moved.length > 0) {
    tx.write(
      `
      update llm_calls c
      set span_phase = moved.span_phase
      from json_to_recordset($2::json) as moved (call_id text, span_phase text)
      where c.org_id = $1
        and c.call_id = moved.call_id`,
      [tx.orgId, JSON.stringify(moved.map(({ row, is }) => ({ call_id: row.call_id, span_phase: is })))],
    );
  }
  return { phaseOf, others: moved.map(({ row }) => row.call_id) };
}

interface StoredCall extends Record<string, unknown> {
  call_id: string;
  key: string;
  parent_span_id: string;
  at: Date;
  span_phase: string | null;
}

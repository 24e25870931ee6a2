import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { attachCalls, type Change } from './attach-calls.js';
import { entities, ENTITY_NAMES, type EntityName } from '../entities/index.js';
import { emptyRow, isDeleted, mergeStatement } from './merge.js';
import type { ParsedEvent } from './parse.js';
import { derivePersonsOf } from './persons.js';
import { deriveRuns, saveRuns } from './runs.js';
import { spreadSessionChanges, sessionFacts } from './sessions.js';
import type { Statement } from './statements.js';
import type { Stamp } from './stamps.js';
import { loadRows, saveRows, type StoredRow } from './store.js';

/**
 * Merges accepted events into the tables, in the caller's transaction, which must hold the organization's ingest
 * lock. The tables are a function of the set of events: order and batching do not matter (design section 4).
 */
export async function applyEvents(tx: Transaction, events: ParsedEvent[], prices: PriceTable): Promise<void> {
  const statements = groupByEntity(events);
  // asked together: one wait for all of them
  const merging = ENTITY_NAMES.map(async (name) => [name, await merged(tx, name, statements)] as const);
  const changes = Object.fromEntries(await Promise.all(merging)) as Record<EntityName, Change[]>;

  save(tx, 'session', changes.session, ({ after }) => ({ hidden: isDeleted('session', after.stamps) }));
  const [{ runOf, touchedRuns }] = await Promise.all([
    attachCalls(tx, changes.llm_call, changes.run),
    saveSimple(tx, changes),
  ]);
  save(tx, 'llm_call', changes.llm_call, ({ after }) => ({
    run_id: runOf.get(after.id) ?? null,
    cost_nanos: callCost(after.values, prices),
  }));

  saveRuns(tx, await deriveRuns(tx, changes.run, touchedRuns, prices));
  await spreadSessionChanges(tx, changes.session);
  await derivePersonsOf(tx, changes.user);
}

/** Of which nothing is derived but whether their session hides them. */
const SIMPLE = ENTITY_NAMES.filter((name) => !['session', 'run', 'llm_call'].includes(name));

async function saveSimple(tx: Transaction, changes: Record<EntityName, Change[]>): Promise<void> {
  const facts = await sessionFacts(
    tx,
    SIMPLE.flatMap((name) => changes[name]),
  );
  for (const name of SIMPLE) {
    const isHidden = ({ after }: Change): boolean => facts.get(after.values.session_id as string)?.hidden ?? false;
    const derive = 'hidden' in entities[name].derived ? (one: Change) => ({ hidden: isHidden(one) }) : () => ({});
    save(tx, name, changes[name], derive);
  }
}

type StatementsByKind = Map<EntityName, Map<string, [Statement, Stamp][]>>;

function groupByEntity(events: ParsedEvent[]): StatementsByKind {
  const kinds: StatementsByKind = new Map();
  for (const event of events) {
    const { statement } = event;
    let ids = kinds.get(statement.kind);
    if (!ids) kinds.set(statement.kind, (ids = new Map<string, [Statement, Stamp][]>()));
    const said: [Statement, Stamp] = [statement, [event.timeMs, event.id, event.source]];
    const list = ids.get(statement.entityId);
    if (list) list.push(said);
    else ids.set(statement.entityId, [said]);
  }
  return kinds;
}

/** The entities of one kind that the statements change, before and after. */
async function merged(tx: Transaction, kind: EntityName, statements: StatementsByKind): Promise<Change[]> {
  const ids = statements.get(kind);
  if (!ids) return [];
  const stored = await loadRows(tx, kind, ids.keys());
  const changes: Change[] = [];
  for (const [id, said] of ids) {
    const before = stored.get(id) ?? null;
    const after = before ? { ...before, values: { ...before.values } } : emptyRow(kind, id);
    let changed = before === null;
    for (const [statement, stamp] of said) changed = mergeStatement(after, statement, stamp) || changed;
    if (changed) changes.push({ before, after });
  }
  return changes;
}

/** Writes the changes without waiting: the next are prepared while the database is busy with these. */
function save(
  tx: Transaction,
  kind: EntityName,
  changes: Change[],
  derive: (change: Change) => Record<string, string | boolean | null>,
): void {
  const rows = { added: [] as StoredRow[], changed: [] as StoredRow[] };
  for (const change of changes) {
    rows[change.before === null ? 'added' : 'changed'].push({ ...change.after, derived: derive(change) });
  }
  saveRows(tx, kind, rows);
}

/** A call's cost: the reported one, else its tokens at the price in force at its time; null: no price is known. */
export function callCost(values: Record<string, unknown>, prices: PriceTable): string | null {
  if (values.reported_cost_nanos !== null) return values.reported_cost_nanos as string;
  const usage = {
    inputTokens: Number(values.input_tokens),
    outputTokens: Number(values.output_tokens),
    cacheReadTokens: Number(values.cache_read_tokens),
    cacheWriteTokens: Number(values.cache_write_tokens),
    cacheWrite1hTokens: Number(values.cache_write_1h_tokens),
  };
  const nanos = prices.costNanos(values.model as string, usage, Date.parse(values.at as string), {
    tier: values.tier as string | null,
    speed: values.speed as string | null,
    region: values.region as string | null,
    webSearches: values.web_searches === null ? null : Number(values.web_searches),
  });
  return nanos?.toString() ?? null;
}

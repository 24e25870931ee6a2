import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { attachCalls } from './attach-calls.js';
import { runsToldOtherwise } from './better-told.js';
import { branchLinks } from './branch-links.js';
import type { Change } from './change.js';
import { entities, ENTITY_NAMES, type EntityName } from '../entities/index.js';
import { deriveRequests } from './derive-requests.js';
import { deriveEpics } from './epics.js';
import { emptyRow, isDeleted, mergeStatement, type EntityRow } from './merge.js';
import { PLACED_BY_TIME, type Place } from './moving-calls.js';
import { inSession, placeMessages, type Placed } from './placed.js';
import { supersedeMessages } from './superseded.js';
import { asStated, uniteRuns, type RunRow } from './told-twice.js';
import { loadTraces, phasesOfSpans } from './traces.js';
import { noteOpenSessions } from './open-sessions.js';
import type { ParsedEvent } from './parse.js';
import { noteViewers } from '../access/organizations.js';
import { derivePersonsOf } from './persons.js';
import { runsThatMayEnd } from './run-signs.js';
import { deriveRuns, saveRuns } from './runs.js';
import { spreadSessionChanges, sessionFacts } from './sessions.js';
import type { EntityStatement } from './statements.js';
import { stampOf, type Stamp } from './stamps.js';
import { loadRows, saveRows, type StoredRow } from './store.js';

/**
 * Merges accepted events into the tables, in the caller's transaction, which must hold the organization's ingest
 * lock. The tables are a function of the set of events: order and batching do not matter (design section 4).
 */
export async function applyEvents(tx: Transaction, events: ParsedEvent[], prices: PriceTable): Promise<void> {
  const statements = groupByEntity(events);
  // sent together, so that there is one round trip to wait for
  const merging = ENTITY_NAMES.map(async (name) => [name, await merged(tx, name, statements)] as const);
  const changes = Object.fromEntries(await Promise.all(merging)) as Record<EntityName, Change[]>;

  const links = await branchLinks(
    tx,
    changes.session.map(({ after }) => after),
  );
  save(tx, 'session', changes.session, ({ after }) => ({
    hidden: isDeleted('session', after.stamps),
    branch_work_item_id: links.get(after.id) ?? null,
  }));
  const traces = await loadTraces(tx, { runs: changes.run, tools: changes.tool_call, calls: changes.llm_call });
  const runs = await uniteRuns(tx, changes.run, traces);
  const phases = await phasesOfSpans(tx, changes.llm_call, traces);
  const [{ placeOf, moved, touchedRuns }, toolCalls, messages] = await Promise.all([
    attachCalls(tx, 'llm_call', changes.llm_call, runs),
    attachCalls(tx, 'tool_call', changes.tool_call, runs),
    placeMessages(tx, changes.message, runs),
  ]);
  await saveSimple(tx, { ...changes, message: messages.placed });
  saveToolCalls(tx, changes.tool_call, toolCalls.placeOf);
  const calls = changes.llm_call.map(({ after: { id, values } }) => {
    const phase = values.reported_phase ?? phases.phaseOf.get(id)!;
    const { runId, sessionId } = placeOf.get(id)!;
    return {
      id,
      values: phase === values.reported_phase ? values : { ...values, reported_phase: phase },
      runId,
      sessionId,
    };
  });
  const occasion = {
    calls,
    others: moved,
    respanned: phases.others,
    runs: runs.filter(visibilityChanged),
    sessionIds: hiddenOtherwise(changes.session),
  };
  const requests = await deriveRequests(tx, occasion, prices);
  const placed = changes.llm_call.map(({ before, after }) => ({
    before,
    after: inSession(after, placeOf.get(after.id)!),
  }));
  save(tx, 'llm_call', placed, ({ after }) => {
    const { request, counts, phase, costNanos, cacheSavingsNanos } = requests.shares.get(after.id)!;
    return {
      reported_session_id: after.reportedSessionId ?? null,
      run_id: placeOf.get(after.id)!.runId,
      request,
      counts,
      span_phase: phases.phaseOf.get(after.id)!,
      phase,
      cost_nanos: costNanos,
      cache_savings_nanos: cacheSavingsNanos,
    };
  });

  const [mayEnd, otherwise] = await Promise.all([
    runsThatMayEnd(tx, runs, changes.session),
    runsToldOtherwise(tx, runs, changes.session),
  ]);
  for (const touched of [requests.touchedRuns, toolCalls.touchedRuns, messages.touchedRuns, mayEnd, otherwise]) {
    for (const runId of touched) touchedRuns.add(runId);
  }
  const derived = await deriveRuns(tx, runs, touchedRuns, prices);
  saveRuns(tx, derived);
  supersedeMessages(tx, changes.message, derived.retoldKeys);
  noteOpenSessions(tx, [...derived.added, ...derived.changed]);
  await spreadSessionChanges(tx, changes.session);
  await derivePersonsOf(tx, changes.user);
  if (changes.user.length > 0) noteViewers(tx);
  await deriveEpics(
    tx,
    changes.work_item.filter(hasOtherParent).map(({ after }) => after.id),
  );
}

function hasOtherParent({ before, after }: Change): boolean {
  return (before?.values.parent_id ?? null) !== after.values.parent_id;
}

/** Entities for which nothing is derived except whether their session hides them. */
const SIMPLE = ENTITY_NAMES.filter((name) => !['session', 'run', 'llm_call', 'tool_call'].includes(name));

async function saveSimple(tx: Transaction, changes: Record<EntityName, Change[]>): Promise<void> {
  const facts = await sessionFacts(
    tx,
    SIMPLE.flatMap((name) => changes[name]),
  );
  for (const name of SIMPLE) {
    const isHidden = ({ after }: Change): boolean => facts.get(after.values.session_id as string)?.hidden ?? false;
    const derive = (one: Change<Placed>): Derived => ({
      ...('hidden' in entities[name].derived ? { hidden: isHidden(one) } : {}),
      ...('reported_session_id' in entities[name].derived
        ? { reported_session_id: one.after.reportedSessionId ?? null }
        : {}),
      ...('superseded' in entities[name].derived ? { superseded: false } : {}),
      ...(name === 'budget' ? { deleted: isDeleted(name, one.after.stamps) } : {}),
      ...('epic_id' in entities[name].derived
        ? { epic_id: (one.before?.derived.epic_id ?? null) as string | null }
        : {}),
    });
    save(tx, name, changes[name] as Change<Placed>[], derive);
  }
}

function saveToolCalls(tx: Transaction, changes: readonly Change[], placeOf: ReadonlyMap<string, Place>): void {
  const placed = changes.map(({ before, after }) => ({ before, after: inSession(after, placeOf.get(after.id)!) }));
  save(tx, 'tool_call', placed, ({ after }) => ({
    reported_session_id: after.reportedSessionId ?? null,
    run_id: placeOf.get(after.id)!.runId,
    at: PLACED_BY_TIME.tool_call.atOf(after.values) as string | null,
  }));
}

type Derived = Record<string, string | boolean | null>;

/**
 * Whether the run's visibility changed, or it has only now become known: until then its calls were visible by their own
 * session.
 */
function visibilityChanged(run: Change<RunRow>): boolean {
  const { before, after } = run;
  return before === null || deletionChanged('run', run) || before.values.session_id !== after.values.session_id;
}

function hiddenOtherwise(sessions: readonly Change[]): string[] {
  return sessions.filter((one) => deletionChanged('session', one)).map(({ after }) => after.id);
}

/** Whether it was deleted or restored. */
function deletionChanged(kind: 'run' | 'session', { before, after }: Change): boolean {
  return (before !== null && isDeleted(kind, before.stamps)) !== isDeleted(kind, after.stamps);
}

type StatementsByKind = Map<EntityName, Map<string, [EntityStatement, Stamp][]>>;

function groupByEntity(events: ParsedEvent[]): StatementsByKind {
  const kinds: StatementsByKind = new Map();
  for (const event of events) {
    const { statement } = event;
    let ids = kinds.get(statement.kind);
    if (!ids) kinds.set(statement.kind, (ids = new Map<string, [EntityStatement, Stamp][]>()));
    const said: [EntityStatement, Stamp] = [statement, stampOf(event)];
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
    const stated = before && asStated(kind, before);
    const after = stated ? { ...stated, values: { ...stated.values } } : emptyRow(kind, id);
    let changed = before === null;
    for (const [statement, stamp] of said) changed = mergeStatement(after, statement, stamp) || changed;
    if (changed) changes.push({ before, after });
  }
  return changes;
}

/** Writes the changes without waiting, so that the next ones are prepared while the database works. */
function save<R extends EntityRow>(
  tx: Transaction,
  kind: EntityName,
  changes: readonly Change<R>[],
  derive: (change: Change<R>) => Derived,
): void {
  const rows = { added: [] as StoredRow[], changed: [] as StoredRow[] };
  for (const change of changes) {
    rows[change.before === null ? 'added' : 'changed'].push({ ...change.after, derived: derive(change) });
  }
  saveRows(tx, kind, rows);
}

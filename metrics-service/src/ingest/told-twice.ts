import { intersect } from '../entities/field-sets.js';
import { entities, type Columns, type EntityName } from '../entities/index.js';
import type { Transaction } from '../db/database.js';
import { compareUtf8 } from '../text-order.js';
import type { Change } from './change.js';
import { emptyRow, mergeFields, type EntityRow } from './merge.js';
import { withoutDerivedEnd } from './run-end.js';
import { inPassing, withoutPassing } from './in-passing.js';
import type { Trace, Traces } from './spans.js';
import { stampOfWon } from './stamps.js';
import { loadRows, type StoredRow } from './store.js';
import type { Value } from './statements.js';

/** What a row's own events state, if the row holds more than that. */
export type Own = Pick<EntityRow, 'values' | 'stamps'>;

/** A row of a run that may have several, and the row that it is merged into. */
export interface RunRow extends EntityRow {
  /** the id of the row that the run is merged into; null: this one */
  oneWith: string | null;
  own: Own | null;
}

/** The row as stated by its own events, without what it inherited from its run or from the rows merged into it. */
export function asStated(kind: EntityName, row: StoredRow): EntityRow {
  const { id, values, stamps, derived } = row;
  if (derived.own) {
    const own = derived.own as unknown as Own;
    return { id, values: { ...emptyRow(kind, id).values, ...own.values }, stamps: own.stamps };
  }
  if (!('reported_session_id' in derived))
    return kind === 'run' ? withoutPassing(withoutDerivedEnd({ id, values, stamps })) : { id, values, stamps };
  const { session_id: field } = entities[kind].fieldSets;
  const isStated = stamps.some(([, , , fields]) => intersect(fields, field!));
  const session = isStated ? (derived.reported_session_id ?? values.session_id!) : null;
  return { id, values: { ...values, session_id: session }, stamps };
}

/** A stored row as a RunRow: with all that is stated of its run, without what is derived. */
export function asRunRow(row: StoredRow): RunRow {
  const { one_with: oneWith, own } = row.derived;
  return { ...withoutDerivedEnd(row), oneWith: oneWith as string | null, own: own as unknown as Own | null };
}

/**
 * Merges runs with the same key into one (design section 4, "One run, told twice"), under the smallest id that was not made
 * from a key. Its row holds what all of them state, for each field the greatest stamp, and of several agents what the outermost
 * states; the other rows are kept, but hidden. Returns the given changes as the rows will be stored, and the changes to other
 * rows that follow.
 */
export async function uniteRuns(tx: Transaction, changes: Change[], traces: Traces): Promise<Change<RunRow>[]> {
  const keys = new Set(
    changes.flatMap(({ before, after }) =>
      [before && asStated('run', before).values.key, after.values.key].filter((key) => typeof key === 'string'),
    ),
  );
  for (const key of traces.changed) if (traces.of.has(key)) keys.add(key);
  const alone = (change: Change): Change<RunRow> => ({
    ...change,
    after: { ...inPassing(change.after), oneWith: null, own: null },
  });
  if (keys.size === 0) return changes.map(alone);
  const others = await loadRows(tx, 'run', await runsOfKeys(tx, [...keys], changes));
  const members = [
    ...changes,
    ...[...others.values()].map((row): Change => ({ before: row, after: asStated('run', row) })),
  ];
  const groups = new Map<string, Change[]>();
  const single: Change[] = [];
  for (const member of members) {
    const { key } = member.after.values;
    if (typeof key !== 'string') single.push(member);
    else groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [
    ...single.map(alone),
    ...[...groups].flatMap(([key, group]) =>
      group.length === 1 ? group.map(alone) : united(group, traces.of.get(key) ?? null),
    ),
  ];
}

async function runsOfKeys(tx: Transaction, keys: string[], except: Change[]): Promise<string[]> {
  const { rows } = await tx.query<{ run_id: string }>(
    `
    select run_id
    from runs
    where org_id = $1
      and key = any($2::text[])
      and run_id <> all($3::text[])`,
    [tx.orgId, keys, except.map(({ after }) => after.id)],
  );
  return rows.map(({ run_id }) => run_id);
}

function united(group: Change[], trace: Trace | null): Change<RunRow>[] {
  const ids = group.map(({ after }) => after.id).sort(compareUtf8);
  const chosen = ids.find((id) => !id.startsWith('key:')) ?? ids[0]!;
  const rows = group.map(({ after }) => after);
  const whole = inPassing(mergedOf(chosen, trace === null ? rows : rows.flatMap((row) => ofOutermost(row, trace))));
  return group.map(({ before, after }) => {
    const isChosen = after.id === chosen;
    const own = { values: ownValues(after.values), stamps: after.stamps };
    return {
      before,
      after: isChosen ? { ...whole, oneWith: null, own } : { ...after, oneWith: chosen, own: null },
    };
  });
}

/** Of the agents of a trace the run takes what its own agent states, and of others beside that how they ended. */
function ofOutermost(row: EntityRow, trace: Trace): EntityRow[] {
  if (row.values.span_id == null || row.id === trace.main?.id) return [row];
  if (!trace.isOutermost(row.id)) return [];
  const outcome = entities.run.fieldSets.outcome!;
  const ended = row.stamps.find(([, , , fields]) => intersect(fields, outcome));
  if (!ended) return [];
  const [timeMs, id, source, , rank = 1] = ended;
  return [{ ...row, stamps: [[timeMs, id, source, outcome, rank]] }];
}

/** As they will be read again: whole numbers as text, and only the columns that were stated. */
function ownValues(values: EntityRow['values']): EntityRow['values'] {
  const { columns } = entities.run;
  const said = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    said.map(([column, value]) => [
      column,
      (columns as Columns)[column] === 'bigint' && typeof value === 'number' ? String(value) : value,
    ]),
  );
}

/** What all of these rows state together. */
function mergedOf(id: string, rows: readonly EntityRow[]): EntityRow {
  const whole = emptyRow('run', id);
  const { columnSets } = entities.run;
  for (const { values, stamps } of rows) {
    for (const one of stamps) {
      const fields = one[3];
      const said: Record<string, Value> = {};
      for (const column in values) if (intersect(columnSets[column]!, fields)) said[column] = values[column]!;
      mergeFields(whole, { kind: 'run', entityId: id, fields, values: said }, stampOfWon(one));
    }
  }
  return whole;
}

/** The runs with these keys after the changes: rows that refer to them by key belong to their session. */
export async function runsByKey(
  tx: Transaction,
  keys: readonly string[],
  changes: readonly Change<RunRow>[],
): Promise<Map<string, { runId: string; sessionId: string | null }>> {
  const found = new Map<string, { runId: string; sessionId: string | null }>();
  if (keys.length > 0) {
    const { rows } = await tx.query<{ key: string; run_id: string; session_id: string | null }>(
      `
      select key, run_id, session_id
      from runs
      where org_id = $1
        and key = any($2::text[])
        and one_with is null
        and run_id <> all($3::text[])`,
      [tx.orgId, keys, changes.map(({ after }) => after.id)],
    );
    for (const row of rows) found.set(row.key, { runId: row.run_id, sessionId: row.session_id });
  }
  for (const { after } of changes) {
    if (after.oneWith !== null || typeof after.values.key !== 'string') continue;
    found.set(after.values.key, { runId: after.id, sessionId: after.values.session_id as string | null });
  }
  return found;
}

/** The keys of the changed rows, before and after. */
export function keysIn(changes: readonly Change[]): string[] {
  const keys = changes.flatMap(({ before, after }) => [before?.values.key, after.values.key]);
  return [...new Set(keys.filter((key) => typeof key === 'string'))];
}

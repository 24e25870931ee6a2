import { entities, fieldBit, type EntityKind } from './entities.js';
import { claim, compareStamps, latestStamp, type Stamp, type Stamps } from './stamps.js';
import type { Statement, Value } from './statements.js';

/** An entity as its events state it, and where each field comes from. */
export interface Row {
  id: string;
  values: Record<string, Value>;
  stamps: Stamps;
}

const emptyValues = Object.fromEntries(
  Object.entries(entities).map(([kind, { columns }]) => [
    kind,
    {
      ...Object.fromEntries(Object.keys(columns).map((column) => [column, null])),
      ...(kind === 'run' ? { status: 'IN_FLIGHT' } : {}),
    },
  ]),
) as Record<EntityKind, Row['values']>;

export function emptyRow(kind: EntityKind, id: string): Row {
  return { id, values: { ...emptyValues[kind] }, stamps: [] };
}

/**
 * Merges one more statement into the row: each field goes to the greatest stamp, so that the result does not depend
 * on the order in which statements arrive. Answers whether anything was won.
 */
export function mergeStatement(row: Row, statement: Statement, stamp: Stamp): boolean {
  let mask = 0;
  for (const field of Object.keys(statement.fields)) mask |= fieldBit(statement.kind, field);
  const { won, stamps } = claim(row.stamps, stamp, mask);
  if (won === 0) return false;
  row.stamps = stamps;
  for (const [field, columns] of Object.entries(statement.fields)) {
    if ((won & fieldBit(statement.kind, field)) !== 0) Object.assign(row.values, columns);
  }
  return true;
}

/** Whether the latest word about a run or session is its deletion. */
export function isDeleted(kind: 'run' | 'session', stamps: Stamps): boolean {
  const bit = fieldBit(kind, 'deleted');
  const deletion = latestStamp(stamps, bit);
  if (deletion === null) return false;
  const other = latestStamp(stamps, ~bit);
  return other === null || compareStamps(deletion, other) > 0;
}

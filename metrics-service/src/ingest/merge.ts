import { entities, fieldBit, type EntityKind } from './entities.js';
import { claim, compareStamps, latestStamp, type Stamp, type Stamps } from './stamps.js';
import type { Statement, Value } from './statements.js';

/** An entity as its events state it, and where each field comes from. */
export interface Row {
  id: string;
  values: Record<string, Value>;
  stamps: Stamps;
}

export function emptyRow(kind: EntityKind, id: string): Row {
  const values: Row['values'] = {};
  for (const column of Object.keys(entities[kind].columns)) values[column] = null;
  if (kind === 'run') values.status = 'IN_FLIGHT';
  return { id, values, stamps: [] };
}

/**
 * The row after one more statement: each field goes to the greatest stamp, so that the result does not depend on
 * the order in which statements arrive. Answers the same object if nothing was won. Pure.
 */
export function mergeStatement(row: Row, statement: Statement, stamp: Stamp): Row {
  let mask = 0;
  for (const field of Object.keys(statement.fields)) mask |= fieldBit(statement.kind, field);
  const { won, stamps } = claim(row.stamps, stamp, mask);
  if (won === 0) return row;
  const values = { ...row.values };
  for (const [field, columns] of Object.entries(statement.fields)) {
    if ((won & fieldBit(statement.kind, field)) !== 0) Object.assign(values, columns);
  }
  return { id: row.id, values, stamps };
}

/** Whether the latest word about a run or session is its deletion. */
export function isDeleted(kind: 'run' | 'session', stamps: Stamps): boolean {
  const bit = fieldBit(kind, 'deleted');
  const deletion = latestStamp(stamps, bit);
  if (deletion === null) return false;
  const other = latestStamp(stamps, ~bit);
  return other === null || compareStamps(deletion, other) > 0;
}

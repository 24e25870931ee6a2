import { entities, perEntity, type EntityName } from '../entities/index.js';
import { intersect } from '../entities/field-sets.js';
import { claim, isLatest, type Stamp, type Stamps } from './stamps.js';
import type { EntityStatement, Value } from './statements.js';

/** An entity as stated by its events, and which event each field comes from. */
export interface EntityRow {
  id: string;
  values: Record<string, Value>;
  stamps: Stamps;
}

const emptyValues = perEntity(({ columns, initial }): EntityRow['values'] => ({
  ...Object.fromEntries(Object.keys(columns).map((column) => [column, null])),
  ...initial,
}));

export function emptyRow(kind: EntityName, id: string): EntityRow {
  return { id, values: { ...emptyValues[kind] }, stamps: [] };
}

/**
 * Merges one more statement into the row: each field goes to the greatest stamp, so that the result does not depend
 * on the order in which statements arrive. Returns whether the row changed.
 */
export function mergeStatement(row: EntityRow, statement: EntityStatement, stamp: Stamp): boolean {
  return statement.fields !== 0 && mergeFields(row, statement, stamp);
}

/** The same for a stored statement: one without fields is kept if it is the latest. */
export function mergeFields(row: EntityRow, statement: EntityStatement, stamp: Stamp): boolean {
  const { won, stamps } = claim(row.stamps, stamp, statement.fields);
  if (stamps === row.stamps) return false;
  row.stamps = stamps;
  if (won === statement.fields) {
    Object.assign(row.values, statement.values);
    return true;
  }
  const { columnSets } = entities[statement.kind];
  for (const column in statement.values) {
    if (intersect(won, columnSets[column]!)) row.values[column] = statement.values[column]!;
  }
  return true;
}

/** Whether the latest event about a run or session is its deletion. */
export function isDeleted(kind: 'run' | 'session', stamps: Stamps): boolean {
  return isLatest(stamps, entities[kind].fieldSets.deleted!);
}

import { entities, perEntity, type EntityName } from '../entities/index.js';
import { intersect, union, without } from '../entities/field-sets.js';
import { claim, isLatest, type Stamp, type Stamps } from './stamps.js';
import type { EntityStatement, Value } from './statements.js';
import { isOver, withTold } from './usage-told.js';

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
  const { columnSets, greatest, least, histories } = entities[statement.kind];
  const told = isOver(row) ? [] : histories.filter((column) => statement.values[column] != null);
  for (const column of told) row.values[column] = withTold(row, statement.values[column]!, stamp);
  const { won, stamps } = claimAll(row.stamps, statement, stamp);
  const raised = [
    ...greatest.filter((column) => isGreater(statement.values[column], row.values[column])),
    ...least.filter((column) => isLess(statement.values[column], row.values[column])),
  ];
  for (const column of raised) row.values[column] = statement.values[column]!;
  if (stamps === row.stamps) return raised.length + told.length > 0;
  row.stamps = stamps;
  if (histories.length > 0 && isOver(row)) for (const column of histories) row.values[column] = null;
  if (won === statement.fields && greatest.length + least.length + histories.length === 0) {
    Object.assign(row.values, statement.values);
    return true;
  }
  const isOfAll = new Set([...greatest, ...least, ...histories]);
  for (const column in statement.values) {
    if (intersect(won, columnSets[column]!) && !isOfAll.has(column)) row.values[column] = statement.values[column]!;
  }
  return true;
}

/** Claims what the statement states; a field that weighs more or less than others by itself. */
function claimAll(stamps: Stamps, { fields, weighed }: EntityStatement, stamp: Stamp): { won: number; stamps: Stamps } {
  if (!weighed || weighed.weight === 0 || !intersect(fields, weighed.set)) return claim(stamps, stamp, fields);
  const plain = claim(stamps, stamp, without(fields, weighed.set));
  const heavy = claim(plain.stamps, stamp, weighed.set, weighed.weight);
  return { won: union(plain.won, heavy.won), stamps: heavy.stamps };
}

/** Of times as ISO 8601 texts. */
function isGreater(said: Value | undefined, known: Value | undefined): boolean {
  return typeof said === 'string' && (typeof known !== 'string' || said > known);
}

function isLess(said: Value | undefined, known: Value | undefined): boolean {
  return typeof said === 'string' && (typeof known !== 'string' || said < known);
}

/** Whether the latest event about it is its deletion. */
export function isDeleted(kind: 'run' | 'session' | 'budget', stamps: Stamps): boolean {
  return isLatest(stamps, entities[kind].fieldSets.deleted!);
}

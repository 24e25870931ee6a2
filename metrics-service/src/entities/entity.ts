import type { z } from 'zod';
import { eventTypes, type EventType } from '../contract/events.js';
import { holdsOf, type Holds } from '../contract/holds.js';
import type { AnyStated, ColumnType, Columns, Declaration, EntityName, Fields, StatedColumns } from './declaration.js';
import { fieldSet, intersect } from './field-sets.js';

/** An entity: the table that its events merge into, and everything derived from its declaration. */
export interface Entity extends Omit<Declaration, 'events' | 'id' | 'weighed'> {
  readonly name: EntityName;
  readonly id: string;
  readonly idColumn: string;
  /** column -> PostgreSQL type, for all stated columns */
  readonly columns: Columns;
  /** what its id and columns reveal about a person, as declared in contract/ */
  readonly holds: Readonly<Record<string, Holds>>;
  /** field -> the set with only that field; below, column -> the set with its field */
  readonly fieldSets: Readonly<Record<string, number>>;
  readonly columnSets: Readonly<Record<string, number>>;
  /** columns whose greatest value counts, and those whose least does */
  readonly greatest: readonly string[];
  readonly least: readonly string[];
  /** columns that are made of all that was stated */
  readonly histories: readonly string[];
  /** the set of the field that a greater weight wins, and how much statements of it weigh, by event type */
  readonly weighed: { readonly set: number; readonly weights: Readonly<Record<string, AnyWeight>> } | null;
  /** what an event of each type states */
  readonly events: Readonly<Record<string, AnyStated>>;
}

type AnyWeight = number | ((said: never) => number);

type Declared<F extends Fields, D> = Omit<Entity, 'columns' | 'derived'> & D & { readonly columns: StatedColumns<F> };

/**
 * Derives an entity from its declaration.
 * @throws Error if two fields share a number, a number is too large to store, or a member that reveals a person has no
 * column of its own
 */
export function entity<const Name extends EntityName, const F extends Fields, const D extends Columns>(
  name: Name,
  declared: Declaration<Name, F> & { derived: D },
): Declared<F, { readonly derived: D }> {
  const columns: Record<string, ColumnType> = {};
  const fieldSets: Record<string, number> = {};
  const columnSets: Record<string, number> = {};
  let taken = 0;
  for (const [field, [number, type]] of Object.entries(declared.fields)) {
    const set = fieldSet(number);
    if (intersect(taken, set)) throw new Error(`${name}: ${field} has the number ${number} of another field`);
    taken += set;
    const ofField: Columns = typeof type === 'string' ? { [field]: type } : type;
    Object.assign(columns, ofField);
    fieldSets[field] = set;
    for (const column of Object.keys(ofField)) columnSets[column] = set;
  }
  const events = byType(name, declared.events as Record<string, AnyStated>);
  const counting = (which: string): string[] =>
    Object.entries(declared.fields).flatMap(([field, [, , how]]) => (how === which ? field : []));
  const { weighed } = declared;
  const idColumn = declared.id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return {
    ...declared,
    name,
    idColumn,
    columns: columns as StatedColumns<F>,
    holds: withMade(columnHolds(events, { [declared.id]: idColumn }), declared.madeOf),
    fieldSets,
    columnSets,
    greatest: counting('greatest'),
    least: counting('least'),
    histories: counting('history'),
    weighed: weighed
      ? { set: fieldSets[weighed.field]!, weights: byType(name, weighed.weights as Record<string, AnyWeight>) }
      : null,
    events,
  };
}

function byType<T>(name: string, byVerb: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(byVerb).map(([verb, value]) => [`${name}.${verb}`, value]));
}

/** Derived columns tell what those do that they are made of. */
function withMade(holds: Record<string, Holds>, madeOf: Declaration['madeOf'] = {}): Record<string, Holds> {
  const made = Object.entries(madeOf).filter(([, from]) => from in holds);
  return { ...holds, ...Object.fromEntries(made.map(([column, from]) => [column, holds[from]!])) };
}

/** What columns reveal about a person: the same as the members they come from. */
function columnHolds(events: Record<string, AnyStated>, id: Record<string, string>): Record<string, Holds> {
  const holds: Record<string, Holds> = {};
  for (const [type, stated] of Object.entries(events)) {
    const columnOf: Record<string, string> = { ...id };
    for (const [field, source] of Object.entries(stated)) {
      const sources = typeof source === 'object' ? source : { [field]: source };
      for (const [column, from] of Object.entries(sources)) if (typeof from === 'string') columnOf[from] = column;
    }
    for (const [member, schema] of Object.entries<z.ZodType>(eventTypes[type as EventType].data.shape)) {
      const held = holdsOf(schema);
      if (held === null) continue;
      const column = columnOf[member];
      if (column === undefined)
        throw new Error(
          `${type}: ${member} (${held}) has personal data: store it in a column of its own, whose source is the member's name`,
        );
      holds[column] = held;
    }
  }
  return holds;
}

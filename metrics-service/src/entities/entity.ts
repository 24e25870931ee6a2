import { fieldSet, intersect } from './field-sets.js';

export type ColumnType = 'text' | 'bigint' | 'numeric' | 'timestamptz' | 'jsonb' | 'boolean';
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * What events can state about an entity: each field wins or loses on its own. It is one column of its name, or several
 * that are stated as one; none for a mark such as `deleted`. The number stands for it in stored stamps: it is the
 * field's for ever (see field-numbers.json).
 */
type Fields = Readonly<Record<string, readonly [number: number, columns: ColumnType | Columns]>>;

type StatedColumns<F extends Fields> = {
  [Name in keyof F as F[Name][1] extends ColumnType ? Name : never]: F[Name][1];
} & Intersection<{ [Name in keyof F]: F[Name][1] extends ColumnType ? unknown : F[Name][1] }[keyof F]>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

export interface Declaration {
  readonly table: string;
  readonly idColumn: string;
  readonly fields: Fields;
  /** columns made of more than the entity's own events */
  readonly derived: Columns;
}

/** A table that events merge into. */
export interface Entity extends Declaration {
  /** column -> PostgreSQL type, for all stated columns */
  readonly columns: Columns;
  /** field -> the set of it alone; the same for the field of each column */
  readonly fieldSets: Readonly<Record<string, number>>;
  readonly columnSets: Readonly<Record<string, number>>;
}

type Declared<D extends Declaration> = Omit<Entity, keyof Declaration | 'columns'> &
  D & { readonly columns: StatedColumns<D['fields']> };

/** @throws Error where two fields have one number, or a number is too large to be stored */
export function entity<const D extends Declaration>(declared: D): Declared<D> {
  const columns: Record<string, ColumnType> = {};
  const fieldSets: Record<string, number> = {};
  const columnSets: Record<string, number> = {};
  let taken = 0;
  for (const [field, [number, type]] of Object.entries(declared.fields)) {
    const set = fieldSet(number);
    if (intersect(taken, set)) throw new Error(`${declared.table}: ${field} has the number ${number} of another field`);
    taken += set;
    const ofField: Columns = typeof type === 'string' ? { [field]: type } : type;
    Object.assign(columns, ofField);
    fieldSets[field] = set;
    for (const column of Object.keys(ofField)) columnSets[column] = set;
  }
  return { ...declared, columns: columns as StatedColumns<D['fields']>, fieldSets, columnSets };
}

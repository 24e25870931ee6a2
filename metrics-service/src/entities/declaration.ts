import type { EventData, EventType } from '../contract/events.js';
import type { Json } from '../contract/json.js';

export type ColumnType = 'text' | 'bigint' | 'numeric' | 'timestamptz' | 'jsonb' | 'boolean';
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * What events can state about an entity: each field wins or loses on its own. It is one column of its name, or several
 * that are stated as one; none for a mark such as `deleted`. The number stands for it in stored stamps: it is the
 * field's for ever (see field-numbers.json).
 */
export type Fields = Readonly<Record<string, readonly [number: number, columns: ColumnType | Columns]>>;

/** What event types call an entity: their part before the dot. */
export type EntityName = Before<EventType>;
type Before<Type> = Type extends `${infer Name}.${string}` ? Name : never;
type TypesOf<Name extends EntityName> = Extract<EventType, `${Name}.${string}`>;
type After<Type> = Type extends `${string}.${infer Verb}` ? Verb : never;

/** Where a column's value stands in an event: its member, or what is made of several or nested ones. */
type Source<Type extends EventType> =
  (keyof EventData<Type> & string) | ((said: EventData<Type>) => Json | bigint | undefined);
/** The same of any event. */
export type AnySource = string | ((said: never) => unknown);

/** Which fields an event states, and from what. */
type Stated<F extends Fields, Type extends EventType> = {
  readonly [Name in keyof F]?: F[Name][1] extends ColumnType
    ? Source<Type>
    : { readonly [Column in keyof F[Name][1]]: Source<Type> };
};

export type AnyStated = Readonly<Record<string, AnySource | Readonly<Record<string, AnySource>>>>;

/** An entity that has parts or belongs to others is removed, hidden, erased and seen with them. */
export interface Declaration<Name extends EntityName = EntityName, F extends Fields = Fields> {
  readonly table: string;
  /** the member that names it in every event about it; its column is the same in snake_case */
  readonly id: keyof EventData<TypesOf<Name>> & string;
  /** as counts of rows call it */
  readonly plural: string;
  readonly fields: F;
  /** what columns hold before any event says so; null where it is not said here */
  readonly initial?: Readonly<Record<string, Json>>;
  /** columns made of more than the entity's own events */
  readonly derived: Columns;
  /** the columns that say when it was; none: it never grows old, and no retention removes it */
  readonly moments: readonly string[];
  /** by `session_id` and the like: to the first of these that is known */
  readonly belongsTo: readonly ('session' | 'run')[];
  /** the column with the user whose it is; without one, and where it is null, it is theirs to whose it belongs */
  readonly person?: string;
  /** tables of rows that are made of one row of this, under its id, with their columns */
  readonly parts?: Readonly<Record<string, Columns>>;
  /** what each of its event types states, by the part behind the dot */
  readonly events: { readonly [Verb in After<TypesOf<Name>>]: Stated<F, Extract<EventType, `${Name}.${Verb}`>> };
}

/** column -> PostgreSQL type, for all stated columns */
export type StatedColumns<F extends Fields> = {
  readonly [Name in keyof F as F[Name][1] extends ColumnType ? Name : never]: F[Name][1];
} & Intersection<{ [Name in keyof F]: F[Name][1] extends ColumnType ? unknown : F[Name][1] }[keyof F]>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

import type { EventData, EventType } from '../contract/events.js';
import type { Json } from '../contract/json.js';

export type ColumnType =
  | 'text'
  | 'bigint'
  | 'numeric'
  | 'timestamptz'
  | 'jsonb'
  | 'boolean'
  | 'timestamptz[]'
  | 'bigint[]';
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * The fields that events can state about an entity; each wins or loses on its own. A field is one column of its name,
 * several columns stated together, or none for a mark such as `deleted`. Stored stamps refer to it by its number, which
 * never changes (field-numbers.json). Of a `greatest` (`least`) one the greatest (least) value counts, whoever stated it last; a
 * `history` is made of all that was stated (ingest/usage-told.ts).
 */
export type Fields = Readonly<
  Record<string, readonly [number: number, columns: ColumnType | Columns, how?: 'greatest' | 'least' | 'history']>
>;

/** The entity's name in event types: the part before the dot. */
export type EntityName = Before<EventType>;
type Before<Type> = Type extends `${infer Name}.${string}` ? Name : never;
type TypesOf<Name extends EntityName> = Extract<EventType, `${Name}.${string}`>;
type After<Type> = Type extends `${string}.${infer Verb}` ? Verb : never;

/** A column's value in an event: a member, or a function of several or nested ones. */
type Source<Type extends EventType> =
  | (keyof EventData<Type> & string)
  | ((said: EventData<Type>) => Json | bigint | undefined);
/** How much a statement weighs. */
type Weight<Type extends EventType> = number | ((said: EventData<Type>) => number);
/** The same for any event. */
export type AnySource = string | ((said: never) => unknown);

/** The fields an event states, and where their values come from. */
type Stated<F extends Fields, Type extends EventType> = {
  readonly [Name in keyof F]?: F[Name][1] extends ColumnType
    ? Source<Type>
    : { readonly [Column in keyof F[Name][1]]: Source<Type> };
};

export type AnyStated = Readonly<Record<string, AnySource | Readonly<Record<string, AnySource>>>>;

/** Declares an entity. Its parts, and what belongs to it, are removed, hidden, erased and seen with it. */
export interface Declaration<Name extends EntityName = EntityName, F extends Fields = Fields> {
  readonly table: string;
  /** the member with its id in every event about it; its column has the same name in snake_case */
  readonly id: keyof EventData<TypesOf<Name>> & string;
  /** its name in row counts */
  readonly plural: string;
  readonly fields: F;
  /** the field that a greater weight wins, whatever the stamps; by the part of the event type after the dot */
  readonly weighed?: {
    readonly field: keyof F & string;
    readonly weights: { readonly [Verb in After<TypesOf<Name>>]?: Weight<Extract<EventType, `${Name}.${Verb}`>> };
  };
  /** initial column values, before any event states them; null if not listed */
  readonly initial?: Readonly<Record<string, Json>>;
  /** columns derived from more than the entity's own events */
  readonly derived: Columns;
  /** derived columns that reveal about a person what the column does that they are made of */
  readonly madeOf?: Readonly<Record<string, string>>;
  /** the columns with its times; without any it never grows old and is never pruned */
  readonly moments: readonly string[];
  /** the owner, through `session_id` and the like: the first of these that is known */
  readonly belongsTo: readonly ('session' | 'run')[];
  /** the column with its user; if absent or null, it belongs to the user of its owner */
  readonly person?: string;
  /** tables of rows derived from one row of this, keyed by its id, with their columns */
  readonly parts?: Readonly<Record<string, Columns>>;
  /** what each of its event types states, by the part after the dot */
  readonly events: { readonly [Verb in After<TypesOf<Name>>]: Stated<F, Extract<EventType, `${Name}.${Verb}`>> };
}

/** column -> PostgreSQL type, for all stated columns */
export type StatedColumns<F extends Fields> = {
  readonly [Name in keyof F as F[Name][1] extends ColumnType ? Name : never]: F[Name][1];
} & Intersection<{ [Name in keyof F]: F[Name][1] extends ColumnType ? unknown : F[Name][1] }[keyof F]>;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

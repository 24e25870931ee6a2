import type { EventData, EventType } from '../contract/events.js';
import type { Json } from '../contract/json.js';
import type { AnySource } from '../entities/declaration.js';
import { union, without } from '../entities/field-sets.js';
import { isoWriter } from '../iso.js';
import { withoutPaths } from './json.js';
import { ENTITIES, entities, perEntity, type ColumnType, type Entity, type EntityName } from '../entities/index.js';

/** A stored value: null where the field was cleared or its member is unknown; times as ISO 8601 text. */
export type Value = Json;

/** What one event states: about which entity, which of its fields (a set, as in `stamps`), and their columns. */
export interface EntityStatement {
  readonly kind: EntityName;
  readonly entityId: string;
  fields: number;
  /** of these fields the one that a greater weight wins, and how much this statement weighs */
  readonly weighed?: { readonly set: number; readonly weight: number };
  readonly values: Record<string, Value>;
}

/** An event's validated data, by its type. */
export type TypedData = { [Type in EventType]: { type: Type; data: EventData<Type> } }[EventType];

/** An event as a statement about its entity (design section 4, "How events merge"). Pure. */
export function statementOf({ type, data }: TypedData): EntityStatement {
  const { entity, fields, weight } = READERS[type]!;
  const said = data as Said;
  const statement: EntityStatement = {
    kind: entity.name,
    entityId: (said[entity.id] ?? keyId(said.key as string)) as string,
    fields: 0,
    values: {},
    ...(weight ? { weighed: { set: entity.weighed!.set, weight: weight(said) } } : {}),
  };
  for (const field of fields) {
    if (field.read(said, statement.values)) statement.fields = union(statement.fields, field.set);
  }
  return statement;
}

const TEXT_COLUMNS = perEntity(({ holds }) => Object.keys(holds).filter((column) => holds[column] === 'text'));

/** Removes the texts, for an organization that does not store them. */
export function forgetTexts(statement: EntityStatement): void {
  const { fieldSets } = entities[statement.kind];
  for (const column of TEXT_COLUMNS[statement.kind]) {
    if (!(column in statement.values)) continue;
    const alone = fieldSets[column];
    if (alone === undefined) {
      statement.values[column] = null;
    } else {
      delete statement.values[column];
      statement.fields = without(statement.fields, alone);
    }
  }
}

/** Shortens the paths of files, for an organization that does not store them. */
export function shortenPaths({ kind, values }: EntityStatement): void {
  if (kind === 'tool_call' && Array.isArray(values.files)) values.files = withoutPaths(values.files) as Json;
}

/** The id of a run that is known by its key only. */
export function keyId(key: string): string {
  return `key:${key}`;
}

const isoOf = isoWriter();

type Said = Record<string, unknown>;

/** Reads a field into a statement's values; returns whether the event states it. */
interface FieldReader {
  set: number;
  read(said: Said, values: EntityStatement['values']): boolean;
}

interface Reader {
  entity: Entity;
  fields: FieldReader[];
  weight: ((said: Said) => number) | null;
}

const READERS: Readonly<Record<string, Reader>> = Object.fromEntries(
  ENTITIES.flatMap((entity) =>
    Object.entries(entity.events).map(([type, stated]) => [
      type,
      { entity, fields: fieldReaders(entity, stated), weight: weightReader(entity, type) },
    ]),
  ),
);

function weightReader({ weighed }: Entity, type: string): Reader['weight'] {
  const weight = weighed?.weights[type];
  if (weight === undefined) return null;
  return typeof weight === 'number' ? () => weight : (weight as (said: Said) => number);
}

function fieldReaders({ fieldSets, columns }: Entity, stated: Entity['events'][string]): FieldReader[] {
  return Object.entries(stated).map(([field, source]) => ({
    set: fieldSets[field]!,
    read:
      typeof source === 'object'
        ? whole(Object.entries(source).map(([column, from]) => [column, valueReader(from, columns[column]!)]))
        : one(field, valueReader(source, columns[field]!)),
  }));
}

/** Absent and null leave the field alone, '' clears it. */
function one(column: string, valueOf: (said: Said) => unknown): FieldReader['read'] {
  return (said, values) => {
    const value = valueOf(said);
    if (value === null || value === undefined) return false;
    values[column] = stored(value);
    return true;
  };
}

/** A field of several columns, or none: absent ones become unknown. */
function whole(columns: [column: string, valueOf: (said: Said) => unknown][]): FieldReader['read'] {
  return (said, values) => {
    for (const [column, valueOf] of columns) values[column] = stored(valueOf(said));
    return true;
  };
}

function stored(value: unknown): Value {
  return value === undefined || value === '' ? null : (value as Value);
}

/** Converts a member, or a value made of several, to what is stored: times and money as text. */
function valueReader(source: AnySource, type: ColumnType): (said: Said) => unknown {
  const read = typeof source === 'string' ? (said: Said) => said[source] : (source as (said: Said) => unknown);
  return (said) => {
    const value = read(said);
    if (typeof value === 'bigint') return value.toString();
    return type === 'timestamptz' && typeof value === 'number' ? isoOf(value) : value;
  };
}

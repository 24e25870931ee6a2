import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { entities, perEntity, type Columns, type Entity, type EntityName } from '../entities/index.js';
import type { EntityRow } from './merge.js';
import type { Stamps } from './stamps.js';
import type { Value } from './statements.js';

/** A row as stored, with its derived columns. */
export interface StoredRow extends EntityRow {
  derived: Record<string, Value>;
}

const columnsOf = perEntity(({ columns, derived }): Columns => ({ ...columns, stamps: 'jsonb', ...derived }));

/** By key, with a lateral join: without statistics the planner might scan another index that leads with org_id. */
const selects = perEntity(
  ({ name, table, idColumn }) => `
    select found.*
    from unnest($2::text[]) as wanted (id)
    cross join lateral (
      select ${[idColumn, ...Object.keys(columnsOf[name])].join(', ')}
      from ${table}
      where org_id = $1
        and ${idColumn} = wanted.id
      offset 0
    ) found`,
);

/** Inserts rows given as one array per column. */
const inserts = perEntity(({ name, table, idColumn }) => bulkInsert(table, { [idColumn]: 'text', ...columnsOf[name] }));

const upserts = perEntity(({ name, idColumn }) => {
  const assignments = Object.keys(columnsOf[name]).map((column) => `${column} = excluded.${column}`);
  return `${inserts[name]}
    on conflict (org_id, ${idColumn}) do update set
      ${assignments.join(',\n      ')}`;
});

/**
 * `insert` of many rows of the transaction's organization: $1 is the organization, then one array of texts per
 * column, in order (see textArray; null for one without values). Arrays are read twice as fast as json_to_recordset reads objects.
 */
export function bulkInsert(table: string, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  const typed = Object.entries(columns).map(([name, type]) => (type === 'text' ? name : `${name}::${type}`));
  return `
    insert into ${table} (org_id, ${names.join(', ')})
    select $1, ${typed.join(', ')}
    from (${rowsOf(names)}) said`;
}

/**
 * `select` of rows of texts, from an array for each column, from $2 on. `unnest` of several arrays at once says the same, but
 * writes each into a store of its own first: a tenth of what inserting wide rows took.
 */
export function rowsOf(names: readonly string[]): string {
  return `select ${names.map((name, index) => `unnest($${index + 2}::text[]) as ${name}`).join(', ')}`;
}

/** The stored rows of these ids, by id; ids without a row are left out. */
export async function loadRows(
  tx: Transaction,
  kind: EntityName,
  ids: Iterable<string>,
): Promise<Map<string, StoredRow>> {
  const wanted = [...ids];
  if (wanted.length === 0) return new Map();
  const { idColumn, columns, derived }: Entity = entities[kind];
  const { rows } = await tx.query(selects[kind], [tx.orgId, wanted]);
  const read = (row: Record<string, unknown>, names: Columns): Record<string, Value> => {
    const values: Record<string, Value> = {};
    for (const column of Object.keys(names)) values[column] = plain(row[column]);
    return values;
  };
  return new Map(
    rows.map((row) => {
      const id = row[idColumn] as string;
      return [id, { id, values: read(row, columns), stamps: row.stamps as Stamps, derived: read(row, derived) }];
    }),
  );
}

function plain(value: unknown): Value {
  return value instanceof Date ? value.toISOString() : (value as Value);
}

/** Writes whole rows without waiting: `added` are known to be new, `changed` to exist. */
export function saveRows(tx: Transaction, kind: EntityName, rows: { added: StoredRow[]; changed: StoredRow[] }): void {
  if (rows.added.length > 0) tx.write(inserts[kind], [tx.orgId, ...arraysOf(kind, rows.added)]);
  if (rows.changed.length > 0) tx.write(upserts[kind], [tx.orgId, ...arraysOf(kind, rows.changed)]);
}

function arraysOf(kind: EntityName, rows: StoredRow[]): (Buffer | null)[] {
  const { columns, derived }: Entity = entities[kind];
  return [
    textArray(rows.map((row) => row.id)),
    ...Object.keys(columns).map((column) => listOf(rows, (row) => row.values[column])),
    listOf(rows, (row) => row.stamps),
    ...Object.keys(derived).map((column) => listOf(rows, (row) => row.derived[column])),
  ];
}

/** A column's values; null if all are null: unnest fills up shorter lists, and most rows have values in half of their columns. */
function listOf(rows: StoredRow[], valueOf: (row: StoredRow) => unknown): Buffer | null {
  let texts: (string | null)[] | null = null;
  for (const [index, row] of rows.entries()) {
    const text = asText(valueOf(row));
    if (text !== null) (texts ??= new Array<string | null>(rows.length).fill(null))[index] = text;
  }
  return texts && textArray(texts);
}

/** A value as PostgreSQL's text input for its column: objects and lists as jsonb; null stays null. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  // numbers and booleans read the same as JSON
  return JSON.stringify(value);
}

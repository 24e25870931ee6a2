import type { Transaction } from '../db/database.js';
import { entities, type Entity, type EntityKind } from './entities.js';
import type { Row } from './merge.js';
import type { Stamps } from './stamps.js';
import type { Value } from './statements.js';

/** A row as stored: with what was derived for it the last time. */
export interface StoredRow extends Row {
  derived: Record<string, Value>;
}

const selects = perKind(
  ({ table, idColumn }) => `
    select *
    from ${table}
    where org_id = $1
      and ${idColumn} = any($2::text[])`,
);

const upserts = perKind(({ table, idColumn, columns, derived }) => {
  const all = { ...columns, stamps: 'jsonb', ...derived };
  const names = Object.keys(all);
  return `
    insert into ${table} (org_id, ${[idColumn, ...names].join(', ')})
    select $1, ${[idColumn, ...names].join(', ')}
    from json_to_recordset($2::json) as said (${idColumn} text, ${names.map((name) => `${name} ${all[name as keyof typeof all]}`).join(', ')})
    on conflict (org_id, ${idColumn}) do update set
      ${names.map((name) => `${name} = excluded.${name}`).join(',\n      ')}`;
});

function perKind(sql: (entity: Entity) => string): Record<EntityKind, string> {
  return Object.fromEntries(Object.entries(entities).map(([kind, entity]) => [kind, sql(entity)])) as Record<
    EntityKind,
    string
  >;
}

/** The stored rows of these ids, by id; ids without a row are left out. */
export async function loadRows(
  tx: Transaction,
  kind: EntityKind,
  ids: Iterable<string>,
): Promise<Map<string, StoredRow>> {
  const wanted = [...ids];
  if (wanted.length === 0) return new Map();
  const entity: Entity = entities[kind];
  const { rows } = await tx.query(selects[kind], [tx.orgId, wanted]);
  return new Map(
    rows.map((row) => {
      const id = row[entity.idColumn] as string;
      const read = (columns: Entity['columns']): Record<string, Value> =>
        Object.fromEntries(Object.keys(columns).map((column) => [column, plain(row[column])]));
      return [id, { id, values: read(entity.columns), stamps: row.stamps as Stamps, derived: read(entity.derived) }];
    }),
  );
}

function plain(value: unknown): Value {
  return value instanceof Date ? value.toISOString() : (value as Value);
}

/** Writes rows whole, new or not. */
export async function saveRows(tx: Transaction, kind: EntityKind, rows: StoredRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { idColumn } = entities[kind];
  const json = rows.map((row) => ({ [idColumn]: row.id, ...row.values, stamps: row.stamps, ...row.derived }));
  await tx.query(upserts[kind], [tx.orgId, JSON.stringify(json)]);
}

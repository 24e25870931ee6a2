import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { ENTITIES, type Entity } from '../entities/index.js';
import { eventKey } from '../ingest/log.js';
import type { Stamps } from '../ingest/stamps.js';
import type { Erasure } from './erasure.js';

/** How many rows there are of each entity, by what it is called in the plural. */
export type RowCounts = Record<string, number>;

/** Empties what a person wrote or is called, and names the person as they are shown from now on. */
function erasingAssignments({ holds, person, columns }: Entity): string[] {
  const told = Object.entries(person === undefined ? holds : { ...holds, [person]: 'person' });
  return told.map(([column, what]) => {
    if (what !== 'person') return `${column} = null`;
    return `${column} = ${columns[column] === 'jsonb' ? inList(`t.${column}`) : shownAs(`t.${column}`)}`;
  });
}

function shownAs(userId: string): string {
  return `case when ${userId} = person.id then person.shown_as else ${userId} end`;
}

/** The same for a list of users. */
function inList(column: string): string {
  return `(
          select coalesce(jsonb_agg(${shownAs('item.id')} order by place), ${column})
          from jsonb_array_elements_text(${column}) with ordinality as item (id, place)
        )`;
}

/** As the events of these entities now state them; answers how many rows there are of each but the user's own. */
export async function eraseRows(
  tx: Transaction,
  names: string[],
  { userId, pseudonym, replaceId }: Erasure,
): Promise<RowCounts> {
  const counts: RowCounts = {};
  for (const entity of ENTITIES) {
    const assignments = erasingAssignments(entity);
    if (assignments.length === 0) continue;
    const { rowCount } = await tx.query(
      `
      with person as (select $3::text as id, $4::text as shown_as)
      update ${entity.table} t
      set
        ${assignments.join(',\n        ')}
      from person
      where t.org_id = $1
        and t.${entity.idColumn} = any($2::text[])`,
      [tx.orgId, idsOf(names, entity), userId, replaceId ? pseudonym : userId],
    );
    if (entity.name !== 'user') counts[entity.plural] = rowCount;
  }
  return counts;
}

function idsOf(names: string[], { name }: Entity): string[] {
  const prefix = `${name}:`;
  return names.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
}

/** Says in the rows of these entities which of the renamed events won what. */
export async function renameInStamps(
  tx: Transaction,
  names: string[],
  newKeys: Map<string, { source: string; id: string }>,
): Promise<void> {
  for (const entity of ENTITIES) {
    const ids = idsOf([...new Set(names)], entity);
    if (ids.length === 0) continue;
    const { table, idColumn } = entity;
    const { rows } = await tx.query<{ id: string; stamps: Stamps }>(
      `select ${idColumn} as id, stamps from ${table} where org_id = $1 and ${idColumn} = any($2::text[])`,
      [tx.orgId, ids],
    );
    const stamps = rows.map((row) =>
      row.stamps.map(([timeMs, id, source, fields]) => {
        const key = newKeys.get(eventKey({ id, source })) ?? { id, source };
        return [timeMs, key.id, key.source, fields];
      }),
    );
    tx.write(
      `
      update ${table} t
      set stamps = renamed.stamps::jsonb
      from unnest($2::text[], $3::text[]) as renamed (id, stamps)
      where t.org_id = $1
        and t.${idColumn} = renamed.id`,
      [tx.orgId, textArray(rows.map(({ id }) => id)), textArray(stamps.map((value) => JSON.stringify(value)))],
    );
  }
}

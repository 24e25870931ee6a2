import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { ENTITIES, entities, type Entity } from '../entities/index.js';
import { eventKey } from '../ingest/log.js';
import type { Stamps } from '../ingest/stamps.js';
import type { Own } from '../ingest/told-twice.js';
import type { Erasure } from './erasure.js';

/** Row counts by entity, named in the plural. */
export type RowCounts = Record<string, number>;

/** Clears what a person wrote or is called, and gives the person's new name. */
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

/** Rewrites rows as the entities' events now state them; returns the row count of each entity except the user. */
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

/** Updates the stamps of these entities' rows, which say which event won which field, to the renamed events. */
export async function renameInStamps(
  tx: Transaction,
  names: string[],
  newKeys: Map<string, { source: string; id: string }>,
): Promise<void> {
  const renamed = (stamps: Stamps): Stamps =>
    stamps.map(([timeMs, id, source, fields]) => {
      const key = newKeys.get(eventKey({ id, source })) ?? { id, source };
      return [timeMs, key.id, key.source, fields];
    });
  for (const entity of ENTITIES) {
    const ids = idsOf([...new Set(names)], entity);
    if (ids.length === 0) continue;
    const { table, idColumn } = entity;
    const own = 'own' in entity.derived ? 'own' : 'null::jsonb';
    const { rows } = await tx.query<{ id: string; stamps: Stamps; own: Own | null }>(
      `select ${idColumn} as id, stamps, ${own} as own from ${table} where org_id = $1 and ${idColumn} = any($2::text[])`,
      [tx.orgId, ids],
    );
    const texts = rows.map((row) => JSON.stringify(renamed(row.stamps)));
    const owns = rows.map((row) => (row.own ? JSON.stringify({ ...row.own, stamps: renamed(row.own.stamps) }) : null));
    tx.write(
      `
      update ${table} t
      set stamps = renamed.stamps::jsonb${own === 'own' ? ', own = renamed.own::jsonb' : ''}
      from unnest($2::text[], $3::text[], $4::text[]) as renamed (id, stamps, own)
      where t.org_id = $1
        and t.${idColumn} = renamed.id`,
      [tx.orgId, textArray(rows.map(({ id }) => id)), textArray(texts), textArray(owns)],
    );
  }
}

/** Rewrites `own`, what a row's own events state beside what it took from others. */
export async function eraseOwn(
  tx: Transaction,
  names: string[],
  { userId, pseudonym, replaceId }: Erasure,
): Promise<void> {
  const { run } = entities;
  const { rows } = await tx.query<{ id: string; own: Own }>(
    `select run_id as id, own from runs where org_id = $1 and run_id = any($2::text[]) and own is not null`,
    [tx.orgId, idsOf(names, run)],
  );
  if (rows.length === 0) return;
  const erased = rows.map(({ own }) => {
    const values = Object.entries(own.values).flatMap(([column, value]): [string, unknown][] => {
      const told = run.holds[column];
      if (told === undefined) return [[column, value]];
      if (told !== 'person') return [];
      return [[column, replaceId && value === userId ? pseudonym : value]];
    });
    return JSON.stringify({ ...own, values: Object.fromEntries(values) });
  });
  tx.write(
    `
    update runs
    set own = erased.own::jsonb
    from unnest($2::text[], $3::text[]) as erased (id, own)
    where runs.org_id = $1
      and runs.run_id = erased.id`,
    [tx.orgId, textArray(rows.map(({ id }) => id)), textArray(erased)],
  );
}

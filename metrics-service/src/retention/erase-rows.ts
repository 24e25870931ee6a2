import type { Holds } from '../contract/holds.js';
import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { ENTITIES, type Entity } from '../entities/index.js';
import { eventKey } from '../ingest/log.js';
import type { Stamps } from '../ingest/stamps.js';
import type { Erasure } from './erasure.js';

/** How many rows there are of each entity, by what it is called in the plural. */
export type RowCounts = Record<string, number>;

/** The columns with what a person wrote or is called, and those that name a user. */
function personalColumns({ holds, person }: Entity): { words: string[]; persons: string[] } {
  const holding = (...kinds: Holds[]) => Object.keys(holds).filter((column) => kinds.includes(holds[column]!));
  const persons = new Set(holding('person'));
  if (person !== undefined) persons.add(person);
  return { words: holding('words', 'text'), persons: [...persons] };
}

/** As the events of these entities now state them; answers how many rows there are of each but the user's own. */
export async function eraseRows(
  tx: Transaction,
  names: string[],
  { userId, pseudonym, replaceId }: Erasure,
): Promise<RowCounts> {
  const counts: RowCounts = {};
  for (const entity of ENTITIES) {
    const { words, persons } = personalColumns(entity);
    const assignments = [
      ...words.map((column) => `${column} = null`),
      ...persons.map((column) => `${column} = case when ${column} = $3 then $4 else ${column} end`),
    ];
    if (assignments.length === 0) continue;
    const { rowCount } = await tx.query(
      `
      update ${entity.table}
      set
        ${assignments.join(',\n        ')}
      where org_id = $1
        and ${entity.idColumn} = any($2::text[])`,
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

import type { Json } from '../contract/json.js';
import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { ENTITIES, entities, type Entity } from '../entities/index.js';
import { eventKey, type EventKey } from '../ingest/log.js';
import { stampOfWon, weightOfWon, won, type Stamp, type Stamps } from '../ingest/stamps.js';
import { renameTold } from '../ingest/usage-told.js';
import type { Own } from '../ingest/told-twice.js';
import type { ErasedIds } from './erasure.js';
import { filtersWithout } from './personal.js';

/** Row counts by entity, named in the plural. */
export type RowCounts = Record<string, number>;

/** Clears what a person wrote or is called, and gives the person's new names. */
function erasingAssignments({ name, holds, person, columns }: Entity): string[] {
  const personalColumns = Object.entries(person === undefined ? holds : { ...holds, [person]: 'person' });
  // see eraseFilters
  const inSql = personalColumns.filter(([, what]) => what !== 'filters');
  return inSql.map(([column, what]) => {
    // whoever names the person among their other ids keeps their own name
    if (what !== 'person' && name === 'user') return `${column} = case when ${isTheirs} then null else t.${column} end`;
    if (what !== 'person' && columns[column] === 'jsonb')
      return `${column} = case when t.${column} is not null then '[]'::jsonb end`;
    if (what !== 'person') return `${column} = null`;
    // see namesIn
    if (name === 'id_hint') return `${column} = (select min(shown_as collate "C") from person)`;
    return `${column} = ${columns[column] === 'jsonb' ? inList(`t.${column}`) : shownAs(`t.${column}`)}`;
  });
}

const isTheirs = 't.user_id in (select id from person)';

function shownAs(userId: string): string {
  return `coalesce((select shown_as from person where person.id = ${userId}), ${userId})`;
}

/** The same for a list of users. */
function inList(column: string): string {
  return `(
          select coalesce(jsonb_agg(${shownAs('item.id')} order by place), ${column})
          from jsonb_array_elements_text(${column}) with ordinality as item (id, place)
        )`;
}

/** Rewrites rows as the entities' events now state them; returns the row count of each entity except the user. */
export async function eraseRows(tx: Transaction, names: string[], erased: ErasedIds): Promise<RowCounts> {
  const counts: RowCounts = {};
  for (const entity of ENTITIES) {
    const assignments = erasingAssignments(entity);
    if (assignments.length === 0) continue;
    const { rowCount } = await tx.query(
      `
      with person as (select * from unnest($3::text[], $4::text[]) as said (id, shown_as))
      update ${entity.table} t
      set
        ${assignments.join(',\n        ')}
      where t.org_id = $1
        and t.${entity.idColumn} = any($2::text[])`,
      [tx.orgId, idsOf(names, entity), [...erased.keys()], [...erased.values()]],
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
  newKeys: Map<string, Pick<EventKey, 'source' | 'id'>>,
): Promise<void> {
  const called = ([rank, timeMs, id, source]: Stamp): Stamp => {
    const key = newKeys.get(eventKey({ id, source, rank })) ?? { id, source };
    return [rank, timeMs, key.id, key.source];
  };
  const renamed = (stamps: Stamps): Stamps =>
    stamps.map((one) => won(called(stampOfWon(one)), one[3], weightOfWon(one)));
  const renamedOwn = ({ values, stamps }: Own, histories: readonly string[]): Own => {
    const told = histories.filter((column) => values[column] != null);
    const others = Object.fromEntries(told.map((column) => [column, renameTold(values[column]!, called)]));
    return { values: { ...values, ...others }, stamps: renamed(stamps) };
  };
  for (const entity of ENTITIES) {
    const ids = idsOf([...new Set(names)], entity);
    if (ids.length === 0) continue;
    const { table, idColumn, histories } = entity;
    const own = 'own' in entity.derived ? 'own' : 'null::jsonb';
    const columns = [`${idColumn} as id`, 'stamps', `${own} as own`, ...histories];
    const { rows } = await tx.query<{ id: string; stamps: Stamps; own: Own | null } & Record<string, unknown>>(
      `select ${columns.join(', ')} from ${table} where org_id = $1 and ${idColumn} = any($2::text[])`,
      [tx.orgId, ids],
    );
    const texts = rows.map((row) => JSON.stringify(renamed(row.stamps)));
    const owns = rows.map((row) => (row.own ? JSON.stringify(renamedOwn(row.own, histories)) : null));
    const told = rows.map((row) => JSON.stringify(histories.map((column) => renameTold(row[column] as Json, called))));
    const assignments = [
      'stamps = renamed.stamps::jsonb',
      ...(own === 'own' ? ['own = renamed.own::jsonb'] : []),
      // null, not the word of JSON for it
      ...histories.map((column, index) => `${column} = nullif(renamed.told::jsonb -> ${index}, 'null')`),
    ];
    tx.write(
      `
      update ${table} t
      set ${assignments.join(', ')}
      from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as renamed (id, stamps, own, told)
      where t.org_id = $1
        and t.${idColumn} = renamed.id`,
      [tx.orgId, textArray(rows.map(({ id }) => id)), textArray(texts), textArray(owns), textArray(told)],
    );
  }
}

/** Rewrites the filters of budgets, which may name a person by id or by name. */
export async function eraseFilters(tx: Transaction, names: string[], ids: ErasedIds): Promise<void> {
  const { rows } = await tx.query<{ id: string; filters: Json }>(
    `
    select budget_id as id, filters
    from budgets
    where org_id = $1
      and budget_id = any($2::text[])
      and filters is not null`,
    [tx.orgId, idsOf(names, entities.budget)],
  );
  const erased = rows.map(({ filters }) => JSON.stringify(filtersWithout(filters, { ids })));
  tx.write(
    `
    update budgets
    set filters = erased.filters::jsonb
    from unnest($2::text[], $3::text[]) as erased (id, filters)
    where budgets.org_id = $1
      and budgets.budget_id = erased.id`,
    [tx.orgId, textArray(rows.map(({ id }) => id)), textArray(erased)],
  );
}

/** Rewrites `own`, what a row's own events state beside what it took from others. */
export async function eraseOwn(tx: Transaction, names: string[], ids: ErasedIds): Promise<void> {
  const { run } = entities;
  const { rows } = await tx.query<{ id: string; own: Own }>(
    `select run_id as id, own from runs where org_id = $1 and run_id = any($2::text[]) and own is not null`,
    [tx.orgId, idsOf(names, run)],
  );
  if (rows.length === 0) return;
  const erased = rows.map(({ own }) => {
    const values = Object.entries(own.values).flatMap(([column, value]): [string, unknown][] => {
      const held = run.holds[column];
      if (held === undefined) return [[column, value]];
      if (held !== 'person') return [];
      return [[column, ids.get(value as string) ?? value]];
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

import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import type { Erasure } from './erase.js';
import { entities, ENTITY_NAMES, type EntityName } from '../entities/index.js';
import { eventKey } from './log.js';
import type { Stamps } from './stamps.js';

export interface RowCounts {
  sessions: number;
  runs: number;
  messages: number;
  handoffs: number;
}

/** The texts and the columns that name a user, by kind; personal.ts says the same of events. */
const PERSONAL: Record<Exclude<EntityName, 'llm_call'>, { texts: string[]; users: string[] }> = {
  user: { texts: ['name', 'email'], users: ['user_id'] },
  session: { texts: ['title', 'branch'], users: ['created_by_user_id'] },
  message: { texts: ['text'], users: ['user_id'] },
  handoff: { texts: [], users: ['user_id'] },
  run: { texts: ['error_summary'], users: ['reported_user_id', 'user_id'] },
};

/** As the events of these entities now state them; answers how many rows there are of each kind. */
export async function eraseRows(
  tx: Transaction,
  names: string[],
  { userId, pseudonym, replaceId }: Erasure,
): Promise<RowCounts> {
  const erase = async (kind: keyof typeof PERSONAL): Promise<number> => {
    const { table, idColumn } = entities[kind];
    const { texts, users } = PERSONAL[kind];
    const assignments = [
      ...texts.map((column) => `${column} = null`),
      ...users.map((column) => `${column} = case when ${column} = $3 then $4 else ${column} end`),
    ];
    const { rowCount } = await tx.query(
      `
      update ${table}
      set
        ${assignments.join(',\n        ')}
      where org_id = $1
        and ${idColumn} = any($2::text[])`,
      [tx.orgId, idsOf(names, kind), userId, replaceId ? pseudonym : userId],
    );
    return rowCount;
  };
  await erase('user');
  return {
    sessions: await erase('session'),
    runs: await erase('run'),
    messages: await erase('message'),
    handoffs: await erase('handoff'),
  };
}

function idsOf(names: string[], kind: EntityName): string[] {
  const prefix = `${kind}:`;
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** Says in the rows of these entities which of the renamed events won what. */
export async function renameInStamps(
  tx: Transaction,
  names: string[],
  newKeys: Map<string, { source: string; id: string }>,
): Promise<void> {
  for (const kind of ENTITY_NAMES) {
    const ids = idsOf([...new Set(names)], kind);
    if (ids.length === 0) continue;
    const { table, idColumn } = entities[kind];
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

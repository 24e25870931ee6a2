import type { Database } from '../db/database.js';
import { ENTITIES, entities, type Entity } from '../entities/index.js';

/**
 * What a retention removes of an organization, in rows: of each entity by what it is called in the plural, of the log
 * (`events`), and rejected events by when they were received (`deadLetters`).
 */
export type PruneCounts = Record<string, number> & { events: number; deadLetters: number };

/** In the order in which their counts are told. */
export const AGING: readonly Entity[] = ENTITIES.filter(({ moments }) => moments.length > 0);
const { run, session } = entities;
/** What goes with its run. */
export const RUN_PARTS: readonly Entity[] = AGING.filter(({ belongsTo }) => belongsTo.includes('run'));
const ofSessions = AGING.filter(({ belongsTo }) => belongsTo.includes('session'));

/** In the order in which they are removed: sessions when all others have gone. */
export const PRUNED: readonly Entity[] = [
  ...AGING.filter((one) => one.name !== 'session' && !RUN_PARTS.includes(one)),
  ...RUN_PARTS,
  session,
];

/**
 * The statements here bind $1 the organization, $2 the instant before which things are old, and $3 the same in epoch
 * milliseconds.
 */
export function pruneValues(orgId: string, before: Date): unknown[] {
  return [orgId, before.toISOString(), before.getTime()];
}

/** Whatever was said about a row was said before, and about earlier: stamps are sorted by time, and hold the latest. */
function old({ table, moments }: Entity, row = table): string {
  const before = moments.map((moment) => `(${row}.${moment} < $2::timestamptz or ${row}.${moment} is null)`);
  return [`(${row}.stamps -> -1 -> 0)::bigint < $3::bigint`, ...before].join('\n        and ');
}

function none(table: string, where: string, row = table): string {
  return `not exists (select from ${table} ${row} where ${row}.org_id = $1 and ${where})`;
}

/**
 * Which rows of an entity may go: those that nothing that stays depends on. A run goes with all of its parts and all
 * that tells of it or not at all, a session when nothing else is left of it; so the rows that stay are those that the
 * events that stay make.
 */
export function prunable(entity: Entity): string {
  return [old(entity), ...dependents(entity)].join('\n        and ');
}

function dependents({ name, table }: Entity): string[] {
  if (name === 'session')
    return ofSessions.map((one) => none(one.table, `${one.table}.session_id = sessions.session_id`));
  if (name === 'run') {
    return [
      ...RUN_PARTS.map((one) =>
        none(one.table, `${one.table}.run_id in (runs.run_id, runs.one_with) and not (${old(one)})`),
      ),
      none('runs', `other.key = runs.key and not (${old(run, 'other')})`, 'other'),
      none('messages', `messages.key = runs.key and not (${old(entities.message)})`),
      none('llm_calls', `llm_calls.run_id in (runs.run_id, runs.one_with) and not (${allOfRequest('llm_calls')})`),
    ];
  }
  if (!RUN_PARTS.some((one) => one.name === name)) return [];
  // those of runs go with their runs
  return [none(run.table, `runs.run_id = ${table}.run_id`), ...(name === 'llm_call' ? [allOfRequest(table)] : [])];
}

/** That all calls which tell of the same request are as old. */
function allOfRequest(call: string): string {
  return none('llm_calls', `told.request = ${call}.request and not (${old(entities.llm_call, 'told')})`, 'told');
}

/** In one statement what the steps of prune.ts do one after the other. */
const COUNTS = `
  with
    ${PRUNED.filter(({ name }) => name !== 'session')
      .map(oldRows)
      .join(',\n    ')},
    used_sessions as (
      ${ofSessions.map(usedSessions).join('\n      union\n      ')}
    ),
    old_session as materialized (
      select session_id as id
      from sessions
      where org_id = $1
        and ${old(session)}
        and not exists (select from used_sessions where used_sessions.session_id = sessions.session_id)
    ),
    old_entities as (
      ${PRUNED.map(({ name }) => `select '${name}:' || id as entity from old_${name}`).join('\n      union all\n      ')}
    )
  select
    ${AGING.map(({ name, plural }) => `(select count(*) from old_${name}) as "${plural}"`).join(',\n    ')},
    (
      select count(*)
      from events
      where org_id = $1
        and event_entity(type, data) in (select entity from old_entities)
    ) as events,
    (select count(*) from dead_letters where org_id = $1 and received_at < $2::timestamptz) as "deadLetters"`;

function oldRows(entity: Entity): string {
  const { name, table, idColumn } = entity;
  const withRun = `
      union all
      select ${table}.${idColumn}
      from ${table}
      join old_run on old_run.id = ${table}.run_id
      where ${table}.org_id = $1`;
  return `old_${name} as materialized (
      select ${idColumn} as id
      from ${table}
      where org_id = $1
        and ${prunable(entity)}${RUN_PARTS.includes(entity) ? withRun : ''}
    )`;
}

function usedSessions({ name, table, idColumn }: Entity): string {
  return `select session_id
      from ${table}
      where org_id = $1
        and not exists (select from old_${name} where old_${name}.id = ${table}.${idColumn})`;
}

/** What a retention would remove now: everything last heard of before that instant. Changes nothing. */
export async function countPrunable(database: Database, orgId: string, before: Date): Promise<PruneCounts> {
  const { rows } = await database.inOrganization(
    orgId,
    async (tx) => {
      // it reads everything there is, and nobody waits for it
      await tx.query('set local statement_timeout to 0');
      return tx.query<Record<string, string>>(COUNTS, pruneValues(orgId, before));
    },
    { readOnly: true },
  );
  const counts = Object.entries(rows[0]!).map(([counted, count]) => [counted, Number(count)]);
  return Object.fromEntries(counts) as PruneCounts;
}

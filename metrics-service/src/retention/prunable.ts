import type { Database } from '../db/database.js';
import { ENTITIES, entities, type Entity } from '../entities/index.js';

/**
 * What pruning removes from an organization, as row counts: entities by their plural names, `events` of the log, and
 * `deadLetters` by when they were received.
 */
export type PruneCounts = Record<string, number> & { events: number; deadLetters: number };

/** In the order in which the counts are printed. */
export const AGING: readonly Entity[] = ENTITIES.filter(({ moments }) => moments.length > 0);
const { run, session, work_item: workItem } = entities;
/** Entities that are removed with their run. */
export const RUN_PARTS: readonly Entity[] = AGING.filter(({ belongsTo }) => belongsTo.includes('run'));
const ofSessions = AGING.filter(({ belongsTo }) => belongsTo.includes('session'));

/** In order of removal: sessions last, and the work items that runs were about. */
export const PRUNED: readonly Entity[] = [
  ...AGING.filter((one) => one !== session && one !== workItem && !RUN_PARTS.includes(one)),
  ...RUN_PARTS,
  session,
  workItem,
];

/** The statements here bind $1 the organization, $2 the cutoff, and $3 the cutoff in epoch milliseconds. */
export function pruneValues(orgId: string, before: Date): unknown[] {
  return [orgId, before.toISOString(), before.getTime()];
}

/**
 * True if every event about a row is older than the cutoff, and about older times: stamps are sorted by time and hold
 * the latest.
 */
function old({ table, moments }: Entity, row = table): string {
  const before = moments.map((moment) => `(${row}.${moment} < $2::timestamptz or ${row}.${moment} is null)`);
  return [`(${row}.stamps -> -1 -> 0)::bigint < $3::bigint`, ...before].join('\n        and ');
}

function none(table: string, where: string, row = table): string {
  return `not exists (select from ${table} ${row} where ${row}.org_id = $1 and ${where})`;
}

/**
 * Which rows of an entity may go: those that no remaining row depends on. A run goes with all its parts and everything
 * about it or not at all, a session when nothing else is left of it; so the remaining rows are what the remaining
 * events make.
 */
export function prunable(entity: Entity): string {
  const ofRuns = entity.name === 'work_item' ? [hasNoRun('')] : [];
  return [old(entity), ...dependents(entity), ...ofRuns].join('\n        and ');
}

/** True of a work item that no run is about, of the runs that are `kept`. */
function hasNoRun(kept: string): string {
  return `not exists (
          select
          from runs
          left join sessions
            on sessions.org_id = $1
            and sessions.session_id = runs.session_id
          where runs.org_id = $1
            and coalesce(runs.work_item_id, sessions.work_item_id, sessions.branch_work_item_id) = work_items.work_item_id${kept}
        )`;
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
  // the epics of its parts are found through it
  if (name === 'work_item') {
    return [`${table}.state = 'closed'`, none(table, `child.parent_id = ${table}.work_item_id`, 'child')];
  }
  if (!RUN_PARTS.some((one) => one.name === name)) return [];
  // a run's own rows go with it
  return [none(run.table, `runs.run_id = ${table}.run_id`), ...(name === 'llm_call' ? [allOfRequest(table)] : [])];
}

/**
 * True if all calls of the same request are as old, with every row of their runs: another of them never counts in what
 * stays.
 */
function allOfRequest(call: string): string {
  const newer = none(
    'runs',
    `other.run_id in (run_of_other.run_id, run_of_other.one_with) and not (${old(run, 'run_of_other')})`,
    'run_of_other',
  );
  return none(
    'llm_calls',
    `other.request = ${call}.request and not (${old(entities.llm_call, 'other')} and ${newer})`,
    'other',
  );
}

/** In one statement what prune.ts does step by step. */
const COUNTS = `
  with
    ${PRUNED.filter(({ name }) => name !== 'session' && name !== 'work_item')
      .map(oldRows)
      .join(',\n    ')},
    old_work_item as materialized (
      select work_item_id as id
      from work_items
      where org_id = $1
        and ${[old(workItem), ...dependents(workItem), hasNoRun('\n            and not exists (select from old_run where old_run.id = runs.run_id)')].join('\n        and ')}
    ),
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
        and entity in (select entity from old_entities)
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

/** What pruning with that cutoff would remove now. Changes nothing. */
export async function countPrunable(database: Database, orgId: string, before: Date): Promise<PruneCounts> {
  const { rows } = await database.inOrganization(
    orgId,
    async (tx) => {
      // it reads everything, and nobody waits for it
      await tx.query('set local statement_timeout to 0');
      return tx.query<Record<string, string>>(COUNTS, pruneValues(orgId, before));
    },
    { readOnly: true },
  );
  const counts = Object.entries(rows[0]!).map(([counted, count]) => [counted, Number(count)]);
  return Object.fromEntries(counts) as PruneCounts;
}

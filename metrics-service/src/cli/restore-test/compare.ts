import { isDeepStrictEqual } from 'node:util';
import { listOrganizations } from '../../access/organizations.js';
import { METRICS, neededGroups } from '../../catalogue/index.js';
import type { Database } from '../../db/database.js';
import { answerRequest } from '../../query/index.js';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 90;
/** What was being written while the backup was made need not be in it. */
const UNDER_WAY_MS = 60_000;
/** What is of the moment of asking, not of the window. */
const OF_NOW: readonly string[] = ['data', 'sources', 'live', 'spending', 'runaways', 'budgets'];

/** An organization in the backup, held against the running one. */
export interface Compared {
  readonly org: string;
  readonly events: number;
  /** of those that the running service had when the backup was made */
  readonly eventsNow: number;
  /** the window whose numbers were compared: nothing that came later tells of it; null: there is none */
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly metrics: number;
  readonly differences: readonly string[];
  /** what was done since that takes events or changes numbers */
  readonly since: readonly string[];
}

/** Compares what both databases say of the time that nothing tells of since the backup. */
export async function compare(restored: Database, running: Database): Promise<Compared[]> {
  const present = new Set((await listOrganizations(running)).map(({ orgId }) => orgId));
  const compared: Compared[] = [];
  for (const { orgId } of await listOrganizations(restored)) {
    compared.push(await compareOne(orgId, restored, present.has(orgId) ? running : null));
  }
  return compared;
}

async function compareOne(org: string, restored: Database, running: Database | null): Promise<Compared> {
  const backup = await stateOf(restored, org, null);
  const none = { org, events: backup.events, eventsNow: 0, window: null, metrics: 0, since: [] };
  if (!running) return { ...none, differences: ['the organization is not there any more'] };
  const { madeAt } = backup;
  const now = await stateOf(running, org, madeAt);
  const then = await stateOf(restored, org, madeAt);
  const counts = { ...none, events: then.events, eventsNow: now.events, since: now.since };
  const differences =
    then.events === now.events
      ? []
      : [`events: ${then.events} in the backup, ${now.events} of then in the running one`];
  if (backup.newestMs === null) return { ...counts, differences };
  const toMs = Math.min(backup.newestMs, now.toldOfMs ?? Infinity);
  const window = { from: toMs - WINDOW_DAYS * DAY_MS, to: toMs };
  if (backup.oldestMs === null || backup.oldestMs >= toMs) return { ...counts, differences };
  const [expected, got] = [await numbersOf(running, org, window), await numbersOf(restored, org, window)];
  for (const [metric, value] of expected) {
    if (!isDeepStrictEqual(got.get(metric), value))
      differences.push(`${metric}: ${String(got.get(metric))} in the backup, ${String(value)} in the running one`);
  }
  return {
    ...counts,
    ...{ window: { from: iso(window.from), to: iso(window.to) }, metrics: expected.size, differences },
  };
}

interface State {
  /** received a moment before the backup was made, or earlier */
  events: number;
  /** what the audit log in the backup says, else when it got its last event */
  madeAt: string | null;
  oldestMs: number | null;
  newestMs: number | null;
  /** the earliest time of anything that later events tell of, too */
  toldOfMs: number | null;
  since: string[];
}

/** Of people it does not matter that somebody tells of them again: numbers of the whole organization stay. */
async function stateOf(database: Database, org: string, madeAt: string | null): Promise<State> {
  return database.inOrganization(
    org,
    async (tx) => {
      await tx.query('set local statement_timeout to 0');
      const { rows } = await tx.query<
        Record<'events' | 'oldest' | 'newest' | 'told_of', number | null> & { made_at: string }
      >(
        `
        select
          count(*) filter (where received_at <= $2::timestamptz - make_interval(secs => $3))::float8 as events,
          coalesce(
            (select max(at) from audit_log where org_id = $1 and action = 'backed up'),
            max(received_at)
          )::text as made_at,
          extract(epoch from min(time))::float8 * 1000 as oldest,
          extract(epoch from max(time))::float8 * 1000 as newest,
          (
            select extract(epoch from min(told.time))::float8 * 1000
            from events later
            join events told
              on told.org_id = $1
              and told.entity = later.entity
            where later.org_id = $1
              and later.received_at > $2::timestamptz - make_interval(secs => $3)
              and later.type <> 'user.upserted'
          ) as told_of
        from events
        where org_id = $1`,
        [org, madeAt, UNDER_WAY_MS / 1000],
      );
      const done = await tx.query<{ action: string }>(
        `
        select distinct action
        from audit_log
        where org_id = $1
          and at > $2::timestamptz
          and action in ('pruned', 'user erased', 'rebuilt', 'settings changed', 'repository renamed', 'aliases set')
        order by action`,
        [org, madeAt],
      );
      const { events, made_at, oldest, newest, told_of } = rows[0]!;
      const since = done.rows.map(({ action }) => action);
      return { events: events ?? 0, madeAt: made_at, oldestMs: oldest, newestMs: newest, toldOfMs: told_of, since };
    },
    { readOnly: true },
  );
}

/** The total of every metric of the catalogue that needs no grouping. */
async function numbersOf(
  database: Database,
  orgId: string,
  window: { from: number; to: number },
): Promise<Map<string, unknown>> {
  const asked = METRICS.filter((metric) => neededGroups(metric).length === 0 && !OF_NOW.includes(metric.value.base));
  const numbers = new Map<string, unknown>();
  for (const { id } of asked) {
    const queries = [{ refId: id, view: 'total', metrics: [id] }];
    const { results } = await answerRequest(database, { orgId, viewer: null }, { ...window, queries }, window.to);
    const result = results[id]!;
    const [frame] = result.status === 200 ? result.frames : [];
    numbers.set(id, frame ? frame.data.values.at(-1)?.[0] : `status ${result.status}`);
  }
  return numbers;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

import type { SentEvent } from '../oracle/types.js';
import { randomEvents } from './random-events.js';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.js';

export const OLDEST = '0001_initial';
/** What an event could be about then. */
const OLDEST_ENTITIES = ['user', 'session', 'message', 'handoff', 'run', 'llm_call'];
/** Types since about those. */
const TYPES_SINCE = [
  'session.linked',
  'session.seen',
  'session.ended',
  'session.settled',
  'run.seen',
  'run.errored',
  'run.stopped',
];

/** What events can say since, by type. */
const MEMBERS_SINCE: Readonly<Record<string, readonly string[]>> = {
  'user.upserted': ['kind', 'aliases'],
  'session.created': ['url', 'stage'],
  'message.created': ['key'],
  'run.queued': ['key', 'url', 'role', 'workflow', 'stage', 'workItemId'],
  'run.started': ['key', 'url', 'endIsDerived', 'role', 'workflow', 'stage', 'workItemId', 'spanId', 'parentSpanId'],
  'run.progressed': ['key', 'activity', 'step', 'steps'],
  'run.completed': ['key', 'awaitMs', 'counters'],
  'run.deleted': ['key'],
  'llm_call.recorded': [
    'key',
    'requestId',
    'tier',
    'speed',
    'region',
    'webSearches',
    'phase',
    'parentSpanId',
    'failureCategory',
    'errorSummary',
  ],
};

/**
 * Random events as senders of then wrote them: what those of today can say besides would be in the log, and in no row
 * before a rebuild.
 */
export function eventsOfThen(seed: number): SentEvent[] {
  const { events } = randomEvents(seed, { count: 300, about: OLDEST_ENTITIES });
  // nothing was tied by a key, no call named by its request, and there was one rank
  const sayable = events.filter(
    ({ type, data, runboardrank }) =>
      !TYPES_SINCE.includes(type) &&
      data.key == null &&
      !String(data.callId).startsWith('request:') &&
      runboardrank === undefined,
  );
  return sayable.map((event) => {
    const since = MEMBERS_SINCE[event.type] ?? [];
    return { ...event, data: Object.fromEntries(Object.entries(event.data).filter(([name]) => !since.includes(name))) };
  });
}
/** Tables of data in the oldest schema: who adds one to a published migration is told. */
const OLDEST_TABLES = 12;

/** Runs `work` as the owner of a database. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // it may be killed under it
  client.on('error', () => {});
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Makes an empty database one of the oldest schema, with the rows of today's as far as it has columns for them. */
export async function makeOldest(url: string, today: string): Promise<void> {
  await migrate(url, { upTo: OLDEST });
  await asOwner(url, async (to) => {
    await to.query('grant select on pgmigrations to runboard_service');
    await asOwner(today, async (from) => {
      const { rows: tables } = await to.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations'`,
      );
      if (tables.length !== OLDEST_TABLES) throw new Error(`${tables.length} tables in the oldest schema`);
      for (const { name } of tables) {
        // a cost of which only a part is known was unknown then
        const row =
          name === 'runs'
            ? `to_jsonb(t) || case when t.cost_is_partial then '{"cost_nanos": null}' else '{}' end::jsonb`
            : 't';
        const { rows } = await from.query<{ all: string }>(`select json_agg(${row})::text as all from ${name} t`);
        await to.query(
          `insert into ${name} overriding system value select * from json_populate_recordset(null::${name}, $1)`,
          [rows[0]!.all ?? '[]'],
        );
      }
      await to.query(`update ingest_state set prices_hash = 'of then'`);
    });
  });
}

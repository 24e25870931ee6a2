import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_TYPES } from '../../src/contract/events.js';
import { ENTITIES } from '../../src/entities/index.js';
import { parseEvent } from '../../src/ingest/parse.js';
import { countPrunable } from '../../src/retention/prunable.js';
import { prune } from '../../src/retention/prune.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { SentEvent } from '../oracle/types.js';
import { randomEvents } from '../support/random-events.js';
import { randomQuestion } from '../support/random-queries.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { keptOf } from '../support/kept.js';
import { tablesOf } from '../support/tables.js';

const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 12);
/** The same cases each time; another seed tries others. */
const SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const DAY_MS = 86_400_000;

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const tables = async (orgId: string) => {
  const { newest, ...all } = await tablesOf(service.database, orgId);
  return { ...all, newest: newest!.map((time) => time && new Date(time).toISOString()) } as typeof all;
};
const rebuilt = async (orgId: string) => {
  await rebuild(service.database, orgId, loadPrices());
  return tables(orgId);
};

/** The rows by table, by their ids alone. */
function idsIn(all: Record<string, string[]>): Record<string, unknown> {
  return Object.fromEntries(
    ENTITIES.map(({ table, idColumn }) => [
      table,
      all[table]!.map((row) => JSON.parse(row)[idColumn] as string).sort(),
    ]),
  );
}

describe('prune, on random events', () => {
  /** Answers about windows that begin at the cutoff or later; trailing metrics and comparisons look further back. */
  const answers = async (token: string, events: SentEvent[], cutoff: number, seed: number): Promise<unknown[]> => {
    const random = new Random(seed);
    const world = merge(events, priceOf);
    const asked = Array.from({ length: 12 }, () => {
      const { window, timezone, query } = randomQuestion(random, world, events, {
        timezone: 'Europe/Vienna',
        at: cutoff,
      });
      const looksBack = (id: string): boolean =>
        /^active_users_|^data_age$|^cost_to_usual$|^new_(agents|users)$|^source_age$|^(known|quiet)_users$|^adoption_rate$|time_to_close$|^cost_per_closed|^closed_work_items$|^quality_rate$|^rework_rate$|_now$/.test(
          id,
        );
      const metrics = query.metrics?.filter((id) => !looksBack(id));
      const rest = { ...query, compare: undefined, ...(looksBack(query.orderBy ?? '') ? { orderBy: undefined } : {}) };
      const from = Math.max(window.from, cutoff);
      const to = Math.max(window.to, from + DAY_MS);
      return { from, to, timezone, queries: [{ ...rest, ...(metrics ? { metrics } : {}) }] };
    });
    const answered: unknown[] = [];
    for (const body of asked) {
      const answer = await service.request('/v1/query', { token, body });
      expect(answer.status).toBe(200);
      for (const { schema } of answer.body.results.A.frames ?? []) {
        delete schema.meta?.custom?.asOf;
        // what was asked to say so, too
        delete schema.meta?.custom?.sql;
        delete schema.meta?.executedQueryString;
        // why nothing is found is told by all that is recorded
        const whyNothing =
          /in this range|matches nothing|nothing is recorded|nothing has happened|is not known here|no run is about|no run says which/;
        const notices = (schema.meta?.notices ?? []) as { text: string }[];
        if (schema.meta?.notices) schema.meta.notices = notices.filter(({ text }) => !whyNothing.test(text));
      }
      answered.push({ body, results: answer.body.results });
    }
    return answered;
  };

  it('removes what is old as a whole, as told before; the rest, its answers and other organizations stay', async () => {
    let removed = 0;
    const property = async (seed: number): Promise<void> => {
      const random = new Random(seed);
      const { events, occasion } = randomEvents(seed);
      const [ours, theirs] = [await service.newOrganization(), await service.newOrganization()];
      await service.accept(ours.token, events);
      await service.accept(theirs.token, events);
      const before = await tables(ours.orgId);
      const times = before.events!.map((row) => Date.parse(JSON.parse(row).time));
      const cutoff =
        random.pick([...times, occasion.at]) + random.integer(-1, 1) + random.pick([0, 0, DAY_MS, 20 * DAY_MS]);
      const expected = keptOf(before, cutoff);
      const answeredBefore = await answers(ours.token, events, cutoff, seed);

      const told = await countPrunable(service.database, ours.orgId, new Date(cutoff));
      expect(await tables(ours.orgId)).toEqual(before);
      expect(await prune(service.database, ours.orgId, new Date(cutoff))).toEqual(told);
      const gone = (table: string): number => before[table]!.length - expected[table]!.length;
      const pruned = ENTITIES.filter(({ moments }) => moments.length > 0);
      expect(told).toEqual({
        ...Object.fromEntries(pruned.map(({ plural, table }) => [plural, gone(table)])),
        events: gone('events'),
        deadLetters: 0,
      });
      removed += told.events;
      // which call of a request counts may be another one where one of them is gone
      const after = await tables(ours.orgId);
      expect(idsIn(after)).toEqual(idsIn(expected));
      expect(after.events).toEqual(expected.events);
      expect(await rebuilt(ours.orgId)).toEqual(after);
      expect(await answers(ours.token, events, cutoff, seed)).toEqual(answeredBefore);
      expect(await tables(theirs.orgId)).toEqual(before);
    };
    await fc.assert(fc.asyncProperty(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })), property), {
      seed: SEED,
      numRuns: RUNS,
      examples: [[734676915], [2147483618], [1412597473], [2147483628], [150372446]],
      endOnFailure: false,
    });
    expect(removed).toBeGreaterThan(RUNS);
  }, 600_000);
});

describe('prune', () => {
  const AT = '2026-03-01T12:00:00Z';
  const CUTOFF = new Date('2026-05-01T00:00:00Z');
  const event = (id: string, type: string, data: object, time = AT) => ({
    ...{ specversion: '1.0', source: 'test', id, type, time },
    data,
  });
  const started = (runId: string, startedAt: string, time = startedAt) =>
    event(`${runId} ${startedAt}`, 'run.started', { runId, sessionId: 's', startedAt }, time);
  const ids = async (orgId: string) => (await tables(orgId)).events!.map((row) => JSON.parse(row).id as string).sort();

  it('finds the events about an entity by what they state', async () => {
    const { events } = randomEvents(3, { count: 1_200 });
    expect(new Set(events.map(({ type }) => type)).size).toBe(EVENT_TYPES.length);
    const stated = events.map((sent) => {
      const { kind, entityId } = parseEvent(sent).event!.statement;
      return `${kind}:${entityId}`;
    });
    const { rows } = await service.database.query<{ found: string }>(
      `select event_entity(type, data) as found from unnest($1::text[], $2::jsonb[]) as event (type, data)`,
      [events.map(({ type }) => type), events.map(({ data }) => JSON.stringify(data))],
    );
    expect(rows.map(({ found }) => found)).toEqual(stated);
  });

  it('keeps what a later event speaks of, and what is dated later than its events', async () => {
    const { orgId, token } = await service.newOrganization();
    const corrected = '2026-06-01T00:00:00Z';
    await service.accept(token, [
      started('gone', AT),
      started('corrected', AT),
      event('corrected', 'run.completed', { runId: 'corrected', completedAt: AT, status: 'FAILED' }, corrected),
      event('planned', 'message.created', { messageId: 'm', sessionId: 's', role: 'user', sentAt: corrected }, AT),
      event('hidden', 'run.deleted', { runId: 'gone' }),
    ]);
    await prune(service.database, orgId, CUTOFF);
    expect(await ids(orgId)).toEqual(['corrected', `corrected ${AT}`, 'planned']);
  });

  it('takes an event again that it has deleted, and one that comes late, until it is called again', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.accept(token, [started('r', AT), started('other', '2026-06-01T00:00:00Z')]);
    const before = await tables(orgId);
    await prune(service.database, orgId, CUTOFF);
    expect(await ids(orgId)).toHaveLength(1);
    expect(await service.accept(token, [started('r', AT)])).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await tables(orgId)).toEqual(before);
    await service.accept(token, [event('late', 'run.completed', { runId: 'r', completedAt: AT, status: 'FAILED' })]);
    const late = await tables(orgId);
    expect(await rebuilt(orgId)).toEqual(late);
    expect(await prune(service.database, orgId, CUTOFF)).toMatchObject({ runs: 1, events: 2 });
  });

  it('says anew which event is the newest, also where none is left', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.accept(token, [
      event('u', 'user.upserted', { userId: 'ann' }, '2026-01-01T00:00:00Z'),
      started('r', AT),
    ]);
    expect((await tables(orgId)).newest).toEqual([AT.replace('Z', '.000Z')]);
    await prune(service.database, orgId, CUTOFF);
    expect((await tables(orgId)).newest).toEqual(['2026-01-01T00:00:00.000Z']);
    const empty = await service.newOrganization();
    await service.accept(empty.token, [started('r', AT)]);
    await prune(service.database, empty.orgId, CUTOFF);
    expect(await tables(empty.orgId)).toMatchObject({ events: [], runs: [], newest: [null] });
  });

  it('deletes dead letters by when they were received', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.request('/v1/events', { token, body: [{ id: 'a' }, { id: 'b' }] });
    await service.database.inOrganization(orgId, (tx) =>
      tx.query(`update dead_letters set received_at = $1 where event_id = 'a'`, [AT]),
    );
    expect(await prune(service.database, orgId, CUTOFF)).toMatchObject({ events: 0, deadLetters: 1 });
    const { rows } = await service.database.inOrganization(orgId, (tx) =>
      tx.query('select event_id from dead_letters'),
    );
    expect(rows).toEqual([{ event_id: 'b' }]);
  });

  it('works beside ingest of events about the same, in many batches', async () => {
    const { orgId, token } = await service.newOrganization();
    const runIds = Array.from({ length: 1_300 }, (_, index) => `r${index}`);
    await service.accept(
      token,
      runIds.map((runId) => started(runId, AT)),
    );
    const completed = (runId: string, time: string) =>
      event(`${runId} completed`, 'run.completed', { runId, completedAt: time, status: 'SUCCEEDED' }, time);
    const sending = (async () => {
      for (let from = 0; from < runIds.length; from += 100) {
        const some = runIds.slice(from, from + 100);
        await service.accept(
          token,
          some.map((runId, index) => completed(runId, index % 2 ? AT : '2026-06-01T00:00:00Z')),
        );
      }
    })();
    const [{ runs }] = await Promise.all([prune(service.database, orgId, CUTOFF), sending]);
    expect(runs).toBeGreaterThan(0);
    const after = await tables(orgId);
    expect(await rebuilt(orgId)).toEqual(after);
    await prune(service.database, orgId, CUTOFF);
    expect((await tables(orgId)).runs).toHaveLength(650);
  });
});

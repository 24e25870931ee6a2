import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENTITIES } from '../../src/entities/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { randomEvents } from '../support/random-events.js';
import { WORLD } from '../support/random-fields.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 12);
/** The same cases each time; another seed tries others. */
const SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 2);
const PSEUDONYM = 'erased-0123456789ab';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const send = async (token: string, events: object[]) =>
  (await service.request('/v1/events', { token, body: events })).body;
const tables = (orgId: string) => tablesOf(service.database, orgId);
const rebuilt = async (orgId: string) => {
  await rebuild(service.database, orgId, loadPrices());
  return tables(orgId);
};

/** That all of these are marked is tested below. */
const TEXTS: Record<string, string[]> = Object.fromEntries(
  ENTITIES.map(({ table, holds }) => [table, Object.keys(holds).filter((column) => holds[column] !== 'person')]),
);
const USERS = ['user_id', 'created_by_user_id', 'reported_user_id'];

/** The rows without texts and without the ids of the events that won, one person's ids replaced. */
function numbersOf(all: Record<string, string[]>, shownAs: ReadonlyMap<string, string>): Record<string, string[]> {
  // of two claims of one time the greater event id wins, and these have new ones
  const others = Object.entries(all).filter(([table]) => !['events', 'persons', 'sources', 'id_hints'].includes(table));
  const rest = Object.fromEntries(others);
  return Object.fromEntries(
    Object.entries(rest).map(([table, rows]) => {
      if (table === 'newest') return [table, rows];
      const plain = (row: Record<string, any>): Record<string, any> => {
        // as generated of the id and the e-mail
        for (const column of [...(TEXTS[table] ?? []), 'folded_id', 'directory_email']) delete row[column];
        for (const column of USERS) if (column in row) row[column] = shownAs.get(row[column]) ?? row[column];
        row.aliases = row.aliases?.map((id: string) => shownAs.get(id) ?? id);
        if (row.stamps) row.stamps = row.stamps.map(([timeMs, , , fields, rank]: number[]) => [timeMs, fields, rank]);
        for (const one of row.usage_told?.told ?? []) one.stamp = one.stamp.slice(0, 2);
        // what a run's own events state, where it holds what others tell of it, too
        if (row.own) row.own = [plain(row.own.values), plain({ stamps: row.own.stamps })];
        return row;
      };
      const rowsNow = rows.map((text) => JSON.stringify(plain(JSON.parse(text) as Record<string, any>)));
      return [table, rowsNow.sort()];
    }),
  );
}

/** What the rows say of that person in words. */
function textsOf(all: Record<string, string[]>, ids: ReadonlySet<string>): unknown[] {
  const rows = (table: string) => all[table]!.map((text) => JSON.parse(text) as Record<string, any>);
  const sessions = rows('sessions').filter((row) => ids.has(row.created_by_user_id));
  const ofTheirs = new Set(sessions.map((row) => row.session_id));
  const userOfRun = new Map(rows('runs').map((run) => [run.run_id, run.user_id]));
  // without a user of its own it is its run's user's, without a known run its session's
  const isOwn = (row: Record<string, any>): boolean => {
    if (row.user_id != null) return ids.has(row.user_id);
    const ofRun = row.reported_user_id === undefined && userOfRun.has(row.run_id);
    return ofRun ? ids.has(userOfRun.get(row.run_id)) : ofTheirs.has(row.session_id);
  };
  const own = Object.fromEntries(ENTITIES.map(({ table }) => [table, rows(table).filter(isOwn)]));
  own.sessions = sessions;
  return Object.entries(own).flatMap(([table, of]) =>
    // of a list of files none is left
    of.flatMap((row) =>
      TEXTS[table]!.map((column) => row[column] as unknown).filter((text) => text !== null && String(text) !== ''),
    ),
  );
}

/** What users are called who are none of these. */
function othersOf(all: Record<string, string[]>, ids: ReadonlySet<string>): unknown[] {
  const users = all.users!.map((text) => JSON.parse(text) as Record<string, unknown>);
  const others = users.filter(({ user_id }) => !ids.has(user_id as string));
  return others.map(({ user_id, name, email }) => [user_id, name, email]);
}

/** All ids of the person, by the table that the oracle's tests hold against it. */
function idsOf(all: Record<string, string[]>, userId: string): string[] {
  const persons = all.persons!.map((text) => JSON.parse(text) as { user_id: string; person_id: string });
  const personId = persons.find(({ user_id }) => user_id === userId)?.person_id ?? userId;
  const aliases = persons.filter(({ person_id }) => person_id === personId).map(({ user_id }) => user_id);
  return [personId, ...aliases].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe('eraseUser, on random events', () => {
  it('takes out what tells of the person and nothing else, for good; a rebuild makes the same', async () => {
    let [removed, organizations, known] = [0, 0, 0];
    const property = async (seed: number): Promise<void> => {
      const random = new Random(seed);
      const orgId = `o${(organizations += 1)}`;
      const token = await service.organization(orgId, { storeText: true });
      const { events } = randomEvents(seed);
      await send(token, events);
      const before = await tables(orgId);
      const persons = before.persons!.map((text) => (JSON.parse(text) as { user_id: string }).user_id);
      const userId = random.pick(random.chance(0.8) && persons.length > 0 ? persons : WORLD.users);
      const replaceId = random.chance(0.7);
      const ids = idsOf(before, userId);
      if (ids.length > 1) known += 1;
      const nameOf = (place: number): string => (ids.length > 1 ? `${PSEUDONYM}-${place + 1}` : PSEUDONYM);
      const names = new Map(ids.map((id, place) => [id, replaceId ? nameOf(place) : id]));

      const erased = await eraseUser(service.database, orgId, { userId, pseudonym: PSEUDONYM, replaceId });
      const after = await tables(orgId);
      if (erased === null) {
        expect(after).toEqual(before);
        return;
      }
      removed += textsOf(before, new Set(ids)).length;
      expect(numbersOf(after, names)).toEqual(numbersOf(before, names));
      expect(textsOf(after, new Set(names.values()))).toEqual([]);
      expect(othersOf(after, new Set(names.values()))).toEqual(othersOf(before, new Set(ids)));
      for (const id of replaceId ? ids : []) {
        expect(JSON.stringify(after)).not.toContain(JSON.stringify(JSON.stringify(id)).slice(1, -1));
      }
      const hints = events.filter(({ type }) => type === 'id_hint.recorded').map(({ data }) => data);
      const named = hints.filter(
        ({ userId, otherId }) => ids.includes(userId as string) || ids.includes(otherId as string),
      );
      const gone = new Set(named.map(({ idHintId }) => idHintId));
      // the other id of a hint is most likely theirs, too
      const isKept = (text: string): boolean => !gone.has((JSON.parse(text) as Record<string, unknown>).id_hint_id);
      expect(after.id_hints!.filter(isKept)).toEqual(before.id_hints!.filter(isKept));
      for (const text of after.id_hints!.filter((one) => !isKept(one))) {
        expect(JSON.parse(text)).toMatchObject({ user_id: names.get(ids[0]!), other_id: names.get(ids[0]!) });
      }
      expect(await rebuilt(orgId)).toEqual(after);
      expect(await send(token, events)).toMatchObject({ accepted: 0, rejected: [] });
      expect(await tables(orgId)).toEqual(after);
    };
    await fc.assert(fc.asyncProperty(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })), property), {
      seed: SEED,
      numRuns: RUNS,
      endOnFailure: false,
    });
    expect(removed).toBeGreaterThan(RUNS);
    expect(known).toBeGreaterThan(0);
  }, 600_000);
});

describe('eraseUser', () => {
  it('holds against the original events that are sent at the same time', async () => {
    const token = await service.organization('beside', { storeText: true });
    const at = '2026-06-10T09:00:00Z';
    const events = Array.from({ length: 200 }, (_, index) => ({
      ...{ specversion: '1.0', source: 'test', id: `m${index}`, type: 'message.created' },
      data: { messageId: `m${index}`, sessionId: 's', role: 'user', sentAt: at, userId: 'ann', text: 'a secret' },
    }));
    await send(token, events);
    const sending = (count: number) => Array.from({ length: count }, () => send(token, events));
    const before = sending(10);
    const erasing = eraseUser(service.database, 'beside', { userId: 'ann', pseudonym: PSEUDONYM, replaceId: true });
    const answers = await Promise.all([...before, ...sending(10)]);
    expect(await erasing).toMatchObject({ counts: { messages: 200, events: 200 } });
    for (const answer of answers) expect(answer).toEqual({ accepted: 0, duplicates: 200, rejected: [] });
    const after = await tables('beside');
    expect(JSON.stringify(after)).not.toMatch(/a secret|ann/);
    expect(after.messages).toHaveLength(200);
    expect(await rebuilt('beside')).toEqual(after);
  });
});

describe('eraseUser, where others name the person', () => {
  const NAMES = [
    { userId: 'u-ann', name: 'Ann Example', email: 'ann@example.com' },
    { userId: 'bob', name: 'Bob' },
  ];
  const event = (id: string, source: string, data: object, more: object = {}) => ({
    ...{ specversion: '1.0', id, source, type: 'run.started', time: '2026-06-10T09:00:00Z', data },
    ...more,
  });
  const run = (runId: string, more: object = {}) => ({
    runId,
    sessionId: 's',
    startedAt: '2026-06-10T09:00:00Z',
    ...more,
  });
  /** Of the first two the greater id, `b`, wins; of the next two, which have one id, the greater source. */
  const others = [
    event('a for ann@example.com', '//ci/web', run('r1', { userId: 'bob', model: 'one' })),
    event('b', '//ci/Ann Example/web', run('r1', { userId: 'bob', model: 'two' }), {
      subject: 'To ANN EXAMPLE',
      team: 'x',
    }),
    event('c', '//ann@example.com', run('r2', { userId: 'bob', model: 'one' }), { owner: 'u-ann' }),
    event('c', '//zzz', run('r2', { userId: 'bob', model: 'two' })),
    event('d', '//joanna Examples', run('r3', { userId: 'bob', model: 'one' })),
  ];

  it('takes the names from what events are called by, and leaves what they say', async () => {
    const orgId = 'origins';
    const token = await service.organization(orgId);
    const users = NAMES.map((data) => event(data.userId, 'directory', data, { type: 'user.upserted' }));
    await service.accept(token, [...users, ...others]);
    const models = async () =>
      (await tables(orgId))
        .runs!.map((text) => JSON.parse(text))
        .map(({ run_id, model, user_id }) => [run_id, model, user_id]);
    const stated = [
      ['r1', 'two', 'bob'],
      ['r2', 'two', 'bob'],
      ['r3', 'one', 'bob'],
    ];
    expect((await models()).sort()).toEqual(stated);
    await eraseUser(service.database, orgId, { userId: 'u-ann', pseudonym: PSEUDONYM, replaceId: true });
    const after = await tables(orgId);
    expect(JSON.stringify(after)).not.toMatch(/ann example\b|ann@example|u-ann/i);
    expect((await models()).sort()).toEqual(stated);
    const origins = after.events!.map((text) => JSON.parse(text)).map(({ source, attributes }) => [source, attributes]);
    expect(origins.sort()).toEqual([
      ['//ci/' + PSEUDONYM + '/web', { team: 'x' }],
      ['//ci/web', null],
      ['//' + PSEUDONYM, null],
      ['//joanna Examples', null],
      ['//zzz', null],
      ['directory', null],
      [PSEUDONYM, null],
    ]);
    expect(await rebuilt(orgId)).toEqual(after);
    expect(await send(token, others)).toMatchObject({ accepted: 0, duplicates: others.length, rejected: [] });
    expect(await tables(orgId)).toEqual(after);
  });
});

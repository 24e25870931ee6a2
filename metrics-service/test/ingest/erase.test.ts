import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_TYPES, eventTypes } from '../../src/contract/events.js';
import { holdsOf, type Holds } from '../../src/contract/holds.js';
import { membersOf, unwrapped } from '../../src/contract/shape.js';
import { MAX_TEXT_BYTES } from '../../src/contract/values.js';
import { ENTITIES } from '../../src/entities/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { withoutPerson } from '../../src/retention/personal.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { randomEvents } from '../support/random-events.js';
import { WORLD } from '../support/random-fields.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 20);
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

/** The rows without texts and without the ids of the events that won, one user's id replaced. */
function numbersOf(all: Record<string, string[]>, userId: string, pseudonym: string): Record<string, string[]> {
  // in a circle of aliases the smallest id is the person's, which may be another one now
  const others = Object.entries(all).filter(([table]) => table !== 'events' && table !== 'persons');
  const rest = Object.fromEntries(others);
  return Object.fromEntries(
    Object.entries(rest).map(([table, rows]) => {
      if (table === 'newest') return [table, rows];
      const plain = rows.map((text) => {
        const row = JSON.parse(text) as Record<string, any>;
        for (const column of TEXTS[table] ?? []) delete row[column];
        for (const column of USERS) if (row[column] === userId) row[column] = pseudonym;
        row.aliases = row.aliases?.map((id: string) => (id === userId ? pseudonym : id));
        if (row.stamps) row.stamps = row.stamps.map(([timeMs, , , fields]: number[]) => [timeMs, fields]);
        return JSON.stringify(row);
      });
      return [table, plain.sort()];
    }),
  );
}

/** What the rows say of that user in words. */
function textsOf(all: Record<string, string[]>, userId: string): unknown[] {
  const rows = (table: string) => all[table]!.map((text) => JSON.parse(text) as Record<string, any>);
  const sessions = rows('sessions').filter((row) => row.created_by_user_id === userId);
  const ofTheirs = new Set(sessions.map((row) => row.session_id));
  const isOwn = (row: Record<string, any>): boolean =>
    row.user_id === userId || (row.user_id == null && ofTheirs.has(row.session_id));
  const own = Object.fromEntries(ENTITIES.map(({ table }) => [table, rows(table).filter(isOwn)]));
  own.sessions = sessions;
  return Object.entries(own).flatMap(([table, of]) =>
    of.flatMap((row) => TEXTS[table]!.map((column) => row[column]).filter((text) => text !== null)),
  );
}

describe('eraseUser, on random events', () => {
  it('takes out what tells of the person and nothing else, for good; a rebuild makes the same', async () => {
    let [removed, organizations] = [0, 0];
    const property = async (seed: number): Promise<void> => {
      const random = new Random(seed);
      const orgId = `o${(organizations += 1)}`;
      const token = await service.organization(orgId, { storeText: true });
      const { events } = randomEvents(seed);
      await send(token, events);
      const before = await tables(orgId);
      const userId = random.pick(WORLD.users);
      const replaceId = random.chance(0.7);
      const shownAs = replaceId ? PSEUDONYM : userId;

      const erased = await eraseUser(service.database, orgId, { userId, pseudonym: PSEUDONYM, replaceId });
      const after = await tables(orgId);
      if (erased === null) {
        expect(after).toEqual(before);
        return;
      }
      removed += textsOf(before, userId).length;
      expect(numbersOf(after, userId, shownAs)).toEqual(numbersOf(before, userId, shownAs));
      expect(textsOf(after, shownAs)).toEqual([]);
      if (replaceId) expect(JSON.stringify(after)).not.toContain(JSON.stringify(JSON.stringify(userId)).slice(1, -1));
      expect(await rebuilt(orgId)).toEqual(after);
      expect(await send(token, events)).toMatchObject({ accepted: 0, rejected: [] });
      expect(await tables(orgId)).toEqual(after);
    };
    await fc.assert(fc.asyncProperty(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })), property), {
      numRuns: RUNS,
      endOnFailure: false,
    });
    expect(removed).toBeGreaterThan(RUNS);
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

describe('withoutPerson', () => {
  it('knows every free text and every person that an event can name', () => {
    const found = EVENT_TYPES.flatMap((type) =>
      [...membersOf(eventTypes[type].data)].map(([name, schema]) => ({ name, schema, path: `${type} ${name}` })),
    );
    const holding = (...kinds: (Holds | null)[]) =>
      found.filter(({ schema }) => kinds.includes(holdsOf(schema))).map(({ path }) => path);
    const free = found.filter(({ schema }) => unwrapped(schema).meta()?.maxLength === MAX_TEXT_BYTES);
    expect(free.length).toBeGreaterThan(3);
    expect(holding('words', 'text')).toEqual(expect.arrayContaining(free.map(({ path }) => path)));
    const persons = found.filter(({ name }) => /user(id)?$/i.test(name));
    expect(persons.length).toBeGreaterThan(3);
    expect(holding('person')).toEqual(expect.arrayContaining(persons.map(({ path }) => path)));
    expect(holding('words')).toEqual(expect.arrayContaining(['user.upserted name', 'user.upserted email']));
    expect(holding('text')).toContain('message.created text');
  });

  it('keeps what numbers are made of, and no member that is not ours', () => {
    const data = {
      runId: 'r',
      completedAt: '2026-01-01T00:00:00Z',
      status: 'FAILED',
      errorSummary: 'Ann’s key was refused',
      costUsd: '0.5',
      usage: [{ model: 'm', inputTokens: 1, outputTokens: 2, note: 'asked by Ann', cacheReadTokens: null }],
      phases: [{ name: 'plan', startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:00:01Z', by: 'Ann' }],
      artifacts: { linesAdded: 3, author: 'Ann' },
      prompt: 'Ann asks',
    };
    expect(withoutPerson('run.completed', data, { userId: 'ann', pseudonym: PSEUDONYM })).toEqual({
      runId: 'r',
      completedAt: '2026-01-01T00:00:00Z',
      status: 'FAILED',
      errorSummary: '',
      costUsd: '0.5',
      usage: [{ model: 'm', inputTokens: 1, outputTokens: 2, cacheReadTokens: null }],
      phases: [{ name: 'plan', startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:00:01Z' }],
      artifacts: { linesAdded: 3 },
    });
  });
});

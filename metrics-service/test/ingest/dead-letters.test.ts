import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listDeadLetters, type DeadLetter } from '../../src/ingest/dead-letters.js';
import { replayDeadLetters } from '../../src/ingest/replay.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testService, type Answer, type TestService } from '../support/service.js';

const SECRET = 'the words of a prompt';
const LIMIT = 5;
let service: TestService;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  service = await testService({ config: { maxDeadLetters: LIMIT } });
  tokens.acme = service.token;
  for (const org of ['bounded', 'replayed', 'silent']) tokens[org] = await service.organization(org);
  tokens.talking = await service.organization('talking', { storeText: true });
});
afterAll(() => service.stop());

const send = (org: string, body: unknown, type = 'application/json'): Promise<Answer> =>
  service.request('/v1/events', { body, token: tokens[org]!, headers: { 'content-type': type } });
const letters = (org: string): Promise<DeadLetter[]> =>
  service.database.inOrganization(org, (tx) => listDeadLetters(tx, { limit: 100 }));

const message = (id: string, data: Record<string, unknown> = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'message.created',
  data: { messageId: id, sessionId: 's', role: 'user', sentAt: '2026-01-31T09:00:00Z', text: SECRET, ...data },
});

async function everything(org: string): Promise<string> {
  const { rows } = await service.database.inOrganization(org, (tx) =>
    tx.query<{ all: string }>(`
      select concat(
        (select string_agg(events::text, '') from events),
        (select string_agg(messages::text, '') from messages),
        (select string_agg(dead_letters::text, '') from dead_letters)
      ) as all`),
  );
  return rows[0]!.all;
}

describe('a rejected event', () => {
  it('is kept with its reason', async () => {
    await send('acme', message('bad-1', { role: 'robot' }));
    expect(await letters('acme')).toMatchObject([
      {
        source: '/test',
        eventId: 'bad-1',
        code: 'invalid_event',
        path: 'data.role',
        message: expect.stringContaining('user, agent, system'),
        event: { id: 'bad-1', data: { role: 'robot' } },
      },
    ]);
  });

  it('of which there are too many: the oldest make room', async () => {
    const bad = Array.from({ length: LIMIT + 3 }, (_, index) => message(`bad-${index}`, { role: 'robot' }));
    await send('bounded', bad.slice(0, 4));
    await send('bounded', bad.slice(4));
    const ids = (await letters('bounded')).map((letter) => letter.eventId);
    expect(ids).toEqual(['bad-7', 'bad-6', 'bad-5', 'bad-4', 'bad-3']);
  });
});

describe('an organization that does not store text', () => {
  it('has none of it on disk, accepted or rejected, whatever it looks like', async () => {
    const bodies: unknown[] = [
      message('good'),
      message('bad', { role: 'robot' }),
      message('no-text', { text: [SECRET] }),
      { ...message('unknown'), type: 'message.shouted' },
      { ...message('text-data'), data: SECRET },
      { ...message('encoded'), data: undefined, data_base64: SECRET },
      { specversion: '1.0', id: 'nested', source: '/test', type: 'run.queued', data: { deep: [{ text: SECRET }] } },
      SECRET,
      [SECRET],
    ];
    const answer = await send('silent', bodies);
    expect(answer.body).toMatchObject({ accepted: 1 });
    await send('silent', `${SECRET}\n"${SECRET}"`, 'application/x-ndjson');
    expect(await everything('silent')).not.toContain(SECRET);
  });

  it('counts a message sent again with its text as a copy', async () => {
    expect((await send('silent', message('good'))).body).toMatchObject({ duplicates: 1 });
  });
});

describe('an organization that stores text', () => {
  it('has it in the table, the log and the dead letter', async () => {
    await send('talking', [message('m1'), message('m2', { role: 'robot' })]);
    const { rows } = await service.database.inOrganization('talking', (tx) => tx.query('select text from messages'));
    expect(rows).toEqual([{ text: SECRET }]);
    expect((await everything('talking')).split(SECRET)).toHaveLength(4);
  });

  it('takes free text of 64 KiB and not of a byte more', async () => {
    const longest = 'é'.repeat(32_768);
    expect((await send('talking', message('m3', { text: longest }))).status).toBe(200);
    const answer = await send('talking', message('m4', { text: `${longest}x` }));
    expect(answer.body.rejected).toMatchObject([{ path: 'data.text', message: expect.stringContaining('64 KiB') }]);
  });
});

describe('replay', () => {
  it('accepts what is valid now, removes it, and leaves the others', async () => {
    const { database } = service;
    await send('replayed', [message('a', { role: 'robot' }), message('b', { role: 'robot' })]);
    const [, oldest] = await letters('replayed');
    // as if this version had learned to read it
    await database.inOrganization('replayed', (tx) =>
      tx.query(`update dead_letters set event = jsonb_set(event, '{data,role}', '"user"') where dead_letter_id = $1`, [
        oldest!.deadLetterId,
      ]),
    );
    const result = await replayDeadLetters(database, 'replayed', { prices: loadPrices(), now: Date.now() });
    expect(result).toMatchObject({ accepted: 1, duplicates: 0, rejected: [{ fault: { path: 'data.role' } }] });
    expect((await letters('replayed')).map((letter) => letter.eventId)).toEqual(['b']);
    expect((await send('replayed', message('a'))).body).toMatchObject({ duplicates: 1 });
    expect(await replayDeadLetters(database, 'replayed', { prices: loadPrices(), now: Date.now() })).toMatchObject({
      accepted: 0,
    });
    expect(await letters('replayed')).toHaveLength(1);
  });

  it('of one by its id', async () => {
    const [letter] = await letters('replayed');
    const result = await replayDeadLetters(service.database, 'replayed', {
      prices: loadPrices(),
      now: Date.now(),
      id: letter!.deadLetterId,
    });
    expect(result.rejected).toHaveLength(1);
    expect(
      await replayDeadLetters(service.database, 'replayed', { prices: loadPrices(), now: Date.now(), id: '999999' }),
    ).toMatchObject({
      accepted: 0,
    });
  });
});

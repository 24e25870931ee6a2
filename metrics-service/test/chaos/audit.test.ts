import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { audit } from './audit.js';
import { Ledger } from './ledger.js';
import { sendUntil } from './sender.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

/** An organization with events, that must pass: whatever is done to it afterwards must not. */
async function sound(orgId: string) {
  const token = await service.organization(orgId);
  const ledger = new Ledger(new Random(7), orgId);
  const send = async (batches: number): Promise<void> => {
    const receiver = { url: () => service.address, token, ledger };
    const traffic = { requests: 0, answers: {} };
    const limits = { random: new Random(8), traffic, longestPauseMs: 0 };
    await sendUntil(() => batches-- === 0, [receiver], limits);
  };
  const differences = () =>
    audit(ledger, {
      databaseUrl: service.url,
      url: service.address,
      token,
      rebuild: async () => void (await rebuild(service.database, orgId, loadPrices())),
    });
  await send(25);
  expect(await differences()).toEqual([]);
  expect(ledger.rejected.size).toBeGreaterThan(0);
  const tamper = async (sql: string, ...values: unknown[]): Promise<void> => {
    const { rowCount } = await service.database.inOrganization(orgId, (tx) => tx.query(sql, [orgId, ...values]));
    expect(rowCount).toBeGreaterThan(0);
  };
  return { token, ledger, send, differences, tamper };
}

const complaint = (text: string) => expect.arrayContaining([expect.stringContaining(text)]);

describe('what compares acknowledged and stored tells', () => {
  it('an event that is gone, log and tables alike', async () => {
    const { ledger, tamper, differences } = await sound('gone');
    const { id } = ledger.acknowledged.find(({ type }) => type === 'message.created')!;
    await tamper('delete from events where org_id = $1 and id = $2', id);
    await rebuild(service.database, 'gone', loadPrices());
    expect(await differences()).toEqual(complaint(`event ${id} was acknowledged and is not in the log`));
  });

  it('an event that came in behind its back', async () => {
    const { token, differences } = await sound('unknown');
    const data = { messageId: 'm', sessionId: 's1', role: 'user', sentAt: '2026-03-02T00:00:00Z' };
    const event = { specversion: '1.0', source: 'x', id: 'x', type: 'message.created', data };
    expect((await service.request('/v1/events', { token, body: event })).status).toBe(200);
    expect(await differences()).toEqual(complaint('event x is in the log and nobody sent it'));
  });

  it('an event that was changed', async () => {
    const { ledger, tamper, differences } = await sound('changed');
    const { id } = ledger.acknowledged[0]!;
    await tamper(`update events set time = time + interval '1 ms' where org_id = $1 and id = $2`, id);
    expect(await differences()).toEqual(complaint(`event ${id} is not in the log as it was sent`));
  });

  it('a row that the log does not say', async () => {
    const { tamper, differences } = await sound('twice');
    await tamper('update runs set input_tokens = input_tokens * 2 where org_id = $1 and input_tokens > 0');
    expect(await differences()).toEqual(complaint('runs: a rebuild does not make'));
  });

  it('a number that the events do not say', async () => {
    const { tamper, differences } = await sound('wrong-number');
    await tamper(`update organizations set post_handoff_ms = 1 where org_id = $1`);
    expect(await differences()).toEqual(complaint('post_handoff_iteration_rate'));
  });

  it('a dead letter that is gone', async () => {
    const { tamper, differences } = await sound('no-letters');
    await tamper(`delete from dead_letters where org_id = $1`);
    expect(await differences()).toEqual(complaint('kept 0 times'));
  });

  it('what had been lost, although a sender has sent it again since', async () => {
    const { send, tamper, differences } = await sound('healed');
    await tamper('delete from events where org_id = $1');
    await send(25);
    expect(await differences()).toEqual(complaint('accepted of'));
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createToken } from '../../src/access/tokens.js';
import type { TokenScope } from '../../src/contract/access.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import type { SentEvent } from '../oracle/types.js';
import { eventsArbitrary, randomEvents } from '../support/random-events.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 25);
/** The same cases each time; another seed tries others. */
const SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);

describe('the tables are a function of the set of accepted events', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService();
  });
  afterAll(() => service.stop());

  /** Batches of any size, in any order, some events again, by up to four senders at once with two kinds of token. */
  const sendSomehow = async (orgId: string, events: SentEvent[], random: Random): Promise<void> => {
    const make = async (scopes: TokenScope[]) =>
      (await createToken(service.database, orgId, { name: 't', scopes })).token;
    const tokens = { 1: await make(['ingest', 'directory', 'admin']), 0: await make(['ingest', 'admin']) };
    const sent = random.shuffled([...events, ...random.some(events, Math.floor(events.length / 4))]);
    const batches: { token: string; events: SentEvent[] }[] = [];
    for (const rank of random.shuffled([0, 1] as const)) {
      // what has less rank comes from a token that has no more, or says so itself
      const ofRank = sent.filter(({ runboardrank = 1 }) => runboardrank === rank);
      while (ofRank.length > 0) {
        const some = ofRank.splice(0, random.integer(1, random.pick([3, 40])));
        const isSaid = rank === 1 || random.chance(0.5);
        // what administrators say is of rank 1 where it does not say otherwise
        const without = ({ runboardrank: rank, ...event }: SentEvent): SentEvent =>
          event.type.startsWith('budget.') ? { ...event, runboardrank: rank! } : event;
        const events = isSaid ? some : some.map(without);
        batches.push({ token: tokens[isSaid ? 1 : 0], events });
      }
    }
    const inAnyOrder = random.shuffled(batches);
    let accepted = 0;
    const senders = Array.from({ length: random.integer(1, 4) }, async () => {
      for (let batch = inAnyOrder.pop(); batch; batch = inAnyOrder.pop()) {
        const answer = await service.accept(batch.token, batch.events);
        accepted += answer.accepted;
      }
    });
    await Promise.all(senders);
    expect(accepted).toBe(events.length);
  };

  it('whatever the order, the batches, the repetition and the senders; and rebuild makes the same again', async () => {
    await fc.assert(
      fc.asyncProperty(eventsArbitrary(), fc.integer({ min: 0 }), async (events, seed) => {
        const inOrder = await service.newOrganization();
        if (events.length > 0) await service.accept(inOrder.token, events);
        const expected = await tablesOf(service.database, inOrder.orgId);

        const shuffled = await service.newOrganization();
        await sendSomehow(shuffled.orgId, events, new Random(seed));
        expect(await tablesOf(service.database, shuffled.orgId)).toEqual(expected);

        await rebuild(service.database, shuffled.orgId, loadPrices());
        expect(await tablesOf(service.database, shuffled.orgId)).toEqual(expected);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
  }, 600_000);

  it('one event at a time', async () => {
    const { events } = randomEvents(7, { count: 120 });
    const whole = await service.newOrganization();
    await service.accept(whole.token, events);
    const single = await service.newOrganization();
    for (const event of new Random(1).shuffled(events)) await service.accept(single.token, [event]);
    expect(await tablesOf(service.database, single.orgId)).toEqual(await tablesOf(service.database, whole.orgId));
  }, 400_000);
});

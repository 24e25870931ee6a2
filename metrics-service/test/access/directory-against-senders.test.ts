import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createToken } from '../../src/access/tokens.js';
import { TOKEN_SCOPES, type TokenScope } from '../../src/contract/access.js';
import { exportEvents } from '../../src/export/events.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { replayDeadLetters } from '../../src/ingest/replay.js';
import { loadPrices } from '../../src/pricing/index.js';
import { collected } from '../support/collected.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { headersOf } from './viewers.js';

/** Whatever senders without scope directory say, and when: who somebody is, is what the directory alone would make it. */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 6);
/** The same cases each time; another seed tries others. */
const SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const EMAILS = ['ann@x', 'bob@x', 'eve@x'];
const IDS = ['ann', 'ann@x', 'ANN@x', 'bob', 'bob@x', 'eve@x', 'u-1', 'u-2'];
const SENDERS = TOKEN_SCOPES.filter((scope) => scope !== 'directory');
const OF_DIRECTORY = ['role', 'team', 'kind', 'aliases'];

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

interface Said {
  id: string;
  source: string;
  type: string;
  data: Record<string, unknown>;
}

/** Few ids and sources, so that others have taken them. */
function saidBy(random: Random, about: readonly string[], ofDirectory: boolean): Said[] {
  // of what is refused the rest says nothing
  const chance = ofDirectory ? 0.3 : 0.05;
  const maybe = <T>(chance: number, ...values: T[]): T | undefined =>
    random.chance(chance) ? random.pick(values) : undefined;
  const events = Array.from({ length: random.integer(1, 30) }, (): Said => {
    const time = `2026-01-0${random.integer(1, 4)}T00:00:00Z`;
    const identity = { specversion: '1.0', source: random.pick(['a', 'b']), id: `e${random.integer(1, 20)}`, time };
    const userId = random.pick(about);
    if (random.chance(0.1)) {
      const hint = { idHintId: `h${random.integer(1, 3)}`, userId, otherId: random.pick(IDS), at: time };
      return { ...identity, type: 'id_hint.recorded', data: hint };
    }
    if (random.chance(0.1)) {
      const run = { runId: `r${random.integer(1, 3)}`, sessionId: 's', userId, startedAt: time };
      return { ...identity, type: 'run.started', data: run };
    }
    const data = {
      userId,
      email: maybe(0.5, 'ann@x', ' Ann@X', 'bob@x', 'eve@x', '', null),
      name: maybe(0.3, 'Ann', 'Bob', ''),
      role: maybe(chance, 'admin', 'manager', 'member', '', null),
      team: maybe(chance, 'core', 'web', ''),
      kind: maybe(chance, 'service', 'person'),
      aliases: random.chance(chance) ? random.some(IDS, random.integer(0, 3)) : undefined,
    };
    return { ...identity, type: 'user.upserted', data };
  });
  return [...new Map(events.map((event) => [`${event.source} ${event.id}`, event])).values()];
}

async function organization(): Promise<{ orgId: string; make: (scopes: TokenScope[]) => Promise<string> }> {
  const { orgId } = await service.newOrganization();
  const make = async (scopes: TokenScope[]) =>
    (await createToken(service.database, orgId, { name: 't', scopes })).token;
  return { orgId, make };
}

/** What is only the directory's to say, and whom it makes of the viewers with these e-mails. */
async function known(orgId: string, grafana: string): Promise<Known> {
  const { users, persons } = await tablesOf(service.database, orgId);
  const rows = users!.map((text) => JSON.parse(text) as Record<string, unknown>);
  const said = rows
    .map(({ user_id, role, team, kind, aliases }) => ({ user_id, role, team, kind, aliases }))
    .filter(({ user_id: _, ...members }) => Object.values(members).some((value) => value !== null))
    .map((row) => JSON.stringify(row));
  const called = Object.fromEntries(
    rows.map(({ user_id: id, name, email }) => [
      id,
      Object.fromEntries(Object.entries({ name, email }).filter(([, value]) => value !== null)),
    ]),
  );
  const viewers = await Promise.all(EMAILS.map((email) => me(grafana, email)));
  return { users: said.sort(), persons: persons!, called, viewers };
}

interface Known {
  users: string[];
  persons: string[];
  /** names and e-mails by user id, which others may say, too */
  called: Record<string, object>;
  viewers: Me[];
}

interface Me {
  user: { id: string; role: string | null; team: string | null } | null;
  sees: string;
  reason: string | null;
}

async function me(grafana: string, email: string): Promise<Me> {
  const headers = headersOf({ kind: 'user', role: 'Viewer', auth: 'oauth_google', email });
  const { viewer, sees, reason } = (await service.request('/v1/me', { token: grafana, headers })).body;
  const { id, role, team } = viewer.user ?? {};
  return { user: viewer.user && { id, role, team }, sees, reason };
}

/** Whom the directory knows, or knows to be several, is not changed; whoever else is found is nobody in particular. */
function expectTheSame(viewers: Me[], alone: Me[]): void {
  for (const [index, one] of viewers.entries()) {
    if (alone[index]!.reason?.includes('no user of this organization')) {
      expect(one.user ?? { role: null, team: null }).toMatchObject({ role: null, team: null });
      expect(['self', 'nothing']).toContain(one.sees);
    } else {
      expect(one).toEqual(alone[index]);
    }
  }
}

it('is only what the directory says, in any order, also rebuilt, replayed and moved', async () => {
  let [found, forbidden] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })), async (seed) => {
      const random = new Random(seed);
      const about = random.some(IDS, random.pick([1, 2, 4, IDS.length]));
      const [directory, others] = [saidBy(random, about, true), saidBy(random, about, false)];
      const alone = await organization();
      await service.accept(await alone.make(['ingest', 'directory']), directory);
      const expected = await known(alone.orgId, await alone.make(['read', 'delegate']));
      found += expected.viewers.filter(({ user }) => user !== null).length;

      const among = await organization();
      const [ofDirectory, ofOthers, grafana] = [
        await among.make(['ingest', 'directory']),
        await among.make(random.pick([['ingest'], SENDERS])),
        await among.make(['read', 'delegate']),
      ];
      const sent = random.shuffled([
        ...directory.map((event) => ({ token: ofDirectory, event })),
        ...others.map((event) => ({ token: ofOthers, event: { ...event, ...random.pick([{}, { runboardrank: 1 }]) } })),
      ]);
      while (sent.length > 0) {
        const { token } = sent[0]!;
        const other = sent.findIndex((one) => one.token !== token);
        const batch = sent.splice(0, other < 0 ? sent.length : other).map(({ event }) => event);
        const isForbidden = ({ data }: Said): boolean => OF_DIRECTORY.some((member) => (data[member] ?? null) !== null);
        const refused = batch.flatMap((event, index) => (token === ofOthers && isForbidden(event) ? [index] : []));
        const { body } = await service.request('/v1/events', { token, body: batch });
        expect(body.rejected).toMatchObject(refused.map((index) => ({ index, code: 'forbidden' })));
        forbidden += refused.length;
      }
      const check = async (orgId: string, reader: string): Promise<void> => {
        const { users, persons, called, viewers } = await known(orgId, reader);
        expect([users, persons]).toEqual([expected.users, expected.persons]);
        expect(called).toMatchObject(expected.called);
        expectTheSame(viewers, expected.viewers);
      };
      await check(among.orgId, grafana);
      await replayDeadLetters(service.database, among.orgId, { prices: loadPrices(), now: Date.now() });
      await rebuild(service.database, among.orgId, loadPrices());
      await check(among.orgId, grafana);

      const lines = (await collected((to) => exportEvents(service.database, among.orgId, to))).trim().split('\n');
      const moved = await organization();
      const body = lines.map((line) => JSON.parse(line) as object);
      await service.accept(await moved.make(['ingest', 'directory']), body);
      await check(moved.orgId, await moved.make(['read', 'delegate']));
      const stolen = await organization();
      await service.request('/v1/events', { token: await stolen.make(SENDERS), body });
      const { users, persons, viewers } = await known(stolen.orgId, await stolen.make(['read', 'delegate']));
      expect([users, persons]).toEqual([[], []]);
      for (const { user, sees } of viewers) {
        expect(user ?? { role: null, team: null }).toMatchObject({ role: null, team: null });
        expect(['self', 'nothing']).toContain(sees);
      }
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: false, examples: [[1], [2], [3]] },
  );
  // the examples alone have some
  expect(Math.min(found, forbidden)).toBeGreaterThan(0);
}, 600_000);

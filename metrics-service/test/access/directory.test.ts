import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken, authenticate } from '../../src/access/tokens.js';
import { TOKEN_SCOPES, type TokenScope } from '../../src/contract/access.js';
import { exportEvents } from '../../src/export/events.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { replayDeadLetters } from '../../src/ingest/replay.js';
import { loadPrices } from '../../src/pricing/index.js';
import { collected } from '../support/collected.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { headersOf } from './viewers.js';

/** Whoever may only send events tries to become somebody else: an administrator above all. */
let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

/** Every set of scopes that may send events, but not say who somebody is. */
const SENDERS: TokenScope[][] = [
  ['ingest'],
  ['ingest', 'read'],
  ['ingest', 'read', 'delegate'],
  TOKEN_SCOPES.filter((scope) => scope !== 'directory'),
];

interface Office {
  orgId: string;
  directory: string;
  eve: string;
  grafana: string;
}

let offices = 0;
async function office(scopes: TokenScope[] = ['ingest']): Promise<Office> {
  const orgId = `office${(offices += 1)}`;
  const directory = await service.organization(orgId, { memberVisibility: 'self' }, ['ingest', 'directory']);
  const make = async (of: TokenScope[]) =>
    (await createToken(service.database, orgId, { name: 't', scopes: of })).token;
  return { orgId, directory, eve: await make(scopes), grafana: await make(['read', 'delegate']) };
}

let events = 0;
const upserted = (data: object, more: object = {}) => ({
  ...{ specversion: '1.0', source: 'test', id: `e${(events += 1)}`, type: 'user.upserted' },
  time: '2026-01-01T00:00:00Z',
  ...more,
  data,
});
const LATE = { time: '2026-06-01T00:00:00Z' };
const send = async (token: string, body: object) => (await service.request('/v1/events', { token, body })).body;

/** Who the viewer with that e-mail is, and what they see. */
async function seenAs({ grafana }: Office, email: string): Promise<unknown[]> {
  const viewer = { kind: 'user', role: 'Viewer', auth: 'oauth_google', email };
  const { body } = await service.request('/v1/me', { token: grafana, headers: headersOf(viewer) });
  return [body.viewer.user?.id ?? null, body.viewer.user?.role ?? null, body.sees];
}

const ATTEMPTS: [attempt: string, data: object, path: string][] = [
  ['a role', { userId: 'eve@x', role: 'admin' }, 'data.role'],
  ['no role', { userId: 'boss', role: '' }, 'data.role'],
  ['a team', { userId: 'eve@x', team: 'core' }, 'data.team'],
  ['another kind', { userId: 'boss', kind: 'service' }, 'data.kind'],
  ['aliases', { userId: 'eve@x', aliases: ['boss'] }, 'data.aliases'],
  ['no aliases', { userId: 'boss', aliases: [] }, 'data.aliases'],
];

describe.each(SENDERS.map((scopes) => [scopes.join(', '), scopes] as const))('a token with %s', (_name, scopes) => {
  it.each(ATTEMPTS)('says nobody’s place: %s', async (_attempt, data, path) => {
    const place = await office(scopes);
    const [forbidden, harmless] = [
      upserted(data, LATE),
      upserted({ userId: 'new', name: 'New', role: null, team: null }),
    ];
    expect(await send(place.eve, [forbidden, harmless])).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'forbidden', path, message: expect.stringContaining('scope directory') }],
    });
    // it does not use up its id
    expect(await send(place.directory, [forbidden])).toMatchObject({ accepted: 1, rejected: [] });
  });

  it('is nobody by an e-mail that it says, before and after the directory speaks', async () => {
    const place = await office(scopes);
    const said = upserted({ userId: 'eve', email: 'boss@x', name: 'Eve' }, LATE);
    const directory = [
      upserted({ userId: 'boss', email: 'boss@x', name: 'Boss', role: 'admin' }),
      upserted({ userId: 'eve@x', role: 'member' }),
    ];
    await send(place.eve, [said]);
    expect(await seenAs(place, 'boss@x')).toEqual([null, null, 'nothing']);
    await send(place.directory, directory);
    const taking = [
      // the administrator's e-mail becomes Eve's, or anybody's
      upserted({ userId: 'boss', email: 'eve@x' }, LATE),
      upserted({ userId: 'eve@x', email: 'boss@x' }, LATE),
      // and ids that are it
      upserted({ userId: 'boss@x', name: 'Boss' }, LATE),
      upserted({ userId: 'BOSS@x', name: 'Boss' }, LATE),
      upserted({ userId: ' boss@x', name: 'Boss' }, LATE),
    ];
    expect(await send(place.eve, taking)).toMatchObject({ accepted: 5 });
    expect(await seenAs(place, 'boss@x')).toEqual(['boss', 'admin', 'organization']);
    expect(await seenAs(place, 'eve@x')).toEqual(['eve@x', 'member', 'self']);
    await rebuild(service.database, place.orgId, loadPrices());
    expect(await seenAs(place, 'boss@x')).toEqual(['boss', 'admin', 'organization']);
    expect(await seenAs(place, 'eve@x')).toEqual(['eve@x', 'member', 'self']);
  });

  it('cannot take an id away from the directory, nor change what it said', async () => {
    const place = await office(scopes);
    const said = upserted({ userId: 'boss', email: 'boss@x', name: 'Boss', role: 'admin' });
    const squat = { ...upserted({ userId: 'boss', email: 'eve@x', name: 'Eve' }), id: said.id, ...LATE };
    expect(await send(place.eve, [squat])).toMatchObject({ accepted: 1 });
    expect(await send(place.directory, [said])).toMatchObject({ accepted: 1 });
    expect(await send(place.directory, [said])).toMatchObject({ duplicates: 1 });
    expect(await send(place.eve, [squat])).toMatchObject({ duplicates: 1 });
    expect(await send(place.eve, [{ ...squat, data: { userId: 'boss', name: 'X' } }])).toMatchObject({
      rejected: [{ code: 'id_reused' }],
    });
    expect(await seenAs(place, 'boss@x')).toEqual(['boss', 'admin', 'organization']);
    expect(await seenAs(place, 'eve@x')).toEqual([null, null, 'nothing']);
    expect((await tablesOf(service.database, place.orgId)).events).toHaveLength(2);
  });

  it('becomes nobody by what says of itself that it has rank, by a replay, nor by an export that is imported', async () => {
    const place = await office(scopes);
    await send(place.directory, [upserted({ userId: 'eve@x', role: 'admin' })]);
    const exported = await collected((to) => exportEvents(service.database, place.orgId, to));
    const other = await office(scopes);
    const [line] = exported
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as object);
    for (const runboardrank of [undefined, 1, '1']) {
      expect(await send(other.eve, { ...line, runboardrank })).toMatchObject({ rejected: [{ code: 'forbidden' }] });
    }
    expect(await send(other.eve, { ...line, runboardrank: 2 })).toMatchObject({
      rejected: [{ code: 'invalid_event', path: 'runboardrank' }],
    });
    await send(other.eve, { ...upserted({ userId: 'eve', email: 'boss@x' }), runboardrank: 1 });
    expect(
      await replayDeadLetters(service.database, other.orgId, { prices: loadPrices(), now: Date.now() }),
    ).toMatchObject({
      accepted: 0,
      rejected: [{ fault: { code: 'forbidden' } }, {}, {}, {}],
    });
    expect(await seenAs(other, 'eve@x')).toEqual([null, null, 'nothing']);
    expect(await seenAs(other, 'boss@x')).toEqual([null, null, 'nothing']);
  });
});

describe('rejected events', () => {
  it('keep the rights of their token; an operator may send them as the directory', async () => {
    const place = await office();
    const forbidden = upserted({ userId: 'eve@x', role: 'admin' });
    const unreadable = upserted({ userId: 'ann', role: 'boss' });
    await send(place.eve, [forbidden]);
    await send(place.directory, [unreadable]);
    const replay = (options?: object) =>
      replayDeadLetters(service.database, place.orgId, { prices: loadPrices(), now: Date.now(), ...options });
    // as if this version had learned to read it
    await service.database.inOrganization(place.orgId, (tx) =>
      tx.query(`update dead_letters set event = jsonb_set(event, '{data,role}', '"admin"') where event_id = $1`, [
        unreadable.id,
      ]),
    );
    expect(await replay()).toMatchObject({ accepted: 1, rejected: [{ fault: { code: 'forbidden' } }] });
    expect(await seenAs(place, 'eve@x')).toEqual([null, null, 'nothing']);
    expect(await replay({ asDirectory: true })).toMatchObject({ accepted: 1, rejected: [] });
    expect(await seenAs(place, 'eve@x')).toEqual(['eve@x', 'admin', 'organization']);
  });
});

describe('a user', () => {
  it('is found by an id that is the e-mail, also one among others, where it is one person', async () => {
    const place = await office();
    await send(place.eve, [upserted({ userId: 'Ann@x', name: 'Ann' }), upserted({ userId: 'bo', email: 'bo@x' })]);
    expect(await seenAs(place, ' ann@X\t')).toEqual(['Ann@x', null, 'self']);
    // it is not white space of ASCII, and may be somebody else's address
    expect(await seenAs(place, 'ann@x\u00a0')).toEqual([null, null, 'nothing']);
    expect(await seenAs(place, 'bo@x')).toEqual([null, null, 'nothing']);
    await send(place.eve, [upserted({ userId: 'ANN@x' })]);
    expect(await seenAs(place, 'ann@x')).toEqual([null, null, 'nothing']);
    await send(place.directory, [upserted({ userId: 'Ann@x', team: 'core' })]);
    expect(await seenAs(place, 'ann@x')).toEqual(['Ann@x', null, 'self']);
    await send(place.directory, [upserted({ userId: 'u-1', aliases: ['ann@x', 'Ann@x', 'bo@x'], role: 'manager' })]);
    expect(await seenAs(place, 'ann@x')).toEqual(['u-1', 'manager', 'organization']);
    expect(await seenAs(place, 'bo@x')).toEqual(['u-1', 'manager', 'organization']);
    // the directory says that it is two people's
    await send(place.directory, [upserted({ userId: 'u-2', email: 'ann@x' })]);
    expect(await seenAs(place, 'ann@x')).toEqual([null, null, 'nothing']);
  });

  it('of whom the directory says the id alone is known by it', async () => {
    const place = await office();
    await send(place.directory, [upserted({ userId: 'ann@x' })]);
    await send(place.eve, [upserted({ userId: 'ANN@x', name: 'Ann' }), upserted({ userId: 'ann@x', name: 'A' }, LATE)]);
    expect(await seenAs(place, 'ann@x')).toEqual(['ann@x', null, 'self']);
  });

  it('who was called something by both ranks is called what the directory says, and found by that alone', async () => {
    const place = await office();
    await send(place.eve, [upserted({ userId: 'ann', email: 'ann@x', name: 'Annie' }, LATE)]);
    await send(place.directory, [upserted({ userId: 'ann', name: 'Ann', role: 'manager' })]);
    // its e-mail is still only said by who sends
    expect(await seenAs(place, 'ann@x')).toEqual([null, null, 'nothing']);
    await send(place.directory, [upserted({ userId: 'ann', email: 'ann@x' })]);
    expect(await seenAs(place, 'ann@x')).toEqual(['ann', 'manager', 'organization']);
    await send(place.directory, [upserted({ userId: 'ann', email: '' }, LATE)]);
    expect(await seenAs(place, 'ann@x')).toEqual([null, null, 'nothing']);
  });
});

it('opens nothing that a token with scope directory is not given', async () => {
  const place = await office();
  expect((await authenticate(service.database, place.directory, Date.now()))?.scopes).toEqual(['ingest', 'directory']);
  const asked = await service.request('/v1/query', { token: place.directory, body: { queries: [] } });
  expect([asked.status, asked.body.code]).toEqual([403, 'missing_scope']);
  const { token } = await createToken(service.database, place.orgId, { name: 'only', scopes: ['directory'] });
  expect((await service.request('/v1/events', { token, body: [] })).status).toBe(403);
});

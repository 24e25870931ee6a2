import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { updateOrganization } from '../../src/access/organizations.js';
import { createToken, revokeToken } from '../../src/access/tokens.js';
import { fastestOf, openStream, type EventStream, type Message } from '../support/event-stream.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();

let service: TestService;
/** another process on the same database */
let replica: TestService;
const open: EventStream[] = [];

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  const on = { ...service, drop: () => Promise.resolve() };
  replica = await testService({ clock: () => NOW, organization: 'of-replica', on });
});
afterEach(() => open.splice(0).forEach((stream) => stream.close()));
afterAll(async () => {
  await replica.stop();
  await service.stop();
});

let events = 0;
const event = (type: string, data: object): object => {
  events += 1;
  return { specversion: '1.0', source: 'platform', id: `e${events}`, type, time: at(0), data };
};
const started = (runId: string, more: object = {}): object =>
  event('run.started', { runId, sessionId: `s-${runId}`, startedAt: at(5), ...more });
const progressed = (runId: string, step: number): object => event('run.progressed', { runId, at: at(0), step });
const ended = (runId: string): object => event('run.completed', { runId, completedAt: at(0), status: 'SUCCEEDED' });

async function read(token: string, { path = '', headers = {}, from = service } = {}): Promise<EventStream> {
  const stream = await openStream(`${from.address}/v1/live${path}`, { authorization: `Bearer ${token}`, ...headers });
  open.push(stream);
  return stream;
}

const runsIn = ({ data }: Message): string[] => data.runs.map(({ run }: { run: string }) => run).sort();

describe('GET /v1/live', () => {
  it('says what is, then what changes, within half a second', async () => {
    const { token } = await service.newOrganization();
    await service.accept(token, [started('a'), started('b', { role: 'builder' })]);
    const stream = await read(token);
    const snapshot = await stream.next();
    expect([snapshot.event, runsIn(snapshot)]).toEqual(['snapshot', ['a', 'b']]);
    expect(snapshot.data.numbers).toMatchObject({ queued_runs_now: 0, in_flight_runs_now: 2, stuck_runs_now: 0 });
    expect(snapshot.data.runs).toContainEqual(expect.objectContaining({ run: 'b', role: 'builder', state: 'running' }));

    const [change, fastest] = await fastestOf(3, async (tried) => {
      await service.accept(token, [progressed('a', 3 + tried)]);
      return () => stream.next();
    });
    expect(fastest).toBeLessThan(500);
    expect(change).toMatchObject({ event: 'change', data: { changed: [{ run: 'a', step: 5 }], gone: [] } });
    // what is the same is not told again
    expect(change.data.changed[0]).not.toHaveProperty('state');
    expect(change.data.numbers).toBeUndefined();

    await service.accept(token, [ended('a')]);
    expect(await stream.next()).toMatchObject({
      data: { changed: [], gone: ['a'], numbers: { in_flight_runs_now: 1 } },
    });
  });

  it('tells of the runs that its filters pass, and of no more than asked for', async () => {
    const { token } = await service.newOrganization();
    await service.accept(token, [
      started('a', { role: 'x' }),
      started('b', { role: 'y' }),
      started('c', { role: 'y' }),
    ]);
    const filtered = await read(token, { path: '?var-role=y' });
    expect(runsIn(await filtered.next())).toEqual(['b', 'c']);
    const one = await (await read(token, { path: '?limit=1&filters={"role":["y"]}' })).next();
    expect([one.data.runs.length, one.data.notices]).toEqual([1, [expect.stringMatching(/first 1 of 2/)]]);
    await service.accept(token, [progressed('a', 1), progressed('c', 1)]);
    expect((await filtered.next()).data.changed).toMatchObject([{ run: 'c', step: 1 }]);
  });

  it('goes on after the last message that a reader has, whoever answers', async () => {
    const { token } = await service.newOrganization();
    await service.accept(token, [started('a')]);
    const stays = await read(token);
    const leaves = await read(token);
    const { id } = await leaves.next();
    await stays.next();
    leaves.close();
    for (const step of [1, 2]) {
      await service.accept(token, [progressed('a', step)]);
      await stays.next(({ data }) => data.changed?.[0]?.step === step);
    }
    const headers = { 'last-event-id': id! };
    const back = await read(token, { headers });
    const missed = [await back.next(), await back.next()];
    expect(missed.map(({ event, data }) => [event, data.changed[0].step])).toEqual([
      ['change', 1],
      ['change', 2],
    ]);
    // who has the latest is told nothing until something changes
    const same = await read(token, { headers: { 'last-event-id': missed[1]!.id! }, from: replica });
    const unknown = await read(token, { headers: { 'last-event-id': 'of-long-ago' } });
    expect((await unknown.next()).event).toBe('snapshot');
    await service.accept(token, [progressed('a', 3)]);
    expect((await same.next()).data.changed).toMatchObject([{ run: 'a', step: 3 }]);
  });

  it('tells what another process took in, within half a second', async () => {
    const { token } = await service.newOrganization();
    const stream = await read(token, { from: replica });
    expect((await stream.next()).data.runs).toEqual([]);
    // it listens as soon as somebody reads
    await service.accept(token, [started('first')]);
    await stream.next();
    const [change, fastest] = await fastestOf(3, async (tried) => {
      await service.accept(token, [started(`a${tried}`)]);
      return () => stream.next();
    });
    expect(fastest).toBeLessThan(500);
    expect(change.data.changed).toMatchObject([{ run: 'a2', state: 'running', step: null }]);
  });

  it('finds by itself what nobody told it of', async () => {
    const { token, orgId } = await service.newOrganization();
    await service.accept(token, [started('a')]);
    const stream = await read(token);
    await stream.next();
    await service.database.inOrganization(orgId, (tx) =>
      tx.query(`update runs set role = 'by hand' where org_id = $1`, [orgId]),
    );
    expect((await stream.next()).data.changed).toMatchObject([{ run: 'a', role: 'by hand' }]);
  });
});

describe('GET /v1/live without rows', () => {
  it('says at once, and after whatever comes in, that there may be something new', async () => {
    const { token } = await service.newOrganization();
    const stream = await read(token, { path: '?rows=false', from: replica });
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'moved', data: {} });
    // a message is no row of the view live
    const message = { messageId: 'm1', sessionId: 's', role: 'user', userId: 'u', sentAt: at(1) };
    await service.accept(token, [event('message.created', message)]);
    const second = await stream.next();
    expect([second.event, second.id === first.id]).toEqual(['moved', false]);

    const headers = { 'last-event-id': second.id! };
    const same = await read(token, { path: '?rows=false', headers });
    await service.accept(token, [started('a')]);
    // what it has already is not said again
    expect((await same.next()).id).toBe((await stream.next()).id);
  });

  it('says that somebody may see something else now', async () => {
    const token = await service.organization('of-settings');
    const stream = await read(token, { path: '?rows=false' });
    await stream.next();
    await updateOrganization(service.database, 'of-settings', { memberVisibility: 'self' });
    expect((await stream.next()).event).toBe('moved');
  });
});

describe('who reads a stream', () => {
  const DELEGATE = ['ingest', 'directory', 'read', 'delegate'] as const;
  const viewer = (email: string): Record<string, string> => ({
    ...{ 'x-runboard-viewer-kind': 'user', 'x-runboard-viewer-email': email, 'x-runboard-viewer-auth': 'trusted' },
  });
  const user = (userId: string, team: string): object =>
    event('user.upserted', { userId, email: `${userId}@example.org`, team });

  it('sees what they may see, and no more as soon as that changes', async () => {
    const token = await service.organization('teams', {}, [...DELEGATE]);
    const sent = [user('ann', 'core'), user('bob', 'core'), user('cyd', 'web')];
    const runs = ['ann', 'bob', 'cyd'].map((userId) => started(`of-${userId}`, { userId }));
    await service.accept(token, [...sent, ...runs]);
    const ann = await read(token, { headers: viewer('ann@example.org') });
    expect(runsIn(await ann.next())).toEqual(['of-ann', 'of-bob']);
    await service.accept(token, [
      event('run.progressed', { runId: 'of-cyd', at: at(0), step: 1 }),
      progressed('of-bob', 1),
    ]);
    expect((await ann.next()).data.changed.map(({ run }: { run: string }) => run)).toEqual(['of-bob']);

    await service.accept(token, [{ ...event('user.upserted', { userId: 'ann', team: 'web' }), time: at(-1) }]);
    expect(runsIn(await ann.next(({ event: name }) => name === 'snapshot'))).toEqual(['of-ann', 'of-cyd']);
    await updateOrganization(service.database, 'teams', { memberVisibility: 'self' });
    expect(runsIn(await ann.next(({ event: name }) => name === 'snapshot'))).toEqual(['of-ann']);
  });

  it('is a person: who sees numbers of many only is refused', async () => {
    const token = await service.organization('of-many', {}, [...DELEGATE]);
    const alert = await read(token, { headers: { 'x-runboard-viewer-kind': 'alert' } });
    expect(alert.status).toBe(400);
  });

  it('is told when the token ends', async () => {
    const { orgId } = await service.newOrganization();
    const { token, tokenId } = await createToken(service.database, orgId, { name: 'short', scopes: ['read'] });
    const stream = await read(token);
    await stream.next();
    await revokeToken(service.database, orgId, { tokenId });
    expect(await stream.next()).toMatchObject({ event: 'end', data: { reason: expect.stringMatching(/token/) } });
  });

  it('has twenty places, and the next once one is free', async () => {
    const { token } = await service.newOrganization();
    const streams = await Promise.all(Array.from({ length: 20 }, () => read(token)));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await read(token)).status).toBe(503);
    // questions have places of their own
    expect((await service.request('/v1/me', { token })).status).toBe(200);
    streams[0]!.close();
    let again = await read(token);
    for (let tries = 0; again.status === 503 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      again = await read(token);
    }
    expect(again.status).toBe(200);
  });

  it.each([
    ['no token', '', {}, 401],
    ['rows that are neither', '?rows=some', null, 400],
    ['a limit that is none', '?limit=0', null, 400],
    ['an unknown filter', '?filters={"x":["y"]}', null, 400],
    ['a filter that the view does not take', '?filters={"tool":["Bash"]}', null, 400],
    ['filters that are no JSON', '?filters={', null, 400],
  ])('is refused with %s', async (_what, path, headers, status) => {
    const stream = await openStream(
      `${service.address}/v1/live${path}`,
      headers ?? { authorization: `Bearer ${service.token}` },
    );
    expect(stream.status).toBe(status);
  });
});

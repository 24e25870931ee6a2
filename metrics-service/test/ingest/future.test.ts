import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import pg from 'pg';
import { exportEvents } from '../../src/export/events.js';
import { replayDeadLetters } from '../../src/ingest/replay.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const HOUR = 3_600_000;
const DAY_LATER = iso(NOW + 24 * HOUR);
const LATER = iso(NOW + 24 * HOUR + 1);

let service: TestService;
let now = NOW;
beforeAll(async () => {
  service = await testService({ clock: () => now });
});
afterAll(() => service.stop());

const at = iso(NOW);
let ids = 0;
const event = (type: string, data: object, time?: string) => {
  const id = `future-${(ids += 1)}`;
  return { specversion: '1.0', id, source: 'test', type, ...(time && { time }), data: { runId: id, ...data } };
};
const completed = (data: object) => event('run.completed', { status: 'FAILED', completedAt: at, ...data });
const phase = (startedAt: string, completedAt: string) => ({ name: 'edit', startedAt, completedAt });

async function asOwner(sql: string): Promise<{ rows: unknown[] }> {
  const client = new pg.Client({ connectionString: service.url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

async function dataAge(token = service.token): Promise<number> {
  const queries = [{ refId: 'A', view: 'total', metrics: ['data_age'] }];
  const { body } = await service.request('/v1/query', { token, body: { from: NOW - HOUR, to: NOW, queries } });
  return body.results.A.frames[0].data.values[0][0];
}

describe('a time more than 24 hours ahead of the clock of the service', () => {
  it.each<[string, object]>([
    ['time', event('run.deleted', {}, LATER)],
    ['time', event('run.deleted', {}, '2099-12-31T00:00:00Z')],
    ['data.startedAt', event('run.started', { sessionId: 's', startedAt: LATER }, at)],
    ['data.startedAt', completed({ startedAt: LATER })],
    ['data.phases.1.completedAt', completed({ phases: [phase(at, at), phase(at, LATER)] })],
  ])('is rejected: %s', async (path, wrong) => {
    const { status, body } = await service.request('/v1/events', { body: [wrong] });
    expect([status, body.rejected]).toMatchObject([422, [{ code: 'time_in_future', path }]]);
    expect(body.rejected[0].message).toContain('24 hours');
  });

  it('up to that, it is taken, and what is stated as of later can be corrected then', async () => {
    const ahead = event('run.started', { sessionId: 's', startedAt: DAY_LATER });
    await service.accept(service.token, [ahead, completed({ phases: [phase(at, DAY_LATER)] })]);
    expect(await dataAge()).toBe(0);
  });

  it('is taken from the dead letters once its time has come', async () => {
    const { token, orgId } = await service.newOrganization();
    await service.request('/v1/events', { token, body: [event('run.deleted', {}, LATER)] });
    const prices = loadPrices();
    expect(await replayDeadLetters(service.database, orgId, { prices, now })).toMatchObject({ accepted: 0 });
    now += 1;
    expect(await replayDeadLetters(service.database, orgId, { prices, now })).toMatchObject({ accepted: 1 });
    now = NOW;
  });
});

describe('a log of a version that took any time', () => {
  it('states it as of when it was received: what came later corrects it', async () => {
    const { token, orgId } = await service.newOrganization();
    const early = { ...event('user.upserted', {}, iso(NOW - HOUR)), data: { userId: 'ann', name: 'Ann of 2099' } };
    await service.accept(token, [early]);
    await asOwner(
      `update events set time = '2099-01-01', received_at = '${iso(NOW - HOUR)}' where org_id = '${orgId}'`,
    );
    const correction = { ...event('user.upserted', {}, at), data: { userId: 'ann', name: 'Ann' } };
    await service.accept(token, [correction]);
    await rebuild(service.database, orgId, loadPrices());
    const { rows } = await asOwner(`select name from users where org_id = '${orgId}'`);
    expect(rows).toEqual([{ name: 'Ann' }]);
    expect(await dataAge(token)).toBe(0);
  });

  it('is exported with when it was received, and imported without loss by whoever may bring a log along', async () => {
    const { token, orgId } = await service.newOrganization();
    const upserted = { ...event('user.upserted', {}, iso(NOW - HOUR)), data: { userId: 'ann', name: 'Ann of 2099' } };
    const started = event('run.started', { sessionId: 's', startedAt: iso(NOW - HOUR) }, iso(NOW - HOUR));
    await service.accept(token, [upserted, started]);
    await asOwner(
      `update events
       set received_at = '${iso(NOW - HOUR)}', time = '2099-01-01',
         data = case when type = 'run.started' then data || '{"startedAt": "2099-01-01T00:00:00Z"}' else data end
       where org_id = '${orgId}'`,
    );
    const chunks: string[] = [];
    await exportEvents(
      service.database,
      orgId,
      new Writable({ write: (chunk, _, done) => (chunks.push(String(chunk)), done()) }),
    );
    const events = chunks
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ runboardreceived }) => runboardreceived)).toEqual([iso(NOW - HOUR), iso(NOW - HOUR)]);

    const other = await service.newOrganization();
    await service.accept(other.token, events);
    const correction = { ...event('user.upserted', {}, at), data: { userId: 'ann', name: 'Ann' } };
    await service.accept(other.token, [correction]);
    const { rows } = await asOwner(`select name from users where org_id = '${other.orgId}'`);
    expect(rows).toEqual([{ name: 'Ann' }]);
    const runs = await asOwner(`select started_at from runs where org_id = '${other.orgId}'`);
    expect(runs.rows).toEqual([{ started_at: new Date('2099-01-01T00:00:00Z') }]);

    // whoever only sends events cannot say that they are old, and nobody can say it of what is still to come
    const sender = await service.organization('future-sender', {}, ['ingest']);
    const bare = events.filter(({ type }) => type === 'run.started');
    expect((await service.request('/v1/events', { token: sender, body: bare })).body).toMatchObject({
      rejected: [{ code: 'time_in_future' }],
    });
    const later = bare.map((one) => ({ ...one, id: 'later', runboardreceived: LATER }));
    expect((await service.request('/v1/events', { token: other.token, body: later })).body).toMatchObject({
      rejected: [{ code: 'time_in_future' }],
    });
  });
});

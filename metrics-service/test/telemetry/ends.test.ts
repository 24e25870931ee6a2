import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { settleSessions } from '../../src/ingest/settle.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { logsBody, nanosOf, type SentRecord } from './otlp.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => START + 30 * HOUR });
});
afterAll(() => service.stop());

type Attributes = Record<string, unknown>;
let sequence = 0;
const record = (event: string, seconds: number, attributes: Attributes): SentRecord => ({
  event,
  nanos: nanosOf(START + seconds * SECOND),
  attributes: { 'session.id': 's', 'event.sequence': (sequence += 1), ...attributes },
});
const prompt = (id: string, seconds: number, more: Attributes = {}) =>
  record('user_prompt', seconds, { 'prompt.id': id, prompt_length: 5, ...more });
const call = (id: string, seconds: number, request = `req_${id}_${seconds}`) =>
  record('api_request', seconds, {
    ...{ 'prompt.id': id, model: 'claude-sonnet-4-5', input_tokens: 100, output_tokens: 10, request_id: request },
  });
const error = (id: string, seconds: number, status = 529) =>
  record('api_error', seconds, { 'prompt.id': id, error: 'overloaded', status_code: String(status), attempt: 11 });
const decided = (id: string, seconds: number, decision: string, source: string) =>
  record('tool_decision', seconds, {
    ...{ 'prompt.id': id, tool_name: 'Bash', tool_use_id: `toolu_${id}_${seconds}`, decision, source },
  });
const result = (id: string, seconds: number, of: number) =>
  record('tool_result', seconds, {
    ...{ 'prompt.id': id, tool_name: 'Bash', tool_use_id: `toolu_${id}_${of}`, success: 'true', duration_ms: 900 },
  });

interface Org {
  orgId: string;
  token: string;
}

async function send({ token }: Org, records: SentRecord[]): Promise<void> {
  const { status, body } = await service.request('/v1/logs', { token, body: logsBody(records) });
  expect([status, body]).toEqual([200, {}]);
}

async function say({ token }: Org, type: string, data: object): Promise<void> {
  const event = { specversion: '1.0', id: `${type} ${(sequence += 1)}`, source: '/platform', type, data };
  await service.accept(token, [event]);
}

async function settle({ orgId }: Org): Promise<number> {
  return settleSessions(service.database, orgId, { prices: loadPrices(), settleMs: 0 });
}

/** As questions see them: status, end in seconds after the start, category. */
async function runs({ token }: Org): Promise<Record<string, unknown[]>> {
  const queries = [{ view: 'runs', direction: 'asc' }];
  const { body } = await service.request('/v1/query', {
    token,
    body: { from: START - HOUR, to: START + HOUR, queries },
  });
  const [frame] = body.results.A.frames as [{ schema: { fields: { name: string }[] }; data: { values: unknown[][] } }];
  const names = frame.schema.fields.map(({ name }) => name);
  const column = (name: string): unknown[] => frame.data.values[names.indexOf(name)]!;
  return Object.fromEntries(
    column('run').map((run, index) => {
      const endedAt = column('completed_at')[index] as number | null;
      const end = endedAt === null ? null : (endedAt - START) / SECOND;
      return [
        String(run).replace('key:prompt:s:', ''),
        [column('status')[index], end, column('failure_category')[index]],
      ];
    }),
  );
}

const IN_FLIGHT = ['IN_FLIGHT', null, null];

describe('a run that telemetry alone knows', () => {
  test('ends at its last record, once a later prompt is known; is none until the agent works', async () => {
    const org = await service.newOrganization();
    await send(org, [prompt('a', 0)]);
    expect(await runs(org)).toEqual({});
    await send(org, [call('a', 5), decided('a', 6, 'accept', 'config'), result('a', 8, 6), call('a', 20)]);
    expect(await runs(org)).toEqual({ a: IN_FLIGHT });
    await send(org, [prompt('b', 60)]);
    expect(await runs(org)).toEqual({ a: ['SUCCEEDED', 20, null] });
    // a record that comes late moves the end
    await send(org, [call('a', 30), call('b', 70)]);
    expect(await runs(org)).toEqual({ a: ['SUCCEEDED', 30, null], b: IN_FLIGHT });
  });

  test('failed by an error that no later request followed, was canceled by a refusal', async () => {
    const org = await service.newOrganization();
    await send(org, [
      ...[prompt('a', 0), call('a', 1), error('a', 5)],
      ...[prompt('b', 100), error('b', 101, 429), call('b', 110)],
      ...[prompt('c', 200), call('c', 201), decided('c', 205, 'reject', 'user_reject')],
      ...[prompt('d', 300), call('d', 301), decided('d', 305, 'reject', 'config'), call('d', 310)],
      ...[prompt('e', 400)],
    ]);
    expect(await runs(org)).toEqual({
      a: ['FAILED', 5, 'provider_error'],
      b: ['SUCCEEDED', 110, null],
      c: ['CANCELED', 205, null],
      d: ['SUCCEEDED', 310, null],
    });
  });

  test('ends after a long silence; an open tool call keeps it for a day', async () => {
    const org = await service.newOrganization();
    await send(org, [prompt('a', 0), call('a', 5)]);
    // settled by the job, which found the session silent: the records lie months back
    expect([await settle(org), await settle(org)]).toEqual([1, 0]);
    expect(await runs(org)).toEqual({ a: ['SUCCEEDED', 5, null] });

    const other = await service.newOrganization();
    await send(other, [prompt('a', 0), call('a', 5), decided('a', 6, 'accept', 'config')]);
    const settled = (ms: number): Promise<void> =>
      say(other, 'session.settled', { sessionId: 's', through: new Date(START + ms).toISOString() });
    await settled(2 * HOUR + 6 * SECOND);
    expect(await runs(other)).toEqual({ a: IN_FLIGHT });
    await settled(24 * HOUR + 6 * SECOND);
    expect(await runs(other)).toEqual({ a: ['SUCCEEDED', 6, null] });
    // it went on after all
    await send(other, [result('a', 7, 6), call('a', 24 * 3600)]);
    expect(await runs(other)).toEqual({ a: IN_FLIGHT });
  });

  test('is settled after the organization’s own time, and by hours and seconds exactly', async () => {
    const org = await service.newOrganization();
    await send(org, [prompt('a', 0), call('a', 5)]);
    const through = (ms: number): Promise<void> =>
      say(org, 'session.settled', { sessionId: 's', through: new Date(START + 5 * SECOND + ms).toISOString() });
    await through(2 * HOUR - 1);
    expect(await runs(org)).toEqual({ a: IN_FLIGHT });
    await through(2 * HOUR);
    expect(await runs(org)).toEqual({ a: ['SUCCEEDED', 5, null] });
  });

  test('any word of the platform goes before, whatever its time; a session’s end says how its open run ended', async () => {
    const org = await service.newOrganization();
    await send(org, [prompt('a', 0), call('a', 5), prompt('b', 60), call('b', 65)]);
    const at = (seconds: number): string => new Date(START + seconds * SECOND).toISOString();
    await say(org, 'run.completed', { key: 'prompt:s:a', completedAt: at(2), status: 'TIMEOUT' });
    expect(await runs(org)).toEqual({ a: ['TIMEOUT', 2, null], b: IN_FLIGHT });
    await say(org, 'session.ended', {
      sessionId: 's',
      at: at(90),
      status: 'FAILED',
      failureCategory: 'infrastructure',
    });
    expect(await runs(org)).toEqual({ a: ['TIMEOUT', 2, null], b: ['FAILED', 90, 'infrastructure'] });
    await say(org, 'run.stopped', { key: 'prompt:s:b', at: at(70), status: 'SUCCEEDED' });
    expect(await runs(org)).toEqual({ a: ['TIMEOUT', 2, null], b: ['SUCCEEDED', 70, null] });
  });

  test('in any order and after a rebuild it is the same', async () => {
    const records = [
      ...[prompt('a', 0), call('a', 1), error('a', 5), prompt('b', 100), call('b', 110)],
      ...[decided('b', 111, 'accept', 'config'), result('b', 115, 111), prompt('c', 200), call('c', 201)],
    ];
    const expected = { a: ['FAILED', 5, 'provider_error'], b: ['SUCCEEDED', 115, null], c: IN_FLIGHT };
    for (const order of [records, [...records].reverse(), records.filter((_, index) => index % 2).concat(records)]) {
      const org = await service.newOrganization();
      for (const one of order) await send(org, [one]);
      expect(await runs(org)).toEqual(expected);
      const before = await tablesOf(service.database, org.orgId);
      await rebuild(service.database, org.orgId, loadPrices());
      expect(await tablesOf(service.database, org.orgId)).toEqual(before);
    }
  });
});

test('a session that falls silent is settled by itself', async () => {
  const settling = await testService({ jobs: true, config: { telemetrySettleMs: 1_000 } });
  try {
    const now = Date.now();
    const at = (ms: number): string => nanosOf(now - 60_000 + ms);
    const attributes = { 'session.id': 's', 'prompt.id': 'p' };
    const usage = { model: 'claude-sonnet-4-5', input_tokens: 1, output_tokens: 1, request_id: 'req_1' };
    const body = logsBody([
      { event: 'user_prompt', nanos: at(0), attributes },
      { event: 'api_request', nanos: at(2_000), attributes: { ...attributes, ...usage } },
    ]);
    expect((await settling.request('/v1/logs', { body })).status).toBe(200);
    const ask = async (): Promise<unknown> => {
      const queries = [{ view: 'total', metrics: ['succeeded_runs'] }];
      const asked = await settling.request('/v1/query', { body: { from: now - 3_600_000, to: now, queries } });
      return asked.body.results.A.frames[0].data.values[0][0];
    };
    for (let left = 200; left > 0 && (await ask()) !== 1; left -= 1) await new Promise((done) => setTimeout(done, 100));
    expect(await ask()).toBe(1);
  } finally {
    await settling.stop();
  }
});

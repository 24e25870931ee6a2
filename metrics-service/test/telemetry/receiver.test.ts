import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';
import {
  answerOf,
  keyValues,
  logsBody,
  logsProtobuf,
  nanosOf,
  spansBody,
  type SentRecord,
  type SentSpan,
} from './otlp.js';

const AT = Date.parse('2026-03-02T10:00:00.123Z');
const JSON_HEADERS = { 'content-type': 'application/json' };
const PROTOBUF_HEADERS = { 'content-type': 'application/x-protobuf' };

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => AT + 3_600_000 });
});
afterAll(() => service.stop());

const request = (session: string, more: Record<string, unknown> = {}, nanos = nanosOf(AT, 456_789)): SentRecord => ({
  event: 'api_request',
  nanos,
  attributes: {
    'session.id': session,
    'prompt.id': 'p-1',
    'event.sequence': 3,
    model: 'claude-sonnet-4-5',
    input_tokens: 10,
    output_tokens: 200,
    cache_read_tokens: 1_000,
    cache_creation_tokens: 30,
    cost_usd_micros: 12_345,
    request_id: `req_${session}`,
    speed: 'normal',
    ...more,
  },
});

async function post(body: Buffer | string, headers: Record<string, string>, path = '/v1/logs', token = service.token) {
  const response = await fetch(service.address + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function calls(session: string, orgId = 'acme'): Promise<Record<string, unknown>[]> {
  const { rows } = await service.database.inOrganization(orgId, (tx) =>
    tx.query(
      `
      select call_id, request_id, key, at, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reported_cost_nanos
      from llm_calls
      where org_id = $1
        and session_id = $2`,
      [orgId, session],
    ),
  );
  return rows;
}

const CALL = {
  request_id: 'req_s-1',
  call_id: 'request:req_s-1',
  key: 'prompt:s-1:p-1',
  at: new Date(AT),
  model: 'claude-sonnet-4-5',
  input_tokens: '1040',
  output_tokens: '200',
  cache_read_tokens: '1000',
  cache_write_tokens: '30',
  reported_cost_nanos: '12345000',
};

describe('OTLP/HTTP', () => {
  test('takes JSON and protobuf, plain and gzip; the same record in another encoding is a copy', async () => {
    const body = logsBody([request('s-1')]);
    const json = await post(JSON.stringify(body), JSON_HEADERS);
    expect([json.status, json.type, json.bytes.toString()]).toEqual([200, 'application/json; charset=utf-8', '{}']);
    const zipped = await post(gzipSync(logsProtobuf(body)), { ...PROTOBUF_HEADERS, 'content-encoding': 'gzip' });
    expect([zipped.status, zipped.type, zipped.bytes.length]).toEqual([200, 'application/x-protobuf', 0]);
    expect(await calls('s-1')).toEqual([CALL]);
    const { rows } = await service.database.inOrganization('acme', (tx) =>
      tx.query<{ type: string }>(
        `select type from events where org_id = $1 and data ->> 'sessionId' = 's-1' order by type`,
        ['acme'],
      ),
    );
    expect(rows.map(({ type }) => type)).toEqual(['llm_call.recorded', 'session.seen']);
  });

  test('numbers as texts, records split over resources and requests, in any order', async () => {
    const texts = Object.fromEntries(
      Object.entries(request('s-2').attributes!).map(([name, value]) => [name, String(value)]),
    );
    const records = [
      { ...request('s-2'), attributes: texts },
      request('s-2', { request_id: 'req_b', 'event.sequence': 4 }),
    ];
    for (const record of [...records].reverse()) {
      expect((await post(logsProtobuf(logsBody([record])), PROTOBUF_HEADERS)).status).toBe(200);
    }
    expect((await calls('s-2')).map(({ call_id }) => call_id).sort()).toEqual(['request:req_b', 'request:req_s-2']);
  });

  test('says what it did not take, and takes the rest', async () => {
    const records = [
      request('s-3', { input_tokens: -5 }),
      request('s-3', { input_tokens: Number.NaN, request_id: 'req_nan' }),
      request('s-3', {}, '1772445600'),
      request('s-3', { request_id: 'req_good' }),
      { event: 'no_such_event', nanos: nanosOf(AT), attributes: { 'session.id': 's-3' } },
      request('s-3', { request_id: 'req_future' }, nanosOf(AT + 91_000_000)),
    ];
    const json = await post(JSON.stringify(logsBody(records)), JSON_HEADERS);
    const expected = { rejected: '4', errorMessage: 'record 0: input_tokens is no token count' };
    expect(JSON.parse(json.bytes.toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '4', errorMessage: expected.errorMessage },
    });
    const binary = await post(logsProtobuf(logsBody(records)), PROTOBUF_HEADERS);
    expect([binary.status, answerOf(binary.bytes)]).toEqual([200, { partialSuccess: expected }]);
    expect((await calls('s-3')).map(({ call_id }) => call_id)).toEqual(['request:req_good']);
  });

  test('errors are a Status in the encoding of the request', async () => {
    const broken = await post(Buffer.from([0x0a, 0xff, 0xff, 0x03]), PROTOBUF_HEADERS);
    expect([broken.status, answerOf(broken.bytes, 'Status').code]).toEqual([400, 3]);
    const noJson = await post('{"resourceLogs":[{', JSON_HEADERS);
    expect([noJson.status, JSON.parse(noJson.bytes.toString()).code]).toEqual([400, 3]);
    const noToken = await post('{}', JSON_HEADERS, '/v1/traces', 'rb_unknown');
    expect([noToken.status, JSON.parse(noToken.bytes.toString()).code]).toEqual([401, 16]);
    const type = await post('{}', { 'content-type': 'text/plain' });
    expect([type.status, JSON.parse(type.bytes.toString()).code]).toEqual([415, 3]);
    const reader = await service.organization('reader', {}, ['read']);
    expect((await post('{}', JSON_HEADERS, '/v1/metrics', reader)).status).toBe(403);
    const large = await post(Buffer.alloc(11 * 1024 * 1024), PROTOBUF_HEADERS);
    expect([large.status, answerOf(large.bytes, 'Status').code]).toEqual([413, 3]);
    expect((await fetch(`${service.address}/v1/logs`)).status).toBe(405);
  });

  test('an empty body is an empty message, and what no mapping knows is taken and dropped', async () => {
    expect((await post(Buffer.alloc(0), PROTOBUF_HEADERS)).status).toBe(200);
    for (const path of ['/v1/logs', '/v1/traces', '/v1/metrics']) {
      expect((await post('{}', JSON_HEADERS, path)).status).toBe(200);
    }
    const spans = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'GET /', traceId: 'ab', spanId: 'cd' }] }] }] };
    expect((await post(JSON.stringify(spans), JSON_HEADERS, '/v1/traces')).bytes.toString()).toBe('{}');
  });

  test('a span says how long its tool call waited for a person, where it names the call', async () => {
    const span = (spanId: string, name: string, ms: number, attributes: Record<string, unknown>): SentSpan => ({
      ...{ name: `claude_code.${name}`, traceId: 'ab'.repeat(16), spanId },
      ...{ from: nanosOf(AT), to: nanosOf(AT + ms) },
      attributes: { 'session.id': 's-wait', tool_name: 'Bash', ...attributes },
    });
    const spans = [
      span('01', 'tool', 9_000, { tool_use_id: 'toolu_wait' }),
      span('02', 'tool.blocked_on_user', 4_000, { tool_use_id: 'toolu_wait', duration_ms: 4_000 }),
      span('03', 'tool.blocked_on_user', 5_000, { duration_ms: 5_000 }),
    ];
    const body = spansBody(spans, { 'service.name': 'claude-code' });
    expect(await post(JSON.stringify(body), JSON_HEADERS, '/v1/traces')).toMatchObject({ status: 200 });
    const { rows } = await service.database.inOrganization('acme', (tx) =>
      tx.query(
        `select tool_call_id, completed_at, await_started_at, await_ms from tool_calls where org_id = $1 and session_id = 's-wait'`,
        ['acme'],
      ),
    );
    expect(rows).toEqual([
      {
        ...{ tool_call_id: 'toolu_wait', completed_at: new Date(AT + 9_000) },
        ...{ await_started_at: new Date(AT), await_ms: '4000' },
      },
    ]);
  });

  test('hostile attributes never break it', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a${index}`, index]));
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    const hostile = [
      request('s-4', { ...many, request_id: 'req_many' }),
      request('s-4', { long: 'x'.repeat(1_000_000), request_id: 'req_long' }),
      request('s-4', { deep: deep(20), __proto__: 'x', constructor: 'y', request_id: 'req_deep' }),
      request('s-4', { request_id: `req_${'\u0000'}nul`, model: 'm\uD800x' }),
      request('s-4', { 'session.id': 'y'.repeat(5_000), request_id: 'z'.repeat(5_000) }),
      request('s-4', { cost_usd_micros: -1, cost_usd: Number.POSITIVE_INFINITY, request_id: 'req_cost' }),
    ];
    for (const [body, headers] of [
      [JSON.stringify(logsBody(hostile)), JSON_HEADERS],
      [logsProtobuf(logsBody(hostile.slice(0, 3).concat(hostile.slice(4)))), PROTOBUF_HEADERS],
    ] as const) {
      const { status } = await post(body, headers);
      expect(status).toBe(200);
    }
    const found = (await calls('s-4')).map(({ call_id }) => call_id as string);
    expect(found).toEqual(
      expect.arrayContaining(['request:req_many', 'request:req_long', 'request:req_deep', 'request:req_cost']),
    );
    const odd = {
      resourceLogs: [
        {
          resource: { attributes: keyValues({ 'service.name': 5 }) },
          scopeLogs: [{ logRecords: [null, 5, [], { attributes: [{}, null, { key: 'a' }] }] }],
        },
      ],
    };
    expect((await post(JSON.stringify(odd), JSON_HEADERS)).status).toBe(200);
  });

  test('more records than events may be in a request are too many', async () => {
    const records = Array.from({ length: 10_001 }, () => Buffer.from([0x12, 0x00]));
    const scope = Buffer.concat(records);
    const framed = (field: number, inner: Buffer): Buffer => {
      const length: number[] = [];
      for (let rest = inner.length; ; rest >>>= 7) {
        if (rest < 128) {
          length.push(rest);
          break;
        }
        length.push((rest & 127) | 128);
      }
      return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), inner]);
    };
    const body = framed(1, framed(2, scope));
    const { status, bytes } = await post(body, PROTOBUF_HEADERS);
    expect([status, answerOf(bytes, 'Status').message]).toEqual([
      413,
      'there are more than 10000 records in one request: send at most that many',
    ]);
  });
});

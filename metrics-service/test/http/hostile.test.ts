import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../src/openapi/operations/index.js';
import { testService, type Answer, type TestService } from '../support/service.js';

const MiB = 1024 * 1024;
let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const pathOf = (path: string): string => path.replace('{name}', 'user').replace('{view}', 'runs') + '?from=0&to=1';
/** A hook is answered 200 whatever it posts: an agent must not be disturbed. */
const HOOKS = OPERATIONS.filter(({ path }) => path.startsWith('/v1/hooks/')).map(({ path }) => path);
const TAKING = OPERATIONS.filter(({ body, path }) => body && !HOOKS.includes(path)).map(({ path }) => path);
const ANSWERING = OPERATIONS.filter(({ method }) => method === 'get').map(({ path }) => path);
const post = (path: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> =>
  service.request(path, { body, headers });

/** The receiver of OpenTelemetry answers google.rpc.Status, of which these codes are INVALID_ARGUMENT. */
const INVALID_ARGUMENT = 3;

describe.each(TAKING)('the body of %s', (path) => {
  const codeOf = (code: string): string | number =>
    /^\/v1\/(logs|metrics|traces)$/.test(path) ? INVALID_ARGUMENT : code;

  it.each([
    ['text/plain', '{}'],
    ['application/x-www-form-urlencoded', 'a=1'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/json', '{}'],
    ['application/json; charset=utf-16', '{}'],
    ['application/json, text/plain', '{}'],
    ['*/*', '{}'],
    ['', '{}'],
  ])('as %j: 415', async (type, body) => {
    const answer = await post(path, Buffer.from(body), { 'content-type': type });
    expect([answer.status, answer.body.code]).toEqual([415, codeOf('unsupported_media_type')]);
  });

  it.each(['zstd', 'compress', 'gzip, gzip', 'identity, gzip', 'x'])('encoded as %j: 415', async (encoding) => {
    const answer = await post(path, gzipSync('{}'), { 'content-encoding': encoding });
    expect([answer.status, answer.body.code]).toEqual([415, codeOf('unsupported_media_type')]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (data: Buffer) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('that %s makes small is measured as it is', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50 * MiB, ' '));
    expect(bomb.length).toBeLessThan(MiB / 2);
    const answer = await post(path, bomb, { 'content-encoding': encoding });
    expect([answer.status, answer.body.code]).toEqual([413, codeOf('too_large')]);
  });

  it.each([
    ['lists in lists', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects in objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    [
      'a deep filter',
      `{"from":0,"to":1,"queries":[{"refId":"A","filters":${'{"not":'.repeat(90_000)}1${'}'.repeat(90_000)}}]}`,
    ],
    [
      'deep event data',
      `{"specversion":"1.0","id":"d","source":"s","type":"user.upserted","time":"2026-01-01T00:00:00Z","data":{"userId":"u","x":${'['.repeat(90_000)}${']'.repeat(90_000)}}}`,
    ],
    [
      'a deep call',
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"filters":${'[['.repeat(90_000)}${']]'.repeat(90_000)}}}}`,
    ],
  ])('%s: answered or refused, never a fault', async (_what, body) => {
    const { status } = await post(path, body, {});
    expect(status).toBeLessThan(500);
  });
});

describe.each(HOOKS)('the body of %s', (path) => {
  it.each([
    ['text/plain', '{}'],
    ['', 'no JSON'],
    ['application/json', '['.repeat(200_000)],
    ['application/json', `{"x":"${'y'.repeat(2 * MiB)}"}`],
  ])('as %j: taken, and not used', async (type, body) => {
    const answer = await post(path, Buffer.from(body), { 'content-type': type });
    expect([answer.status, answer.body]).toEqual([200, {}]);
  });

  it('that gzip makes small is measured as it is', async () => {
    const answer = await post(path, gzipSync(Buffer.alloc(50 * MiB, ' ')), { 'content-encoding': 'gzip' });
    expect([answer.status, answer.body]).toEqual([200, {}]);
  });
});

describe.each(ANSWERING)('GET %s', (path) => {
  it('answers HEAD as GET, without the body', async () => {
    const [get, head] = [await service.request(pathOf(path)), await service.request(pathOf(path), { method: 'HEAD' })];
    expect([head.status, head.body]).toEqual([get.status, '']);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  });

  it('is for no other site: not read from a page, not framed, not sniffed', async () => {
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await service.request(pathOf(path), { method, headers });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toMatch(/frame-ancestors '(none|self)'/);
      // a badge is a picture for other pages: badges.test.ts
      const isBadge = path.startsWith('/v1/badges/') && method === 'GET';
      expect(answer.headers.get('cross-origin-resource-policy')).toBe(isBadge ? 'cross-origin' : 'same-origin');
    }
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('heeds no %s', async (name) => {
    const [plain, overridden] = [
      await service.request(pathOf(path)),
      await service.request(`${pathOf(path)}&_method=DELETE`, { headers: { [name]: 'DELETE' } }),
    ];
    expect(overridden.status).toBe(plain.status);
  });
});

describe('names of what every object has', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
  const polluting = (name: string): string => `{"${name}": {"polluted": true, "prototype": {"polluted": true}}}`;
  const withMember = (json: object, member: string, value: string): string =>
    JSON.stringify(json).replace('"HERE":0', `"${member}":${value}`);

  it.each(NAMES)('%s in events is a member as others', async (name) => {
    const event = { specversion: '1.0', id: name, source: 's', type: 'user.upserted', time: '2026-01-01T00:00:00Z' };
    const data = { userId: `u-${name}`, HERE: 0 };
    const body = withMember({ ...event, data }, name, polluting(name));
    expect((await post('/v1/events', body, {})).body).toMatchObject({ accepted: 1, rejected: [] });
    expect((await post('/v1/events', body, {})).body).toMatchObject({ duplicates: 1 });
    expect((await post('/v1/events', withMember({ ...event, HERE: 0, data }, name, '1'), {})).status).toBeLessThan(500);
    expect({}).not.toHaveProperty('polluted');
  });

  it.each(NAMES)('%s in a question is refused or ignored', async (name) => {
    const query = { refId: 'A', view: 'table', metrics: ['runs'], groupBy: ['team'], HERE: 0 };
    const asked = { from: 0, to: 1, queries: [query] };
    const bodies = [
      withMember(asked, name, polluting(name)),
      withMember(asked, 'filters', polluting(name)),
      ...['view', 'orderBy', 'timezone', 'refId', 'interval'].map((member) => withMember(asked, member, `"${name}"`)),
      ...['metrics', 'groupBy'].map((member) => withMember(asked, member, `["${name}"]`)),
    ];
    for (const body of bodies) {
      const answer = await post('/v1/query', body, {});
      expect([200, 400]).toContain(answer.status);
      for (const { status } of Object.values<{ status: number }>(answer.body.results ?? {}))
        expect([200, 400]).toContain(status);
    }
    for (const path of [
      `/v1/dimensions/${name}/values`,
      `/v1/export/${name}.csv`,
      `/v1/export/runs.csv?from=0&to=1&${name}=1&orderBy=${name}`,
    ]) {
      const { status } = await service.request(path);
      expect(status < 500 && status >= 200).toBe(true);
    }
    expect({}).not.toHaveProperty('polluted');
  });
});

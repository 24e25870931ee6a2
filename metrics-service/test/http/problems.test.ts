import { request as rawRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type Answer, type TestService } from '../support/service.js';

const MiB = 1024 * 1024;
let service: TestService;

beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  service.request('/v1/events', { body, headers });

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code, title: expect.any(String), detail: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
}

describe('a path or method that is not there', () => {
  it.each([
    '/v1',
    '/v1/event',
    '/v1/events/1',
    '/v2/events',
    '/../etc/passwd',
    '/v1/events%2f',
    '/%00',
    '/favicon.ico',
  ])('%s: 404', async (path) => expectProblem(await service.request(path), 404, 'not_found'));

  it.each([
    ['/v1/events', 'GET', 'POST'],
    ['/v1/events', 'DELETE', 'POST'],
    ['/v1/events', 'PUT', 'POST'],
    ['/health', 'POST', 'GET'],
    ['/ready', 'PATCH', 'GET'],
  ])('%s %s: 405 with Allow', async (path, method, allowed) => {
    const answer = await service.request(path, { method });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toContain(allowed);
  });

  it('a path that cannot be decoded: 4xx', async () => {
    const answer = await service.request('/v1/%E0%A4%A');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('a body that cannot be read', () => {
  it.each(['text/plain', 'application/xml', 'multipart/form-data', 'nonsense', 'application/json-seq'])(
    'Content-Type %s: 415, naming the ones that are taken',
    async (type) => {
      const answer = await post('{}', { 'content-type': type });
      expectProblem(answer, 415, 'unsupported_media_type');
      expect(answer.body.detail).toContain('application/x-ndjson');
    },
  );

  it.each(['application/json; charset=iso-8859-1', 'application/json;charset="utf-16"'])('%s: 415', async (type) =>
    expectProblem(await post('{}', { 'content-type': type }), 415, 'unsupported_media_type'),
  );

  it.each(['application/json; charset=UTF-8', 'APPLICATION/JSON;charset="utf-8"', 'application/json; x=y'])(
    '%s is taken',
    async (type) => expect((await post('[]', { 'content-type': type })).status).toBe(200),
  );

  it.each(['', ' ', '{', '[1,', 'nonsense', "{'a':1}", '{"a":1}{"b":2}', '[NaN]', '\u0000'])('%j: 400', async (body) =>
    expectProblem(await post(body), 400, 'invalid_json'),
  );

  it('invalid UTF-8: 400', async () => {
    expectProblem(await post(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 400, 'invalid_json');
    expectProblem(await post(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 400, 'invalid_json');
  });

  it('nested 100,000 deep: rejected, not crashed', async () => {
    const answer = await post('['.repeat(100_000) + ']'.repeat(100_000));
    expect([400, 422]).toContain(answer.status);
  });

  it('an encoding that is not gzip: 415', async () => {
    expectProblem(await post('[]', { 'content-encoding': 'nonsense' }), 415, 'unsupported_media_type');
  });

  it('gzip that is none, or ends early: 400', async () => {
    expect((await post('[]', { 'content-encoding': 'gzip' })).status).toBe(400);
    const cut = gzipSync('[1,2,3]').subarray(0, 15);
    expect((await post(cut, { 'content-encoding': 'gzip' })).status).toBe(400);
  });
});

describe('a body that is too large', () => {
  it('is a 413 from its first byte over 10 MiB', async () => {
    const spaces = ' '.repeat(10 * MiB - 2);
    expect((await post(`[${spaces}]`)).status).toBe(200);
    expectProblem(await post(`[${spaces} ]`), 413, 'too_large');
  });

  it('is a 413 also when gzip hides its size', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MiB, ' '));
    expect(bomb.length).toBeLessThan(MiB);
    const before = process.memoryUsage().rss;
    expectProblem(await post(bomb, { 'content-encoding': 'gzip' }), 413, 'too_large');
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MiB);
  });

  it('is a 413 also when it comes in chunks without a length', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
      const sending = rawRequest(`${service.address}/v1/events`, { method: 'POST', headers });
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
      for (let chunk = 0; chunk < 11; chunk += 1) sending.write(' '.repeat(MiB));
      sending.end();
    });
    expect(status).toBe(413);
  });
});

describe('every answer', () => {
  it('carries the request id it was given, if that is a sensible one', async () => {
    const withId = (id: string): Promise<Answer> => service.request('/nothing', { headers: { 'x-request-id': id } });
    const given = await withId('abc-1.2:3_X');
    expect(given.headers.get('x-request-id')).toBe('abc-1.2:3_X');
    expectProblem(given, 404, 'not_found');
    for (const id of ['', 'two words', '<b>', 'x'.repeat(101), 'a;b', 'é']) {
      const answer = await withId(id);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expectProblem(answer, 404, 'not_found');
    }
  });

  it('holds nothing that a browser would read as HTML', async () => {
    const script = '<script>alert(1)</script>';
    const answers = [
      await service.request(`/${encodeURI(script)}`),
      await service.request(`/v1/events?x=${encodeURI(script)}`),
      await post(script),
      await post('[]', { 'content-type': script }),
      await post(JSON.stringify({ specversion: '1.0', id: script, source: script, type: script, data: {} })),
    ];
    for (const { headers } of answers) {
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('health', () => {
  it('needs no token and says that the process lives and the database answers', async () => {
    for (const [path, status] of [
      ['/health', 'ok'],
      ['/ready', 'ready'],
    ]) {
      const response = await fetch(service.address + path!);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status });
    }
  });
});

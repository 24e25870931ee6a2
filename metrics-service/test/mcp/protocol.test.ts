import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';
import { call, closeClients, overHttp, WEEK } from './clients.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(async () => {
  await closeClients();
  await service.stop();
});

describe('POST /mcp', () => {
  it('keeps answers short enough for a context', async () => {
    const token = await service.organization('long');
    const runs = Array.from({ length: 60 }, (_, index) => [
      ['run.started', { runId: `r${index}`, sessionId: 's'.repeat(150), startedAt: '2026-03-03T00:00:00Z' }],
      [
        'run.completed',
        { runId: `r${index}`, status: 'FAILED', completedAt: '2026-03-03T00:00:01Z', errorSummary: 'e'.repeat(1000) },
      ],
    ]);
    const body = runs.flat().map(([type, data], index) => ({
      ...{ specversion: '1.0', source: 'long', id: `${index}`, type, time: '2026-03-04T00:00:00Z', data },
    }));
    expect((await service.request('/v1/events', { token, body })).body).toMatchObject({ accepted: 120 });
    const { text } = await call(await overHttp(service, token), 'recent_runs', { limit: 50, ...WEEK });
    expect(text.length).toBeLessThan(16_001);
    const { cut, runs: shown } = JSON.parse(text);
    expect([cut.startsWith('only the first '), shown.length > 5]).toEqual([true, true]);
  });

  it('takes tokens with scope read only, and no other method', async () => {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const ingest = await service.organization('sender', {}, ['ingest']);
    expect((await service.request('/mcp', { body: list, token: ingest })).body).toMatchObject({
      code: 'missing_scope',
    });
    await expect(overHttp(service, 'rb_wrong')).rejects.toThrow();
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers, body } = await service.request('/mcp', { method });
      expect([status, headers.get('allow'), body.code]).toEqual([405, 'POST', 'method_not_allowed']);
    }
  });

  it('answers what is no message with a problem, and notifications with nothing', async () => {
    const wrong: [unknown, number, string][] = [
      ['{', 400, 'invalid_json'],
      [{ hello: 'world' }, 400, 'invalid_request'],
      [[], 400, 'invalid_request'],
      ['null', 400, 'invalid_request'],
      [' '.repeat(1024 * 1024 + 1), 413, 'too_large'],
    ];
    for (const [body, status, code] of wrong) {
      const answered = await service.request('/mcp', { body });
      expect(answered).toMatchObject({ status, body: { code } });
    }
    const unknown = await service.request('/mcp', { body: { jsonrpc: '2.0', id: 7, method: 'resources/list' } });
    expect(unknown).toMatchObject({ status: 200, body: { id: 7, error: { code: -32601 } } });
    const malformed = [undefined, [], { name: 5 }, { name: 'query', arguments: [] }, { name: {}, arguments: 'x' }];
    for (const params of malformed) {
      const body = { jsonrpc: '2.0', id: 8, method: 'tools/call', params };
      const { body: answered } = await service.request('/mcp', { body });
      expect([-32602, 'invalid_request']).toContain(answered.error?.code ?? answered.code);
    }
    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(await service.request('/mcp', { body: notification })).toMatchObject({ status: 202, body: '' });
    const version = { 'mcp-protocol-version': '1999-01-01' };
    const old = await service.request('/mcp', {
      body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      headers: version,
    });
    expect(old).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

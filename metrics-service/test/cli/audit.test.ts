import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listAudit } from '../../src/access/audit.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let service: TestService;
const runboard = inProcess(NOW, () => service.url);
const entries = async (...flags: string[]) => JSON.parse((await runboard('audit', '--json', ...flags)).out);

beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

describe('runboard audit', () => {
  it('tells who did what to an organization, the newest first, and no secret or person', async () => {
    await runboard('org', 'create', 'vienna');
    await runboard('org', 'update', 'vienna', '--member-visibility', 'self', '--store-text');
    const scopes = ['--scope', 'read', '--scope', 'ingest'];
    const made = await runboard('token', 'create', '--org', 'vienna', '--name', 'grafana', ...scopes, '--json');
    const { id, token } = JSON.parse(made.out);
    const data = { runId: 'r', sessionId: 's', userId: 'ann@example.com', startedAt: '2026-06-10T09:00:00Z' };
    const event = { specversion: '1.0', id: 'r', source: 's', type: 'run.started', data };
    await service.request('/v1/events', { token, body: [event] });
    const from = Date.parse('2026-06-01T00:00:00Z');
    expect(await service.request('/v1/export/runs.csv?from=long+ago&to=now', { token })).toMatchObject({ status: 400 });
    expect(await service.request(`/v1/export/runs.csv?from=${from}&to=${NOW}`, { token })).toMatchObject({
      status: 200,
      body: expect.stringContaining('ann@example.com'),
    });
    await runboard('export', 'runs', '--org', 'vienna', '--from', '2026-06-01');
    await runboard('org', 'export', 'vienna');
    await runboard('rebuild', '--org', 'vienna');
    await runboard('dead-letters', 'replay', '--org', 'vienna');
    await runboard('user', 'erase', 'ann@example.com', '--org', 'vienna', '--yes');
    await runboard('prune', '--org', 'vienna', '--older-than', '1d', '--yes');
    await runboard('prune', '--org', 'vienna', '--older-than', '1d');
    await runboard('token', 'revoke', id, '--org', 'vienna');

    const found = await entries('--org', 'vienna');
    const by = (actor: string, action: string, details: object = {}) => ({ actor, action, details });
    expect(found.map(({ at, ...entry }: { at: string }) => (expect(at).toMatch(/^\d{4}-.*Z$/), entry))).toEqual(
      [
        by('tester@test', 'organization created'),
        by('tester@test', 'settings changed', { memberVisibility: 'self', storeText: true }),
        by('tester@test', 'token created', { id, name: 'grafana', scopes: ['read', 'ingest'], expiresAt: null }),
        by(`token ${id} (grafana)`, 'exported', { what: 'runs', address: '127.0.0.1', userAgent: 'node' }),
        by('tester@test', 'exported', { what: 'runs' }),
        by('tester@test', 'exported', { what: 'events' }),
        by('tester@test', 'rebuilt'),
        by('tester@test', 'dead letters replayed'),
        by('tester@test', 'user erased', {
          sessions: 0,
          runs: 1,
          messages: 0,
          handoffs: 0,
          idHints: 0,
          toolCalls: 0,
          calls: 0,
          counts: 0,
          workItems: 0,
          escalations: 0,
          budgets: 0,
          events: 1,
          deadLetters: 0,
        }),
        by('tester@test', 'pruned', {
          ...{ olderThan: '2026-06-29T00:00:00.000Z', events: 1, runs: 1 },
          ...{ sessions: 0, messages: 0, handoffs: 0, calls: 0, deadLetters: 0 },
          ...{ toolCalls: 0, counts: 0, workItems: 0, escalations: 0 },
        }),
        by('tester@test', 'token revoked', { id, name: 'grafana' }),
      ].reverse(),
    );
    expect(JSON.stringify(found)).not.toMatch(/ann@example|rb_/);
  });

  it('writes all of it as lines, the oldest first', async () => {
    const { out } = await runboard('audit', 'export', '--org', 'vienna');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual((await entries('--org', 'vienna')).reverse());
    expect((await runboard('audit', 'export', '--org', 'vienna', '--last', '2026-06-30')).out).not.toBe('');
    expect((await runboard('audit', 'export', '--org', 'vienna', '--last', '2099-01-01')).out).toBe('');
  });

  it('tells of a caller behind a proxy as that proxy does, where it is one to be believed', async () => {
    const forwarded = async (on: TestService): Promise<unknown> => {
      const token = await on.organization('proxied');
      const headers = { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'curl/8 '.padEnd(300, 'x') };
      await on.request(`/v1/export/runs.csv?from=0&to=1`, { token, headers });
      const [entry] = await listAudit(on.database, 'proxied', { since: new Date(0), limit: 1 });
      return entry!.details;
    };
    const behind = await testService({ config: { trustProxy: 1 } });
    const userAgent = 'curl/8 '.padEnd(200, 'x');
    expect(await forwarded(behind)).toEqual({ what: 'runs', address: '203.0.113.7', userAgent });
    expect(await forwarded(service)).toEqual({ what: 'runs', address: '127.0.0.1', userAgent });
    await behind.stop();
  });

  it('shows them as a table, as many as asked for, since when asked for, of that organization only', async () => {
    const { out } = await runboard('audit', '--org', 'vienna', '--limit', '1');
    expect(out.split('\n').map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      expect.stringMatching(/^who +what +details$/),
      expect.stringMatching(/^tester@test {2}token revoked {2}\{"id":"\w{12}","name":"grafana"\}$/),
      '',
    ]);
    expect(await entries('--org', 'vienna', '--last', '2099-01-01')).toEqual([]);
    expect(await entries('--org', 'acme')).toEqual([]);
    expect((await runboard('audit', '--org', 'nowhere')).out).toBe('no entries\n');
  });
});

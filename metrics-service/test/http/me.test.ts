import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../src/version.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

describe('GET /v1/me', () => {
  it('says whose token it is and what can be seen with it', async () => {
    const token = await service.organization('north', { name: 'North Ltd.', timezone: 'Asia/Tokyo' }, ['read']);
    const { status, body } = await service.request('/v1/me', { token });
    expect([status, body]).toEqual([
      200,
      {
        version: VERSION,
        organization: { id: 'north', name: 'North Ltd.', timezone: 'Asia/Tokyo' },
        token: { id: expect.stringMatching(/^[0-9a-f]{12}$/), name: 'test', scopes: ['read'] },
        viewer: null,
        sees: 'organization',
        reason: null,
        says: 'The token asks for itself: all of the organization is seen.',
      },
    ]);
  });

  it('answers any valid token, also one that sees nothing', async () => {
    for (const scopes of [['ingest'], ['delegate'], ['admin']] as const) {
      const token = await service.organization(`org-${scopes[0]}`, {}, [...scopes]);
      const { status, body } = await service.request('/v1/me', { token });
      expect([status, body.token.scopes, body.sees]).toEqual([200, [...scopes], 'nothing']);
      expect(body.reason).toBe('this token lacks the scope read');
    }
  });

  it('says how much data there is and how old it is, to who asks for it and sees it', async () => {
    const token = await service.organization('full', {}, ['ingest', 'directory', 'read', 'delegate']);
    const said = async (headers = {}): Promise<string> =>
      (await service.request('/v1/me?data=true', { token, headers })).body.says;
    expect(await said()).toContain('There is no data yet');
    const time = new Date(Date.now() - 90_000).toISOString();
    const event = (id: string, type: string, data: object) => ({
      ...{ specversion: '1.0', source: 'test', id, type, time, data },
    });
    await service.accept(token, [
      event('1', 'user.upserted', {
        userId: 'ada',
        name: 'Ada',
        email: 'ada@example.org',
        role: 'member',
        team: 'core',
      }),
      event('2', 'run.started', { runId: 'r-1', sessionId: 's-1', userId: 'ada', startedAt: time }),
      event('3', 'run.started', { runId: 'r-2', sessionId: 's-2', userId: 'ben', startedAt: time }),
    ]);
    expect(await said()).toMatch(/is seen\. 2 runs in the last 30 days; the newest event is 1m 3\ds old\.$/);
    const ada = { 'x-runboard-viewer-kind': 'user', 'x-runboard-viewer-email': 'ada@example.org' };
    const trusted = { ...ada, 'x-runboard-viewer-auth': 'oauth_generic_oauth' };
    expect(await said(trusted)).toMatch(/^You are Ada \(ada\), member, team core: only .* 1 run in the last 30 days;/);
    expect(await said(ada)).toMatch(/^You are signed in to Grafana: /);
    expect(await said(ada)).not.toContain('runs');
  });

  it('tells who looks at Grafana nothing of the token that Grafana has', async () => {
    const token = await service.organization('watched', {}, ['read', 'delegate']);
    const of = async (viewer: Record<string, string>): Promise<unknown> => {
      const headers = Object.fromEntries(
        Object.entries(viewer).map(([name, value]) => [`x-runboard-viewer-${name}`, value]),
      );
      return (await service.request('/v1/me', { token, headers })).body.token;
    };
    expect(await of({ kind: 'anonymous' })).toBeNull();
    expect(await of({ kind: 'user', role: 'Editor' })).toBeNull();
    expect(await of({ kind: 'user', role: 'Admin' })).toMatchObject({ scopes: ['read', 'delegate'] });
    // a no-break space, as its UTF-8 looks in a header
    expect(await of({ kind: 'user', role: 'Admin\u00c2\u00a0' })).toBeNull();
  });

  it('answers nobody else', async () => {
    const without = await service.request('/v1/me', { headers: { authorization: '' } });
    expect([without.status, without.body.code]).toEqual([401, 'unauthorized']);
    const viewer = await service.request('/v1/me', { headers: { 'x-runboard-viewer-kind': 'user' } });
    expect([viewer.status, viewer.body.code]).toEqual([403, 'delegate_required']);
    const post = await service.request('/v1/me', { body: {} });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken, listTokens, revokeToken } from '../../src/access/tokens.js';
import type { TokenScope } from '../../src/contract/access.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.UTC(2026, 0, 31, 12);
let now = NOW;
let service: TestService;

beforeAll(async () => {
  service = await testService({ clock: () => now });
});
afterAll(() => service.stop());

const event = (id: string, source = 'test'): unknown => ({
  specversion: '1.0',
  id,
  source,
  type: 'run.started',
  data: { runId: id, sessionId: 's', startedAt: '2026-01-31T09:00:00Z' },
});
const send = (token: string, id = 'e1'): ReturnType<TestService['request']> =>
  service.request('/v1/events', { body: event(id), token });
const make = async (scopes: TokenScope[], expiresAt: Date | null = null): Promise<{ token: string; tokenId: string }> =>
  createToken(service.database, 'acme', { name: scopes.join(' '), scopes, expiresAt });

describe('a token', () => {
  it('is rb_ and at least 32 characters, and stored as its SHA-256 hash only', async () => {
    const { token, tokenId } = await make(['ingest']);
    expect(token).toMatch(/^rb_[A-Za-z0-9_-]{32,}$/);
    const { rows } = await service.database.inOrganization('acme', (tx) =>
      tx.query<{ hash: Buffer; all: string }>('select hash, tokens::text as all from tokens where token_id = $1', [
        tokenId,
      ]),
    );
    expect(rows[0]!.hash).toEqual(createHash('sha256').update(token).digest());
    expect(rows[0]!.all).not.toContain(token.slice(3, 20));
  });

  it('needs the scope, and the answer names it', async () => {
    const { status, body } = await send((await make(['read', 'delegate'])).token);
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'missing_scope', detail: expect.stringContaining('ingest') });
  });

  it('works until it expires', async () => {
    const { token } = await make(['ingest'], new Date(NOW + 1_000));
    now = NOW + 999;
    expect((await send(token)).status).toBe(200);
    now = NOW + 1_000;
    const { status, headers } = await send(token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    now = NOW;
  });

  it('works until it is revoked, by its id or its name, in its own organization', async () => {
    await service.organization('revoker');
    const [one, two] = [await make(['ingest']), await make(['ingest', 'read', 'delegate'])];
    expect(await revokeToken(service.database, 'revoker', { tokenId: one.tokenId })).toBe(0);
    expect((await send(one.token)).status).toBe(200);
    expect(await revokeToken(service.database, 'acme', { tokenId: one.tokenId })).toBe(1);
    expect(await revokeToken(service.database, 'acme', { tokenId: one.tokenId })).toBe(0);
    expect((await send(one.token)).status).toBe(401);
    expect((await send(two.token)).status).toBe(200);
    expect(await revokeToken(service.database, 'acme', { name: 'ingest read delegate' })).toBe(1);
    expect((await send(two.token)).status).toBe(401);
  });

  it('opens its own organization only', async () => {
    const other = await service.organization('other');
    const id = 'opens-own';
    expect((await send(other, id)).body).toMatchObject({ accepted: 1 });
    // the same ids are new to the first organization, and its rows are its own
    expect((await send(service.token, id)).body).toMatchObject({ accepted: 1 });
    const runsOf = async (orgId: string): Promise<unknown> => {
      const { rows } = await service.database.inOrganization(orgId, (tx) =>
        tx.query('select org_id from runs where run_id = $1', [id]),
      );
      return rows;
    };
    expect(await runsOf('other')).toEqual([{ org_id: 'other' }]);
    expect(await runsOf('acme')).toEqual([{ org_id: 'acme' }]);
    const names = (await listTokens(service.database, 'other')).map(({ orgId }) => orgId);
    expect(new Set(names)).toEqual(new Set(['other']));
  });

  it('leaves when it was last used', async () => {
    const { token, tokenId } = await make(['ingest']);
    const lastUsed = async (): Promise<Date | null | undefined> =>
      (await listTokens(service.database, 'acme')).find((row) => row.tokenId === tokenId)?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await send(token);
    for (let tries = 0; (await lastUsed()) === null && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await lastUsed()).toEqual(new Date(NOW));
  });
});

describe('no valid token', () => {
  const withHeader = async (authorization?: string): Promise<Response> =>
    fetch(`${service.address}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify(event('never')),
    });

  it.each([
    ['none', undefined],
    ['an empty header', ''],
    ['no Bearer', 'rb_0123456789012345678901234567890123456789'],
    ['Basic', 'Basic cmJfOng='],
    ['Bearer alone', 'Bearer'],
    ['a wrong prefix', 'Bearer xx_0123456789012345678901234567890123456789'],
    ['too short', 'Bearer rb_abc'],
    ['unknown', `Bearer rb_${'a'.repeat(43)}`],
    ['two', `Bearer rb_${'a'.repeat(43)} rb_${'b'.repeat(43)}`],
    ['SQL', `Bearer rb_${'a'.repeat(32)}'or'1'='1`],
    ['very long', `Bearer rb_${'a'.repeat(10_000)}`],
  ])('%s: 401 with a challenge', async (_name, authorization) => {
    const response = await withHeader(authorization);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ code: 'unauthorized', status: 401 });
  });

  it('with another letter at its end', async () => {
    const changed = service.token.slice(0, -1) + (service.token.endsWith('A') ? 'B' : 'A');
    expect((await withHeader(`Bearer ${changed}`)).status).toBe(401);
    expect((await withHeader(`bearer  ${service.token} `)).status).not.toBe(401);
  });

  it('but a valid one in another place: 401', async () => {
    const { address, token } = service;
    const basic = Buffer.from(`x:${token}`).toString('base64');
    const places: [string, Record<string, string>][] = [
      [`?token=${token}&access_token=${token}`, {}],
      ['', { cookie: `token=${token}` }],
      ['', { 'x-api-key': token, 'x-auth-token': token, 'proxy-authorization': `Bearer ${token}` }],
      ['', { authorization: `Basic ${basic}` }],
      ['', { authorization: `Token ${token}` }],
      ['', { authorization: `Bearer "${token}"` }],
      ['', { authorization: `Bearer ${token}, Bearer ${token}` }],
    ];
    for (const [query, headers] of places) {
      expect([query, headers, (await fetch(`${address}/v1/me${query}`, { headers })).status]).toEqual([
        query,
        headers,
        401,
      ]);
    }
  });

  it('is refused before the body is read', async () => {
    const response = await fetch(`${service.address}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[',
    });
    expect(response.status).toBe(401);
  });
});

describe('a viewer named by the request', () => {
  it.each([
    ['x-runboard-viewer-kind', 'user'],
    ['X-Runboard-Viewer-Email', 'a@example.com'],
    ['x-runboard-viewer-anything', ''],
  ])('%s is a 403 without scope delegate', async (name, value) => {
    const { status, body } = await service.request('/v1/events', { body: event('viewer'), headers: { [name]: value } });
    expect(status).toBe(403);
    expect(body.code).toBe('delegate_required');
  });

  it('changes nothing about what a token with scope delegate may send', async () => {
    const { token } = await make(['ingest', 'read', 'delegate']);
    const headers = { 'x-runboard-viewer-kind': 'user' };
    const { status, body } = await service.request('/v1/events', { body: event('viewer'), token, headers });
    expect([status, body.accepted]).toEqual([200, 1]);
  });
});

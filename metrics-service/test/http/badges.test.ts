import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBadge, listBadges, revokeBadge } from '../../src/access/badges.js';
import { badge as badgeSchema } from '../../src/contract/badge.js';
import { inProcess } from '../support/in-process.js';
import { runEvents } from '../support/run-events.js';
import { testService, type TestService } from '../support/service.js';

const START = Date.UTC(2026, 2, 10, 12);
let now: number;
let service: TestService;
/** work items by what their one run cost; the cost of `?` is unknown */
const COSTS: Record<string, number | null> = {
  free: 0,
  small: 0.0042,
  'MIN-1': 2.47,
  'below 5': 4.995,
  'at 5': 5,
  'at 20': 20,
  'below 50': 49.99,
  'at 50': 50,
  dear: 12_345.6,
  '?': null,
};

beforeAll(async () => {
  service = await testService({ clock: () => now });
  now = START;
  const at = new Date(START - 60_000).toISOString();
  const events = Object.entries(COSTS).flatMap(([workItem, costUsd], index) =>
    runEvents({ id: `r${index}`, at, workItem, ...(costUsd !== null && { costUsd }) }),
  );
  await service.accept(service.token, events);
});
afterAll(() => service.stop());
beforeEach(() => {
  now = START;
});

const make = async (workItemId: string, expiresAt?: Date, orgId = 'acme') =>
  createBadge(service.database, orgId, { workItemId, expiresAt });
const open = (token: string, form = 'json') => fetch(`${service.address}/v1/badges/${token}.${form}`);
const shown = async (token: string) => badgeSchema.parse(await (await open(token)).json());

describe('a badge', () => {
  it.each([
    ['free', '$0.00', 'green'],
    ['small', '$0.0042', 'green'],
    ['MIN-1', '$2.47', 'green'],
    ['below 5', '$5.00', 'green'],
    ['at 5', '$5.00', 'yellow'],
    ['at 20', '$20.00', 'orange'],
    ['below 50', '$49.99', 'orange'],
    ['at 50', '$50.00', 'red'],
    ['dear', '$12,346', 'red'],
    ['?', 'unknown', 'lightgrey'],
    ['of no run', '$0.00', 'green'],
  ])('of %s shows %s in %s', async (item, message, color) => {
    const { token } = await make(item);
    expect(await shown(token)).toEqual({ schemaVersion: 1, label: 'agents', message, color, cacheSeconds: 300 });
    const picture = await (await open(token, 'svg')).text();
    expect(picture).toContain(`<title>agents: ${message}</title>`);
    const colours = { green: '#3fb950', yellow: '#dfb317', orange: '#fe7d37', red: '#e05d44', lightgrey: '#9f9f9f' };
    expect(picture).toContain(`fill="${colours[color as keyof typeof colours]}"`);
  });

  it('needs no other token, may be shown by other sites, and kept for five minutes', async () => {
    const { token } = await make('<svg onload="x"> & a name');
    for (const [form, type] of [
      ['svg', 'image/svg+xml; charset=utf-8'],
      ['json', 'application/json; charset=utf-8'],
    ] as const) {
      const { status, headers } = await open(token, form);
      expect([status, headers.get('content-type')]).toEqual([200, type]);
      expect(headers.get('cache-control')).toBe('public, max-age=300');
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('set-cookie')).toBeNull();
    }
    // nothing that somebody else chose
    expect(await (await open(token, 'svg')).text()).not.toContain('name');
  });

  it('shows what came in since', async () => {
    const { token } = await make('growing');
    expect((await shown(token)).message).toBe('$0.00');
    const at = new Date(START).toISOString();
    await service.accept(service.token, runEvents({ id: 'late', at, workItem: 'growing', costUsd: 7 }));
    expect(await shown(token)).toMatchObject({ message: '$7.00', color: 'yellow' });
  });

  it('is of its organization: the same item of another one is another', async () => {
    await service.organization('other');
    const { token } = await make('MIN-1', undefined, 'other');
    expect((await shown(token)).message).toBe('$0.00');
  });
});

describe('the token of a badge', () => {
  it('is rbb_ and 160 random bits, stored as its SHA-256 hash only', async () => {
    const { token, badgeId } = await make('MIN-1');
    expect(token).toMatch(/^rbb_[A-Za-z0-9_-]{27}$/);
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(20);
    const { rows } = await service.database.inOrganization('acme', (tx) =>
      tx.query<{ hash: Buffer; all: string }>('select hash, badges::text as all from badges where badge_id = $1', [
        badgeId,
      ]),
    );
    expect(rows[0]!.hash).toEqual(createHash('sha256').update(token).digest());
    expect(rows[0]!.all).not.toContain(token.slice(4, 20));
  });

  it('opens nothing else, and no other token opens a badge', async () => {
    const { token } = await make('MIN-1');
    for (const path of ['/v1/me', '/v1/catalogue', '/v1/work-items/MIN-1/costs', '/v1/export/runs.csv?from=0&to=1']) {
      expect([path, (await service.request(path, { token })).status]).toEqual([path, 401]);
    }
    for (const path of ['/v1/events', '/v1/query', '/mcp', '/v1/logs', '/v1/hooks/runner']) {
      expect([path, (await service.request(path, { token, body: {} })).status]).toEqual([path, 401]);
    }
    const wrong = [service.token, token.slice(0, -1), `${token}A`, token.toUpperCase(), 'MIN-1', '%00', `${token}%20`];
    for (const other of wrong) expect([other, (await open(other)).status]).toEqual([other, 404]);
    const headers = { authorization: `Bearer ${service.token}`, cookie: `badge=${token}` };
    const answer = await fetch(`${service.address}/v1/badges/none.json?token=${token}`, { headers });
    expect(answer.status).toBe(404);
  });

  it('unknown, expired or revoked gives a grey badge with 404', async () => {
    const { token, badgeId } = await make('MIN-1', new Date(START + 1000));
    now = START + 999;
    expect((await open(token)).status).toBe(200);
    now = START + 1000;
    const none = { schemaVersion: 1, label: 'agents', message: 'no badge', color: 'lightgrey', isError: true };
    const expired = await open(token);
    expect([expired.status, await expired.json()]).toEqual([404, { ...none, cacheSeconds: 300 }]);
    expect(expired.headers.get('cache-control')).toBe('public, max-age=300');
    now = START;
    expect((await open(token, 'svg')).status).toBe(200);
    expect(await revokeBadge(service.database, 'other', { badgeId })).toBe(false);
    expect(await revokeBadge(service.database, 'acme', { badgeId })).toBe(true);
    expect(await revokeBadge(service.database, 'acme', { badgeId })).toBe(false);
    const revoked = await open(token, 'svg');
    expect([revoked.status, revoked.headers.get('content-type')]).toEqual([404, 'image/svg+xml; charset=utf-8']);
    expect(await revoked.text()).toContain('<title>agents: no badge</title>');
  });
});

describe('runboard work-item badge, badges, revoke-badge', () => {
  const runboard = inProcess(START, () => service.url);
  const ITEM = 'https://example.org/é 😀?a=b#7/ "x"';

  it('makes one for an item of any name, lists it without its token, and revokes it', async () => {
    const made = await runboard('work-item', 'badge', ITEM, '--org', 'acme', '--expires', '90d', '--json');
    const { id, token, ...rest } = JSON.parse(made.out) as { id: string; token: string };
    expect(rest).toEqual({ org: 'acme', workItemId: ITEM, expiresAt: '2026-06-08T12:00:00.000Z' });
    expect((await shown(token)).message).toBe('$0.00');
    const plain = await runboard('work-item', 'badge', ITEM, '--org', 'acme');
    expect(plain.out).toMatch(/^rbb_[\w-]{27}\n$/);
    const listed = await runboard('work-item', 'badges', ITEM, '--org', 'acme', '--json');
    expect(JSON.parse(listed.out)).toHaveLength(2);
    expect(listed.out).not.toContain(token.slice(4, 20));
    expect(JSON.parse(listed.out)).toContainEqual(expect.objectContaining({ id, workItemId: ITEM, state: 'valid' }));
    expect(await runboard('work-item', 'revoke-badge', id, '--org', 'acme')).toMatchObject({ out: `revoked ${id}\n` });
    expect((await open(token)).status).toBe(404);
    expect((await runboard('work-item', 'revoke-badge', id, '--org', 'acme')).message).toContain('no valid badge');
    const left = async (...more: string[]) =>
      JSON.parse((await runboard('work-item', 'badges', ITEM, '--org', 'acme', '--json', ...more)).out).length;
    expect([await left(), await left('--all')]).toEqual([1, 2]);
    expect(await listBadges(service.database, 'other', ITEM)).toEqual([]);
  });

  it('notes both in the audit log, without token and item', async () => {
    const { out } = await runboard('audit', '--org', 'acme', '--json');
    const entries = (JSON.parse(out) as { action: string; actor: string; details: object }[]).filter(({ action }) =>
      action.startsWith('badge'),
    );
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['badge revoked', 'tester@test'],
      ['badge created', 'tester@test'],
      ['badge created', 'tester@test'],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/rbb_|example\.org/);
  });

  it('refuses what is no id of a work item', async () => {
    for (const item of ['', 'x'.repeat(501)])
      expect((await runboard('work-item', 'badge', item, '--org', 'acme')).message).toContain('1 to 500 characters');
  });
});

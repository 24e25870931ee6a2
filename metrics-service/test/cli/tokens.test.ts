import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken, listTokens } from '../../src/access/tokens.js';
import { reach } from '../../src/cli/context.js';
import { loadConfig } from '../../src/config.js';
import { runboard } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';

const DAY_MS = 86_400_000;

describe('runboard org and token', () => {
  let service: TestService;
  const run = (...args: string[]) => runboard(args, { DATABASE_URL: service.url });
  const status = async (token: string, path = '/v1/events') =>
    (await service.request(path, { method: 'POST', body: [], token })).status;

  beforeAll(async () => {
    service = await testService();
  });
  afterAll(() => service.stop());

  it('prints the token and nothing else, and it opens its organization', async () => {
    const { code, stdout, stderr } = await run('token', 'create', '--name', 'n', '--scope', 'ingest');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^rb_[A-Za-z0-9_-]{32,}\n$/);
    expect(await status(stdout.trim())).toBe(200);
  });

  it('answers JSON with scopes and expiry, and a revoked token opens nothing', async () => {
    const flags = [
      '--name',
      'n',
      '--scope',
      'ingest',
      '--scope',
      'read',
      '--expires',
      '90d',
      '--org',
      'acme',
      '--json',
    ];
    const made = JSON.parse((await run('token', 'create', ...flags)).stdout);
    expect(made).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^rb_/),
      org: 'acme',
      scopes: ['ingest', 'read'],
      expiresAt: expect.any(String),
    });
    expect(Math.abs(Date.parse(made.expiresAt) - Date.now() - 90 * DAY_MS)).toBeLessThan(60_000);
    const listed = JSON.parse((await run('token', 'list', '--json')).stdout);
    expect(listed).toContainEqual(expect.objectContaining({ id: made.id, state: 'valid', scopes: ['ingest', 'read'] }));
    expect(JSON.stringify(listed)).not.toContain(made.token);
    expect(await status(made.token)).toBe(200);
    expect((await run('token', 'revoke', made.id)).code).toBe(0);
    expect(await status(made.token)).toBe(401);
    const ids = async (...more: string[]) =>
      JSON.parse((await run('token', 'list', '--json', ...more)).stdout).map(({ id }: { id: string }) => id);
    expect(await ids()).not.toContain(made.id);
    expect(await ids('--all')).toContain(made.id);
    expect((await run('token', 'revoke', made.id)).code).toBe(1);
  });

  it.each([
    [['--name', 'n', '--scope', 'all'], /ingest, directory, read, delegate, admin/],
    [['--name', 'n'], /--scope/],
    [['--scope', 'read'], /--name/],
    [['--name', 'n', '--scope', 'read', '--expires', 'soon'], /90d/],
    [['--name', 'n', '--scope', 'read', '--expires', '2001-01-01'], /future/],
    [['--name', 'n', '--scope', 'read', '--what'], /unknown option/],
  ])('refuses %j as bad usage', async (flags, expected) => {
    const { code, stdout, stderr } = await run('token', 'create', ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it('names the organizations when it does not know the one asked for', async () => {
    const { code, stderr } = await run('token', 'create', '--org', 'acne', '--name', 'n', '--scope', 'read');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'runboard: there is no organization "acne"; there is acme\n' });
  });

  it('makes organizations, asks which one where there are several, and knows none twice', async () => {
    const flags = [
      '--name',
      'Beta',
      '--timezone',
      'Europe/Berlin',
      '--post-handoff-hours',
      '12',
      '--store-text',
      '--json',
    ];
    expect(JSON.parse((await run('org', 'create', 'beta', ...flags)).stdout)).toEqual({
      id: 'beta',
      name: 'Beta',
      memberVisibility: 'team',
      alertVisibility: 'totals',
      publicVisibility: 'nothing',
      postHandoffMs: 12 * 3_600_000,
      storePaths: false,
      storeText: true,
      stuckAfterMs: 10 * 60_000,
      telemetrySettleMs: 2 * 3_600_000,
      timezone: 'Europe/Berlin',
      workItemPattern: null,
    });
    const again = await run('org', 'create', 'beta');
    expect(again).toMatchObject({ code: 1, stderr: 'runboard: the organization beta exists already\n' });
    expect(await run('org', 'create', 'Not An Id')).toMatchObject({ code: 2 });
    expect(await run('org', 'create', 'x', '--timezone', 'Mars/Base')).toMatchObject({ code: 2 });
    const { code, stderr } = await run('token', 'list');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('--org (acme, beta)') });
    const { stderr: note } = await run('org', 'create', 'default');
    expect(note).toBe('note: commands without --org now use default\n');
    expect(JSON.parse((await run('token', 'list', '--json')).stdout)).toEqual([]);
  });
});

describe('an installation as npm start makes it', () => {
  let service: TestService;
  const run = (...args: string[]) => runboard(args, { DATABASE_URL: service.url });
  beforeAll(async () => {
    service = await testService({ organization: 'default' });
  });
  afterAll(() => service.stop());

  it('says when a new organization changes what commands without --org mean', async () => {
    const notes: string[] = [];
    for (const id of ['demo', 'acme', 'beta', 'gamma']) notes.push((await run('org', 'create', id)).stderr);
    expect(notes).toEqual([
      '',
      'note: commands without --org now use acme, no longer default\n',
      'note: commands without --org now use default, no longer acme\n',
      '',
    ]);
  });

  it('has no token left of a command, nor of one that was killed long ago', async () => {
    const { database } = service;
    const scopes = ['ingest' as const];
    await createToken(database, 'default', { name: 'command line', scopes, expiresAt: new Date(0) });
    const surroundings = {
      clock: () => Date.now(),
      stdout: process.stdout,
      stderr: process.stderr,
      actor: 'tester@test',
      environment: {},
      config: () => loadConfig({ DATABASE_URL: service.url }),
    };
    const { token, done } = await reach(surroundings, { url: undefined, org: 'default' }, ['ingest']);
    expect((await service.request('/v1/events', { body: [], token })).status).toBe(200);
    expect(await listTokens(database, 'default')).toHaveLength(2);
    await done?.();
    expect((await service.request('/v1/events', { body: [], token })).status).toBe(401);
    expect(await listTokens(database, 'default')).toMatchObject([{ name: 'test' }]);
  });

  it.each([
    ['import', 'claude-code'],
    ['query', 'runs'],
  ])('%s %s: --url without --token is bad usage', async (...command) => {
    const { code, stderr } = await run(...command, '--url', service.address);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error: --url also needs --token/) });
  });
});

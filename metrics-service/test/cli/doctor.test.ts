import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { install } from '../../src/cli/service/index.js';
import type { Line } from '../../src/cli/doctor/line.js';
import { lookAtService } from '../../src/cli/doctor/service.js';
import { agent, user } from '../importers/transcripts.js';
import { runboard } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';

const home = mkdtempSync(join(tmpdir(), 'doctor-'));
const [bin, projects] = [join(home, 'bin'), join(home, '.claude/projects')];
const ENVIRONMENT = { HOME: home, PATH: `${bin}:/usr/bin:/bin`, RUNBOARD_DATA_DIR: join(home, 'data'), PORT: '1' };
let service: TestService;

const textOf = (lines: object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

beforeAll(async () => {
  service = await testService();
  mkdirSync(projects, { recursive: true });
  mkdirSync(bin);
  const lines = [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'text', [3, 1], { message: { stop_reason: 'end_turn' } })];
  writeFileSync(join(projects, 'session-1.jsonl'), textOf(lines));
  writeFileSync(
    join(bin, 'systemctl'),
    '#!/bin/sh\necho ActiveState=active\necho SubState=running\necho ActiveEnterTimestamp=today\n',
  );
  writeFileSync(join(bin, 'journalctl'), '#!/bin/sh\necho no network\n');
  for (const name of ['systemctl', 'journalctl']) chmodSync(join(bin, name), 0o755);
});
afterAll(async () => {
  await service?.stop();
  rmSync(home, { recursive: true });
});

async function doctor(args: string[], more: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runboard(['doctor', '--json', ...args], { ...ENVIRONMENT, ...more });
  expect(stderr).toBe('');
  const { ok, lines } = JSON.parse(stdout) as { ok: boolean; lines: Line[] };
  const of = (check: string, part?: string) =>
    lines.filter((line) => line.check === check && (!part || line.part === part));
  return { code, ok, lines, of };
}

describe('runboard doctor', () => {
  it('finds nothing wrong where nothing is, over HTTP', async () => {
    const token = await service.organization('well', {}, ['ingest', 'read']);
    const { code, ok, of, lines } = await doctor(['--url', service.address], { RUNBOARD_TOKEN: token });
    expect(lines.filter(({ state }) => state === 'attention')).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
    expect(of('folder').map(({ state, count }) => [state, count])).toEqual([
      ...[
        ['ok', 1],
        ['note', 0],
        ['note', 0],
        ['note', 0],
      ],
    ]);
    expect(of('would_send')[0]!.found).toMatch(
      /^claude-code: an import would tell of 1 session, 1 run, 1 call, runs of /,
    );
    expect(of('reachable')[0]).toMatchObject({ state: 'ok' });
    expect(of('clock')[0]).toMatchObject({ state: 'ok' });
    expect(of('token')[0]!.found).toMatch(/ of well, scopes ingest, read, sees organization$/);
    expect(of('version')[0]).toMatchObject({ state: 'ok' });
    expect(of('runs_without_user')[0]).toMatchObject({ state: 'ok', count: 0, part: 'organization' });
  });

  it('reads this machine without any service, and says what is wrong with it', async () => {
    symlinkSync(join(home, 'gone'), join(projects, 'leads-nowhere.jsonl'));
    writeFileSync(join(projects, 'torn.jsonl'), `${textOf([user('p2', 0, 'go')])}{"type":"us\n`);
    writeFileSync(join(projects, 'foreign.jsonl'), textOf([{ type: 'note' }]));
    const { code, ok, of } = await doctor([]);
    expect([code, ok]).toEqual([1, false]);
    const [unreadable] = of('unreadable');
    expect(unreadable).toMatchObject({
      state: 'attention',
      count: 2,
      found: 'claude-code: 1 file and 1 line cannot be read',
    });
    expect(unreadable!.details).toEqual([
      expect.stringMatching(/leads-nowhere\.jsonl cannot be read: ENOENT/),
      expect.stringMatching(/torn\.jsonl:2 /),
    ]);
    expect(of('unused')[0]).toMatchObject({
      state: 'note',
      count: 1,
      details: [expect.stringMatching(/foreign\.jsonl holds nothing/)],
    });
    expect(of('reachable')[0]).toMatchObject({ state: 'attention', found: expect.stringContaining('127.0.0.1:1') });
    expect(of('data')[0]).toMatchObject({ state: 'unknown', found: expect.stringContaining('no database is running') });
    const quick = await doctor(['--quick'], { CLAUDE_CONFIG_DIR: join(home, 'nowhere') });
    expect([quick.of('unreadable'), quick.of('would_send')]).toEqual([[], []]);
    expect(quick.of('transcripts')[0]).toMatchObject({ state: 'attention' });
    for (const name of ['leads-nowhere', 'torn', 'foreign']) rmSync(join(projects, `${name}.jsonl`));
  });

  it('looks at an organization through the database, and says what to do', async () => {
    const token = await service.organization('ill');
    const at = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const body = {
      specversion: '1.0',
      source: 'x',
      id: '1',
      type: 'run.started',
      time: at,
      data: { runId: 'r', sessionId: 's', startedAt: at },
    };
    await service.request('/v1/events', { token, body });
    const { code, of } = await doctor(['--quick', '--org', 'ill'], { DATABASE_URL: service.url });
    expect(code).toBe(1);
    expect(of('sources')[0]).toMatchObject({ state: 'note', count: 1, details: ['x: 3d old'] });
    expect(of('runs_without_user')[0]).toMatchObject({
      state: 'attention',
      count: 1,
      remedy: expect.stringContaining('--user ann@example.com'),
    });
    expect(of('runs_without_end')[0]).toMatchObject({ state: 'attention', count: 1 });
    expect(of('trust')[0]!.found).toMatch(/^ill: 1 run, cost known for –/);
    // who has runs without transcripts has nothing to do about them
    const elsewhere = { DATABASE_URL: service.url, CLAUDE_CONFIG_DIR: join(home, 'nowhere') };
    expect((await doctor(['--quick', '--org', 'ill'], elsewhere)).of('transcripts')[0]).toMatchObject({
      state: 'note',
    });
    const narrow = await doctor(['--quick', '--org', 'ill', '--last', '1d'], { DATABASE_URL: service.url });
    expect(narrow.of('runs_without_user')[0]).toMatchObject({ state: 'ok', count: 0 });
  });

  it('says of data that is ahead of the clock that it is', async () => {
    const token = await service.organization('ahead');
    const at = new Date(Date.now() + 1_800_000).toISOString();
    const event = { specversion: '1.0', source: 'fast', id: '1', type: 'session.created', time: at };
    const data = { sessionId: 's', createdAt: new Date().toISOString() };
    expect((await service.request('/v1/events', { token, body: { ...event, data } })).status).toBe(200);
    const { of } = await doctor(['--quick', '--org', 'ahead'], { DATABASE_URL: service.url });
    expect(of('trust')[0]!.found).toContain('the newest data of now, or ahead of the clock');
    expect(of('sources')[0]!.details).toEqual(['fast: of now, or ahead of the clock']);
  });

  it('says whether a service imports here always, and prints for people', async () => {
    const place = { platform: 'linux', home, uid: 0, environment: ENVIRONMENT } as const;
    await install(place, { format: 'codex', command: ['/usr/bin/node', 'x.js'], environment: {} });
    const { stdout } = await runboard(['doctor', '--quick'], ENVIRONMENT);
    expect(stdout).toContain('\nWhat follows here always\n  --  claude-code: no service imports it\n');
    expect(stdout).toContain('  ok  codex: runs since today, active (running)\n        no network\n');
    expect(stdout).toMatch(/\nThe service\n {2}!! {2}cannot reach a service at .*\n {6}→ start it \(`npm start`\)/);
    expect(stdout).toMatch(/\n\d lines? needs? attention \(!!\)\n$/);
  });
});

describe('the service as the doctor sees it', () => {
  const look = async (token: string | null, off = 0) => {
    const lines = await lookAtService({ url: service.address, token, said: null }, () => Date.now() - off);
    return (check: string) =>
      lines.filter((line) => line.check === check).map(({ state, found }) => `${state} ${found}`);
  };

  it('takes a token, or not', async () => {
    expect((await look('rb_unknown'))('token')).toEqual([
      'attention the token opens nothing: unknown, expired or revoked',
    ]);
    expect((await look(null))('token')).toEqual(['unknown no token to ask with']);
    const of = await look(await service.organization('sender', {}, ['ingest']));
    expect(of('scopes')).toEqual(['note it lacks the scope read: the organization’s data cannot be looked at with it']);
  });

  it('has another time', async () => {
    expect((await look(null, 3_600_000))('clock')[0]).toMatch(/^attention its clock is (1h|59m \d+s|1h 1m) ahead of/);
    expect((await look(null, -7_200_000))('clock')[0]).toMatch(/^attention its clock is (2h|1h 59m) behind/);
    expect((await look(null, 3000))('clock')[0]).toMatch(/^ok/);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCsv } from '../../src/cli/user/csv.js';
import { createToken } from '../../src/access/tokens.js';
import { headersOf } from '../access/viewers.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
let service: TestService;
let folder: string;
const runboard = inProcess(NOW, () => service.url);

beforeAll(async () => {
  service = await testService({ clock: () => NOW });
  folder = await mkdtemp(join(tmpdir(), 'runboard-user-'));
});
afterAll(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
  await service.stop();
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function users(orgId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await service.database.inOrganization(orgId, (tx) =>
    tx.query('select user_id, email, name, role, team, kind, aliases from users where org_id = $1 order by user_id', [
      orgId,
    ]),
  );
  return rows;
}

const upserted = (data: object) => ({
  ...{ specversion: '1.0', id: JSON.stringify(data), source: 's', type: 'user.upserted', time: '2026-06-29T00:00:00Z' },
  data,
});

describe('runboard user import', () => {
  it('shows what changes and asks, then says it as the directory', async () => {
    await service.organization('people', { memberVisibility: 'self' });
    const make = async (scopes: ('ingest' | 'read' | 'delegate')[]) =>
      (await createToken(service.database, 'people', { name: 't', scopes })).token;
    const [sender, grafana] = [await make(['ingest']), await make(['read', 'delegate'])];
    await service.accept(sender, [upserted({ userId: 'u-ada', email: 'ada@x', name: 'Ada L.' })]);
    const path = await file(
      'people.csv',
      '\uFEFFuser_id,Email,name,role,aliases\r\nu-ada,ada@x,"Lovelace, ""Ada""",manager,ada@laptop; github:ada\r\nu-bob,,,,\r\n',
    );
    const asked = await runboard('user', 'import', path, '--org', 'people');
    expect(asked.message).toContain('add --yes');
    expect(asked.out).toBe(
      '~ u-ada: email ada@x (not yet confirmed by the directory), name Ada L. → Lovelace, "Ada", role manager, ' +
        'aliases ada@laptop github:ada\n+ u-bob\n',
    );
    expect((await users('people')).map(({ role }) => role)).toEqual([null]);

    const done = await runboard('user', 'import', path, '--org', 'people', '--yes');
    expect([done.message, done.out.split('\n').at(-2)]).toEqual(['', '2 of 2 users changed in people']);
    expect(await users('people')).toMatchObject([
      {
        user_id: 'u-ada',
        email: 'ada@x',
        name: 'Lovelace, "Ada"',
        role: 'manager',
        aliases: ['ada@laptop', 'github:ada'],
      },
      { user_id: 'u-bob', email: null, role: null, aliases: null },
    ]);
    const viewer = { kind: 'user', role: 'Viewer', auth: 'oauth_google', email: 'ada@x' };
    const me = await service.request('/v1/me', { token: grafana, headers: headersOf(viewer) });
    expect(me.body.viewer.user).toMatchObject({ id: 'u-ada', role: 'manager' });

    const again = await runboard('user', 'import', path, '--org', 'people');
    expect([again.message, again.out]).toEqual(['', '0 of 2 users changed in people\n']);
    const cleared = await file('people.json', '[{"userId": "u-ada", "role": "", "aliases": ["github:ada"]}]');
    const json = await runboard('user', 'import', cleared, '--org', 'people', '--yes', '--json');
    expect(JSON.parse(json.out)).toEqual({
      org: 'people',
      users: 1,
      changed: [
        {
          userId: 'u-ada',
          isNew: false,
          members: [
            { member: 'role', before: 'manager', after: null },
            { member: 'aliases', before: ['ada@laptop', 'github:ada'], after: ['github:ada'] },
          ],
        },
      ],
    });
    expect((await users('people'))[0]).toMatchObject({ role: null, aliases: ['github:ada'] });
    const log = await runboard('audit', '--org', 'people', '--json');
    const entries = (JSON.parse(log.out) as { action: string; details: object }[]).filter(({ action }) =>
      /user/.test(action),
    );
    expect(entries.map(({ details }) => details)).toEqual([{ users: 1 }, { users: 2 }]);
  });

  it.each([
    ['name\nAnn\n', 'the first line must name the columns'],
    ['userId,role\nann,boss\n', 'row 2: role "boss" is not one of'],
    ['userId,age\nann,7\n', 'row 2: "age" is not a known column'],
    ['userId\nann\nann\n', 'row 3: "ann" stands twice'],
    ['userId,name\nann\n', 'row 2: has 1 cells, the first line 2'],
    ['userId\n"ann\n', 'unclosed quote at'],
    ['userId,aliases\nann,x;x\nbob,y;x\n', 'row 3: the alias "x" is already listed for another user'],
    ['[{"userId": 7}]', 'item 1: userId'],
    ['[', 'the file starts like JSON, but is not valid JSON'],
  ])('%j is refused as a whole', async (text, message) => {
    const path = await file('wrong', text);
    expect((await runboard('user', 'import', path, '--org', 'acme', '--yes')).message).toContain(message);
    expect(await users('acme')).toEqual([]);
  });
});

describe('ids that two users claim', () => {
  const persons = async (orgId: string) =>
    service.database.inOrganization(orgId, async (tx) => {
      const { rows } = await tx.query<{ said: string }>(
        `select user_id || ' ' || person_id as said from persons where org_id = $1 order by 1`,
        [orgId],
      );
      return rows.map(({ said }) => said);
    });

  it('are whose was said last, also where the same was said before', async () => {
    await service.organization('claimed');
    const alias = async (...args: string[]) => (await runboard('user', 'alias', ...args, '--org', 'claimed')).out;
    expect(await alias('ann', 'x')).toBe('ann is also x\n');
    expect(await alias('bob', 'x', 'y')).toBe('bob is also x, y\nx belonged to ann until now\n');
    expect(await persons('claimed')).toEqual(['x bob', 'y bob']);
    expect(await alias('ann', 'x')).toBe('ann is also x\nx belonged to bob until now\n');
    expect(await persons('claimed')).toEqual(['x ann', 'y bob']);
    const path = await file('claimed.csv', 'userId,aliases\nbob,x;y\n');
    const imported = async () => (await runboard('user', 'import', path, '--org', 'claimed', '--yes')).out;
    expect(await imported()).toBe('~ bob: aliases x y (x currently belongs to ann)\n1 of 1 user changed in claimed\n');
    expect(await persons('claimed')).toEqual(['x bob', 'y bob']);
    expect(await imported()).toBe('0 of 1 user changed in claimed\n');
  });

  it('are told where they name each other', async () => {
    await service.organization('circle');
    await runboard('user', 'alias', 'ann', 'bob', '--org', 'circle');
    const { out } = await runboard('user', 'alias', 'bob', 'ann', '--org', 'circle');
    expect(out).toBe('bob is also ann\nbob is itself an alias: these ids all count as ann\n');
    expect(await persons('circle')).toEqual(['bob ann']);
    const five = ['e', 'd', 'c', 'b', 'a'];
    for (const [place, id] of five.entries()) {
      await runboard('user', 'alias', id, five[(place + 1) % five.length]!, '--org', 'circle');
    }
    expect(await persons('circle')).toEqual(['b a', 'bob ann', 'c a', 'd a', 'e a']);
  });
});

describe('runboard user alias', () => {
  it('adds ids to those of a person, and erasing one of them erases the person', async () => {
    const token = await service.organization('one', {});
    await runboard('user', 'alias', 'ann', 'ann@x', 'u-1', '--org', 'one');
    const more = await runboard('user', 'alias', 'ann', 'u-2', 'ann', 'u-1', '--org', 'one');
    expect([more.message, more.out]).toEqual(['', 'ann is also ann@x, u-1, u-2\n']);
    const started = (userId: string) => ({
      ...{ specversion: '1.0', id: userId, source: 's', type: 'run.started' },
      data: { runId: userId, sessionId: 's', startedAt: '2026-06-29T00:00:00Z', userId },
    });
    await service.accept(token, [started('ann@x'), started('u-2'), started('bob')]);
    const erased = await runboard('user', 'erase', 'u-2', '--org', 'one', '--yes', '--json');
    expect(JSON.parse(erased.out)).toMatchObject({
      user: expect.stringMatching(/^erased-[0-9a-f]{12}-1$/),
      changed: { runs: 2 },
      mentions: {},
    });
    const rows = JSON.stringify(await users('one'));
    expect(rows).not.toMatch(/ann|u-1|u-2/);
  });
});

describe('runboard user hints', () => {
  it('lists ids that were seen together, until the directory says that they are one person, or one is erased', async () => {
    const token = await service.organization('hinted', {}, ['ingest']);
    const hint = (idHintId: string, userId: string, otherId: string, at: string) => ({
      ...{ specversion: '1.0', id: `${idHintId} ${at}`, source: 's', type: 'id_hint.recorded' },
      data: { idHintId, userId, otherId, at },
    });
    await service.accept(token, [
      hint('1', 'ann@x', 'account-7', '2026-06-01T00:00:00Z'),
      hint('1', 'ann@x', 'account-7', '2026-06-02T00:00:00Z'),
      hint('2', 'ann@x', 'ann-laptop', '2026-06-01T00:00:00Z'),
      hint('3', 'bob', 'bob@x', '2026-06-01T00:00:00Z'),
    ]);
    const listed = async () =>
      JSON.parse((await runboard('user', 'hints', '--org', 'hinted', '--json')).out) as object[];
    expect(await listed()).toEqual([
      { user: 'ann@x', other: 'account-7', seenAt: '2026-06-02T00:00:00.000Z' },
      { user: 'ann@x', other: 'ann-laptop', seenAt: '2026-06-01T00:00:00.000Z' },
      { user: 'bob', other: 'bob@x', seenAt: '2026-06-01T00:00:00.000Z' },
    ]);
    await runboard('user', 'alias', 'ann', 'ann@x', 'account-7', '--org', 'hinted');
    expect(await listed()).toMatchObject([{ other: 'ann-laptop' }, { other: 'bob@x' }]);
    // whoever is erased by one id is not found by the other
    await runboard('user', 'erase', 'bob@x', '--org', 'hinted', '--yes');
    await runboard('rebuild', '--org', 'hinted');
    expect(await listed()).toMatchObject([{ other: 'ann-laptop' }]);
    expect((await runboard('user', 'hints', '--org', 'acme')).out).toBe('no hints\n');
  });
});

describe('parseCsv', () => {
  it.each<[string, string[][]]>([
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n"1\n",""""\r\n',
      [
        ['a', 'b'],
        ['1\n', '"'],
      ],
    ],
    [
      'a,\n\n,b\n',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['a,', [['a', '']]],
    ['"a" ,b', [['a', 'b']]],
    ['', []],
  ])('%j', (text, rows) => expect(parseCsv(text)).toEqual(rows));
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inProcess, type Spoken } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
let folder: string;
let settings: string;
const AWAY = 'http://127.0.0.1:9';
const runboard = inProcess(Date.now(), () => service.url);
const connect = (...args: string[]): Promise<Spoken> =>
  runboard('connect', 'claude-code', '--settings', settings, ...args);
const here = (...args: string[]): Promise<Spoken> => connect('--url', service.address, ...args);
beforeAll(async () => {
  service = await testService();
  folder = await mkdtemp(join(tmpdir(), 'connect-'));
});
let count = 0;
beforeEach(async () => {
  count += 1;
  settings = join(folder, `settings ${count}.json`);
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const ofThis = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith(`settings ${count}.`));
const tokens = async (): Promise<{ id: string; name: string }[]> => {
  const all = JSON.parse((await runboard('token', 'list', '--json')).out) as { id: string; name: string }[];
  return all.filter(({ name }) => name.startsWith('connect'));
};
const tokenIn = async (): Promise<string> => /rb_[\w-]+/.exec(await readFile(settings, 'utf8'))![0];
const answer = async (token: string): Promise<number> =>
  (await service.request('/v1/logs', { token, body: {} })).status;

describe('where the test record does not get through', () => {
  it('nothing is written or printed, no token stays, and it is said', async () => {
    const before = await tokens();
    const written = await connect('--url', AWAY, '--write');
    expect(written.message).toContain(`a test record did not reach ${AWAY}`);
    expect(written.message).toContain('nothing was written');
    expect(await ofThis()).toEqual([]);
    const printed = await connect('--url', AWAY);
    expect([printed.out, printed.message]).toEqual(['', expect.stringContaining('nothing is printed')]);
    const collector = await runboard('connect', 'collector', '--url', AWAY);
    expect([collector.out, collector.message]).toEqual(['', expect.stringContaining(`did not reach ${AWAY}`)]);
    expect(await tokens()).toEqual(before);
  });

  it('--no-test writes all the same', async () => {
    const { code, out } = await connect('--url', AWAY, '--write', '--no-test');
    expect([code, out]).toEqual([0, expect.stringContaining(`no test record was sent to ${AWAY}`)]);
    expect(await answer(await tokenIn())).toBe(200);
  });
});

describe('the token of a settings file', () => {
  it('is one, says whose it is, and is revoked by the undo that is printed', async () => {
    const before = await tokens();
    const { out } = await here('--write');
    const token = await tokenIn();
    expect((await here('--write')).code).toBe(0);
    expect(await tokenIn()).toBe(token);
    const made = (await tokens()).filter(({ id }) => !before.some((one) => one.id === id));
    expect(made.map(({ name }) => name)).toEqual([`connect claude-code: tester@test ${settings}`]);
    expect(out).toContain(`undo: runboard connect claude-code --settings '${settings}' --undo)`);
    const undone = await connect('--undo');
    expect([undone.code, undone.out]).toEqual([0, expect.stringContaining(`revoked its token ${made[0]!.id}\n`)]);
    expect([await answer(token), await ofThis()]).toEqual([401, []]);
  });

  it('stays where others may use it, and it is said how it is revoked', async () => {
    const { id, token } = JSON.parse(
      (await runboard('token', 'create', '--name', 'shared', '--scope', 'ingest', '--json')).out,
    ) as { id: string; token: string };
    await here('--write', '--token', token);
    const { out } = await connect('--undo');
    expect(out).toContain(
      `its token stays valid (shared); if nothing else uses it: runboard token revoke ${id} --org `,
    );
    expect(await answer(token)).toBe(200);
  });
});

describe('a file that cannot be merged into', () => {
  it.each([
    ['{ // mine\n', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['{"env":"x","hooks":[]}', 'has a member env of another kind'],
    ['{"env":{},"hooks":{"Stop":"x"}}', 'has a member hooks.Stop of another kind'],
    ['{"env":null}', 'has a member env of another kind'],
  ])('%s stays as it is, and no token is made', async (text, said) => {
    await writeFile(settings, text);
    const before = await tokens();
    const { message } = await here('--write');
    expect(message).toContain(said);
    expect(message).toContain('and was left as it is');
    expect([await readFile(settings, 'utf8'), await ofThis()]).toEqual([text, [`settings ${count}.json`]]);
    expect(await tokens()).toEqual(before);
  });

  it('stays as it is if somebody broke it since, with its copy and its token', async () => {
    await writeFile(settings, '{"model":"opus"}');
    await here('--write');
    const token = await tokenIn();
    await writeFile(settings, '{"env":"x"');
    const { message } = await connect('--undo');
    expect(message).toContain(`out of it by hand (as it was: ${settings}.before-runboard)`);
    expect(await readFile(`${settings}.before-runboard`, 'utf8')).toBe('{"model":"opus"}');
    expect(await answer(token)).toBe(200);
  });

  it('in a place that cannot be written to is said with what can be done', async () => {
    settings = join(folder, 'x'.repeat(250)); // its neighbours' names are too long
    const before = await tokens();
    const { message } = await here('--write');
    expect(message).toContain(`${settings} cannot be written (ENAMETOOLONG): `);
    expect(await tokens()).toEqual(before);
  });
});

it('refuses flags that contradict each other, and warns of an address that is this machine alone', async () => {
  for (const two of [
    ['--write', '--undo'],
    ['--managed', '--write'],
    ['--managed', '--undo'],
  ])
    expect((await connect(...two)).err).toContain('cannot be used with option');
  expect((await here('--managed')).err).toContain(`${service.address} is this machine alone`);
});

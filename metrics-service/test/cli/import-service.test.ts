import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { environmentText } from '../../src/cli/service/environment.js';
import { install, statusOf, uninstall, type Place } from '../../src/cli/service/index.js';
import { lastingNode } from '../../src/cli/service/place.js';
import { runboard } from '../support/command.js';

/** Systemd and launchd are played by scripts that note what they are asked, and answer as told. */
const folder = mkdtempSync(join(tmpdir(), 'import-service-'));
const [bin, home, asked] = ['bin', 'home', 'asked'].map((name) => join(folder, name)) as [string, string, string];
const PATH = `${bin}:/usr/bin:/bin`;
const SECRET = 'rb_a"b$HOME`id`\\c';

function fake(name: string, script = ''): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${asked}\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
const calls = (): string[] => (existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []);

beforeAll(() => [bin, home].forEach((path) => mkdirSync(path)));
beforeEach(() => {
  rmSync(asked, { force: true });
  for (const name of ['systemctl', 'journalctl', 'loginctl', 'launchctl']) fake(name);
});
afterAll(() => rmSync(folder, { recursive: true }));

const UNIT = join(home, '.config/systemd/user/runboard-import-codex.service');
const SECRETS = join(home, '.config/runboard/import-codex.env');
const ARGUMENTS = [
  ...['import', 'codex', '/data/a b', '/data/50%$x"', '--url', 'http://127.0.0.1:1', '--token', SECRET],
  ...['--user', 'ann@example.com', '--since', '2026-01-31'],
];

const linux: Place = { platform: 'linux', home, uid: 1000, environment: { PATH, USER: 'ann' } };
const mac: Place = { platform: 'darwin', home, uid: 501, environment: { PATH } };
const what = (environment: Record<string, string> = {}) => ({
  format: 'codex',
  command: ['/usr/bin/node', '/app/runboard.js', 'import', 'codex', '/a <b> & "c"', '--follow'],
  environment,
});

describe('runboard import … --install with systemd', () => {
  it('writes the unit and, for its owner only, the token; starts it; takes both away again', async () => {
    const done = await runboard([...ARGUMENTS, '--install'], { HOME: home, PATH });
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(calls()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable runboard-import-codex.service',
      'systemctl --user restart runboard-import-codex.service',
      expect.stringMatching(/^loginctl show-user/),
    ]);
    const unit = readFileSync(UNIT, 'utf8');
    const given = '"import" "codex" "/data/a b" "/data/50%%$$x\\"" "--user" "ann@example.com"';
    expect(unit).toMatch(/^ExecStart="\/.*" "\/.*\/metrics-service\/bin\/runboard\.js" "import"/m);
    expect(unit).toContain(`${given} "--since" "2026-01-31T00:00:00.000Z" "--url" "http://127.0.0.1:1" "--follow"\n`);
    expect(unit).toContain(`EnvironmentFile=${SECRETS}\n`);
    expect(unit).toContain('Restart=always\n');
    expect(unit + done.stdout).not.toContain('rb_a');
    expect(statSync(SECRETS).mode & 0o777).toBe(0o600);
    const read = execFileSync('/bin/sh', ['-c', '. "$1"; printf %s "$RUNBOARD_TOKEN"', 'sh', SECRETS]);
    expect(read.toString()).toBe(SECRET);

    rmSync(asked);
    const gone = await runboard(['import', 'codex', '--uninstall'], { HOME: home, PATH });
    expect([gone.code, gone.stdout]).toEqual([0, 'the service that imports codex is removed\n']);
    expect(calls()).toEqual(['systemctl --user disable --now runboard-import-codex.service']);
    expect([existsSync(UNIT), existsSync(SECRETS)]).toEqual([false, false]);
  });

  it('writes the files and says what to run where no session runs', async () => {
    fake('systemctl', 'echo "Failed to connect to bus: No medium found" >&2; exit 1');
    const { code, stdout } = await runboard([...ARGUMENTS, '--install'], { HOME: home, PATH });
    expect(code).toBe(1);
    expect(stdout).toContain('systemd could not start it (Failed to connect to bus: No medium found)');
    expect(stdout).toContain(
      '\n  systemctl --user daemon-reload\n  systemctl --user enable runboard-import-codex.service\n',
    );
    expect(existsSync(UNIT)).toBe(true);
    rmSync(join(bin, 'systemctl'));
    const bare = { ...linux, environment: { PATH: bin } };
    expect((await install(bare, what())).missing?.why).toBe('there is no systemctl here');
    expect(await uninstall(bare, 'codex')).toBe(true);
    expect(await uninstall(bare, 'codex')).toBe(false);
  });

  it.each([
    [['--install', '--dry-run'], '--install cannot be used with --dry-run'],
    [['--install', '--url', 'http://127.0.0.1:1'], '--url also needs --token'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runboard(['import', 'codex', ...flags], { HOME: home, PATH });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(calls()).toEqual([]);
  });

  const verify = existsSync('/usr/bin/systemd-analyze') ? it : it.skip;
  verify('writes a unit that systemd takes', async () => {
    const { file } = await install(linux, { ...what(), command: [process.execPath, '/app/50% $x "q" \\ é.js'] });
    const run = { env: { PATH: '/usr/bin:/bin', HOME: home, XDG_RUNTIME_DIR: folder }, stdio: 'pipe' } as const;
    execFileSync('/usr/bin/systemd-analyze', ['verify', '--user', file], run);
    await uninstall(linux, 'codex');
  });

  it('says how it is, and what went wrong last', async () => {
    expect(await statusOf(linux, 'codex')).toBeNull();
    await install(linux, what());
    fake(
      'systemctl',
      'printf "ActiveState=active\\nSubState=running\\nActiveEnterTimestamp=Sat 2026-11-28 09:00:00 UTC\\nResult=success\\nNRestarts=3\\n"',
    );
    fake('journalctl', 'printf "Following /a (Ctrl-C ends it)\\nhttp://x answered 503; trying again in 1 s\\n"');
    expect(await statusOf(linux, 'codex')).toEqual({
      file: UNIT,
      isRunning: true,
      since: 'Sat 2026-11-28 09:00:00 UTC',
      state: 'active (running), started again 3 times',
      lastLines: ['http://x answered 503; trying again in 1 s'],
    });
    fake('systemctl', 'echo "Failed to connect to bus" >&2; exit 1');
    expect(await statusOf(linux, 'codex')).toMatchObject({ isRunning: null, state: 'Failed to connect to bus' });
    fake('loginctl', 'echo Linger=no');
    fake('systemctl');
    expect((await install(linux, what())).hint).toContain('loginctl enable-linger');
    await uninstall(linux, 'codex');
  });
});

/** The values of a property list, keys before their values, as XML says them. */
function plistOf(text: string): string[] {
  const [, dict] =
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist [^>]*>\n<plist version="1\.0">\n<dict>\n(.*)<\/dict>\n<\/plist>\n$/s.exec(
      text,
    )!;
  const entities = { '&lt;': '<', '&gt;': '>', '&amp;': '&' } as Record<string, string>;
  const values: string[] = [];
  const rest = dict!.replaceAll(
    /<(key|string|integer)>([^<>]*)<\/\1>|<(true|false)\/>|<(\/?array)>/g,
    (_all, _tag, value: string | undefined, flag: string | undefined, list: string | undefined) => {
      values.push(value?.replaceAll(/&\w+;/g, (entity) => entities[entity]!) ?? flag ?? list!);
      return '';
    },
  );
  expect(rest.trim()).toBe('');
  return values;
}

describe('with launchd', () => {
  const PLIST = join(home, 'Library/LaunchAgents/runboard.import.codex.plist');

  it('writes an agent that reads its environment from the file, and starts it once the one before has ended', async () => {
    fake('launchctl', `[ "$1" = bootout ] && exit 3; [ -e ${folder}/twice ] || { touch ${folder}/twice; exit 5; }`);
    const done = await install(mac, what({ RUNBOARD_TOKEN: SECRET }));
    expect(done).toMatchObject({ manager: 'launchd', file: PLIST, missing: null });
    const bootstrap = `launchctl bootstrap gui/501 ${PLIST}`;
    expect(calls()).toEqual(['launchctl bootout gui/501/runboard.import.codex', bootstrap, bootstrap]);
    const values = plistOf(readFileSync(PLIST, 'utf8'));
    const start = values.indexOf('array') + 1;
    const program = values.slice(start, values.indexOf('/array'));
    expect(program.slice(3)).toEqual(['runboard', SECRETS, ...what().command]);
    expect(values.slice(values.indexOf('/array') + 1)).toEqual([
      ...['RunAtLoad', 'true', 'KeepAlive', 'true', 'ThrottleInterval', '30', 'ProcessType', 'Background'],
      ...['StandardErrorPath', join(home, 'Library/Logs/runboard-import-codex.log')],
    ]);
    // its beginning does what is meant
    const probe = [...program.slice(1, 5), '/bin/sh', '-c', 'printf %s "$RUNBOARD_TOKEN $1"', 'sh', 'a <b> & "c"'];
    expect(execFileSync(program[0]!, probe).toString()).toBe(`${SECRET} a <b> & "c"`);
  });

  it('says how it is, and is removed', async () => {
    fake('launchctl', 'printf "service = {\\n\\tstate = running\\n\\tpid = 42\\n\\tlast exit code = 1\\n}\\n"');
    fake('ps', 'echo "Sat Nov 28 09:00:00 2026"');
    mkdirSync(join(home, 'Library/Logs'), { recursive: true });
    writeFileSync(join(home, 'Library/Logs/runboard-import-codex.log'), 'Following /a (Ctrl-C ends it)\nno network\n');
    expect(await statusOf(mac, 'codex')).toEqual({
      file: PLIST,
      isRunning: true,
      since: 'Sat Nov 28 09:00:00 2026',
      state: 'running, last exit code 1',
      lastLines: ['no network'],
    });
    expect(await uninstall(mac, 'codex')).toBe(true);
    expect(calls().at(-1)).toBe('launchctl bootout gui/501/runboard.import.codex');
    expect([existsSync(PLIST), existsSync(SECRETS)]).toEqual([false, false]);
  });
});

describe('what a service is given', () => {
  it('Node.js by the name on the PATH that leads to it, which stays after an update', () => {
    const [real, named] = [join(folder, 'node-v22'), join(bin, 'node')];
    writeFileSync(real, '');
    const environment = { PATH: `relative:/nowhere:${bin}` };
    expect(lastingNode({ ...linux, environment }, real)).toBe(real);
    symlinkSync(real, named);
    expect(lastingNode({ ...linux, environment }, real)).toBe(named);
    rmSync(named);
  });

  it('no value with a line break, which would be another variable', () => {
    expect(() => environmentText({ RUNBOARD_TOKEN: 'x\nPATH=/tmp' })).toThrow('RUNBOARD_TOKEN has a line break');
  });

  it('nothing on a system without services of users', async () => {
    const windows = { ...linux, platform: 'win32' } as const;
    await expect(install(windows, what())).rejects.toThrow('no services of users on win32');
    expect([await statusOf(windows, 'codex'), await uninstall(windows, 'codex')]).toEqual([null, false]);
  });
});

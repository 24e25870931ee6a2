import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareProvisioning } from '../../src/cli/grafana/provisioning.js';
import type { GrafanaFolder } from '../../src/cli/grafana/settings.js';
import { gone, isAlive } from '../../src/processes.js';
import { dataFolder, start, type Started } from '../support/command.js';

const FAKE = fileURLToPath(new URL('../support/fake-grafana.mjs', import.meta.url));
const DASHBOARDS = fileURLToPath(new URL('../../../dashboards', import.meta.url));

/** What the fake Grafana notes when it starts. */
interface Seen {
  pid: number;
  pluginPid: number;
  args: string[];
  env: Record<string, string>;
  plugins: string[];
  boards: string[];
  provisioning: string[];
  dataSources: string[];
}

async function writeProgram(path: string, interpreter: string, text: string): Promise<void> {
  await writeFile(path, `#!${interpreter}\n${text}`, { mode: 0o755 });
}

describe('npm start with a Grafana', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let home: string;
  let service: Started | undefined;
  const environment = () => ({
    RUNBOARD_GRAFANA: '1',
    GRAFANA_HOME: home,
    GRAFANA_PORT: '0',
    RUNBOARD_PLUGIN: join(home, 'plugin'),
  });
  const begin = async (more: Record<string, string> = {}) =>
    (service = await start(data.path, { ...environment(), ...more }));
  const seen = async () => JSON.parse(await readFile(join(home, 'seen.json'), 'utf8')) as Seen;
  const serves = async (running: Started) => (await fetch(`${running.url}/ready`)).status === 200;

  beforeAll(async () => {
    data = await dataFolder();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'runboard-grafana-'));
    for (const folder of ['bin', 'conf', 'plugin']) await mkdir(join(home, folder));
    await writeFile(join(home, 'conf/defaults.ini'), '');
    await writeFile(join(home, 'plugin/plugin.json'), '{}');
    await writeProgram(join(home, 'bin/grafana'), '/bin/sh', `exec '${process.execPath}' '${FAKE}' "$@"\n`);
  });
  afterEach(async () => {
    await service?.end('SIGTERM');
    service = undefined;
    await rm(home, { recursive: true, force: true });
  });
  afterAll(() => data.remove());

  it('starts it with everything in place, and ends it and its plugins', async () => {
    const running = await begin({ GF_DATABASE_URL: 'postgres://of-another-grafana', GF_LOG_MODE: 'syslog' });
    const said = await running.said('  user admin, password ');
    const { pid, pluginPid, args, env, plugins, boards, provisioning, dataSources } = await seen();
    expect(said).toContain(
      `Grafana 12.4.9 serves the boards at http://127.0.0.1:${env.GF_SERVER_HTTP_PORT}/d/runboard-overview\n` +
        `  user admin, password ${env.GF_SECURITY_ADMIN_PASSWORD}\n`,
    );
    expect(said).not.toContain('does not work');
    expect(args).toEqual(['server', '--homepath', home, '--config', join(data.path, 'grafana/grafana.ini')]);
    expect(env).toMatchObject({
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_PATHS_DATA: join(data.path, 'grafana/data'),
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_LOG_MODE: 'console',
      RUNBOARD_URL: running.url,
      RUNBOARD_TOKEN: running.token,
    });
    expect(env).not.toHaveProperty('GF_DATABASE_URL');
    expect(plugins).toEqual(['runboard-metrics-datasource']);
    expect(provisioning).toEqual(expect.arrayContaining(['dashboards', 'datasources']));
    expect(dataSources).toEqual(['runboard.yaml']);
    const made = (await readdir(DASHBOARDS)).filter((file) => /^runboard-.*\.json$/.test(file));
    expect(boards.sort()).toEqual(made.sort());
    expect(env.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      join(data.path, 'grafana/boards/runboard-overview.json'),
    );
    const grafana = `http://127.0.0.1:${env.GF_SERVER_HTTP_PORT}`;
    const preferences = await fetch(`${grafana}/api/org/preferences`);
    expect(await preferences.json()).toEqual({ homeDashboardUID: 'runboard-overview' });
    expect(await (await fetch(running.url)).text()).toContain(`href="${grafana}/d/runboard-overview"`);
    const { code, stdout } = await running.end('SIGINT');
    expect({ code, said: stdout.endsWith('Stopped.\n') }).toEqual({ code: 0, said: true });
    expect([pid, pluginPid].filter(isAlive)).toEqual([]);
    expect(await readdir(join(data.path, 'grafana'))).not.toContain('lock');
  });

  it('keeps its password, and says when it was changed in Grafana', async () => {
    await (await begin()).said('  user admin, password ');
    const { env } = await seen();
    await service!.end();
    await writeFile(join(home, 'password'), '');
    expect(await (await begin()).said('  user admin, password ')).toContain('password as you changed it\n');
    expect((await seen()).env.GF_SECURITY_ADMIN_PASSWORD).toBe(env.GF_SECURITY_ADMIN_PASSWORD);
  });

  it('leaves no Grafana behind when it is killed with -9, and starts one again', async () => {
    await (await begin()).said('  user admin, password ');
    const former = await seen();
    await service!.end('SIGKILL');
    expect(await gone(former.pid, 15_000)).toBe(true);
    expect(await gone(former.pluginPid, 15_000)).toBe(true);
    await (await begin()).said('  user admin, password ');
    expect((await seen()).pid).not.toBe(former.pid);
  });

  it('goes on when Grafana ends by itself, and ends the plugins that it leaves', async () => {
    const running = await begin();
    await running.said('  user admin, password ');
    const { env, pluginPid } = await seen();
    await fetch(`http://127.0.0.1:${env.GF_SERVER_HTTP_PORT}/die`).catch(() => {});
    const said = await running.said('stopped unexpectedly');
    expect(said).toMatch(/^The service goes on without Grafana: Grafana stopped unexpectedly \(exit code 3, log: .*$/m);
    expect(await gone(pluginPid, 5_000)).toBe(true);
    expect(await serves(running)).toBe(true);
  });

  it('goes on when Grafana does not start, and says why', async () => {
    await writeFile(join(home, 'broken'), '');
    const running = await begin();
    expect(await running.said('(log: ')).toMatch(
      /^The service goes on without Grafana: Grafana did not start: Error: broken on purpose \(log: .*\)$/m,
    );
    expect(await serves(running)).toBe(true);
  });

  it.each([
    ['GRAFANA_HOME', '/nowhere', 'GRAFANA_HOME is "/nowhere", but must be the folder of a Grafana'],
    ['RUNBOARD_PLUGIN', '/nowhere', 'RUNBOARD_PLUGIN is "/nowhere", but must be the folder of a built plugin'],
  ])('goes on when %s is %s', async (name, value, complaint) => {
    const running = await begin({ [name]: value });
    await running.said(`The service goes on without Grafana: ${complaint}`);
    expect(await serves(running)).toBe(true);
  });

  it('goes on when its port is taken', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taker.once('listening', resolve));
    const { port } = taker.address() as AddressInfo;
    const running = await begin({ GRAFANA_PORT: String(port) });
    await running.said(`without Grafana: port ${port} is taken: choose another with GRAFANA_PORT`);
    await new Promise((resolve) => taker.close(resolve));
  });

  it('finds it on the PATH, as a link into an unpacked archive', async () => {
    const onPath = join(home, 'on-path');
    await mkdir(onPath);
    await symlink(join(home, 'bin/grafana'), join(onPath, 'grafana'));
    const running = await begin({ GRAFANA_HOME: '', PATH: [onPath, process.env.PATH].join(delimiter) });
    await running.said('  user admin, password ');
    expect((await seen()).args).toEqual(expect.arrayContaining(['--homepath', home]));
  });

  it('is ended while it waits for Grafana', async () => {
    await writeProgram(join(home, 'bin/grafana'), '/bin/sh', 'exec sleep 1000\n');
    const running = await begin();
    await running.said('Starting Grafana …');
    expect((await running.end('SIGINT')).code).toBe(0);
  });

  it.each([
    ['works', 'exit 0', 'docker compose up'],
    ['does not', 'exit 1', 'set GRAFANA_HOME to the folder of one'],
  ])('says without one how to see the boards, where docker %s', async (_name, docker, advice) => {
    // a PATH with what the embedded database needs, and a docker, but no grafana
    const onPath = join(home, 'on-path');
    await mkdir(onPath);
    await writeProgram(join(onPath, 'docker'), '/bin/sh', `${docker}\n`);
    for (const name of ['id', 'useradd']) {
      const folders = (process.env.PATH ?? '').split(delimiter);
      for (const folder of folders) await symlink(join(folder, name), join(onPath, name)).catch(() => {});
    }
    const running = await begin({ GRAFANA_HOME: '', PATH: onPath });
    expect(await running.said('The boards')).toContain(advice);
  });

  it('offers an organization of one’s own beside the demo', async () => {
    const running = await begin({ RUNBOARD_DEMO: '1' });
    await running.said('  user admin, password ');
    const { env, dataSources } = await seen();
    expect(dataSources.sort()).toEqual(['other.yaml', 'runboard.yaml']);
    const organizationOf = async (token?: string) => {
      const answer = await fetch(`${running.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      return ((await answer.json()) as { organization: { id: string } }).organization.id;
    };
    expect(await organizationOf(env.RUNBOARD_TOKEN)).toBe('demo');
    expect(await organizationOf(env.RUNBOARD_OTHER_TOKEN)).toBe('default');
    // the demo is loaded first
  }, 300_000);

  it('keeps the data source of each organization apart: Grafana does not start where a known uid has another name', async () => {
    const folder = { provisioning: join(home, 'provisioning'), boards: join(home, 'boards') } as GrafanaFolder;
    const written = async (orgId: string): Promise<string> => {
      await prepareProvisioning(folder, orgId);
      return readFile(join(folder.provisioning, 'datasources/other.yaml'), 'utf8');
    };
    const uidIn = (yaml: string): string => /uid: (runboard-[0-9a-f]{12})\n/.exec(yaml)![1]!;
    const [acme, other] = [await written('acme'), await written('a_much_longer.name-of-another-organization')];
    expect(acme).toContain('name: Runboard (acme)');
    expect(uidIn(acme)).not.toBe(uidIn(other));
    expect(await written('acme')).toBe(acme);
  });
});

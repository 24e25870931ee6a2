import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { commandLine, gone, isAlive } from '../../src/processes.js';
import { embeddedProcess, endEmbedded as end, killEmbedded, runningEmbedded } from '../support/embedded-process.js';

let folder: string;
let dataDir: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runboard-embedded-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  const first = await running();
  await ask(first.url, 'create table kept as select 1 as x');
  await end(first.child);
});
afterEach(async () => {
  const pid = await postmasterPid();
  killEmbedded();
  if (pid !== null) expect(await gone(pid, 20_000)).toBe(true);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const service = () => embeddedProcess(dataDir);
const running = (options: object = {}) => runningEmbedded(dataDir, options);

async function postmasterPid(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number(text.split('\n', 1)[0]);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>({ text: sql })).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded database', () => {
  it('keeps its data between starts, and leaves no process behind', async () => {
    const { child, url } = await running();
    expect(await ask(url, 'select x from kept')).toEqual([{ x: 1 }]);
    const pid = (await postmasterPid())!;
    await end(child);
    expect(isAlive(pid)).toBe(false);
    expect((await readdir(dataDir)).sort()).toEqual(['passwords.json', 'postgres', 'postgres.log']);
  });

  it('lets the service in as a role that becomes no other but that of jobs, whatever it is told', async () => {
    const { child, serviceUrl } = await running();
    const client = new pg.Client({ connectionString: serviceUrl });
    await client.connect();
    await client.query('reset role; reset session authorization');
    const { rows } = await client.query(
      `select rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user`,
    );
    const may = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false };
    expect(rows).toEqual([{ rolname: 'runboard_service', ...may }]);
    const forbidden = ['set role runboard', 'set role postgres', 'create table t ()', 'select from kept'];
    const isForbidden = (statement: string) => expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    for (const statement of forbidden) await isForbidden(statement);
    await client.query('set role runboard_jobs');
    for (const statement of forbidden) await isForbidden(statement);
    await client.end();
    await end(child);
  });

  it('is owned by a role without rights beyond its database, and kept from other users', async () => {
    const { child, url } = await running();
    const rights = await ask(
      url,
      `select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user`,
    );
    expect(rights).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false }]);
    expect((await stat(join(dataDir, 'passwords.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    const rules = await readFile(join(dataDir, 'postgres/data/pg_hba.conf'), 'utf8');
    const methods = [...rules.matchAll(/^[^#\n].*?(\S+)$/gm)].map((match) => match[1]);
    expect(new Set(methods)).toEqual(new Set(['scram-sha-256']));
    const settings = await ask(
      url,
      `select name, setting from pg_settings where name in ('listen_addresses', 'fsync', 'synchronous_commit') order by 1`,
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    await end(child);
  });

  it('ends by itself when its service is killed', async () => {
    const { child } = await running();
    const pid = (await postmasterPid())!;
    child.kill('SIGKILL');
    expect(await gone(pid, 20_000)).toBe(true);
  });

  it('starts again at once after its service was killed', async () => {
    const first = await running();
    await ask(first.url, 'update kept set x = 1');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await running();
    expect(await ask(second.url, 'select x from kept')).toEqual([{ x: 1 }]);
    await end(second.child);
  });

  it('starts again after everything was killed', async () => {
    const first = await running();
    await ask(first.url, 'update kept set x = 1');
    const pid = (await postmasterPid())!;
    process.kill(pid, 'SIGKILL');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await running();
    expect(await ask(second.url, 'select x from kept')).toEqual([{ x: 1 }]);
    await end(second.child);
  });

  it('comes back at the same address when it alone is killed', async () => {
    const { child, next, url } = await running();
    await ask(url, 'update kept set x = 1');
    const pid = (await postmasterPid())!;
    process.kill(pid, 'SIGKILL');
    expect(await next()).toEqual({ crashed: true });
    let rows: unknown[] | null = null;
    for (let attempt = 0; rows === null && attempt < 200; attempt++) {
      rows = await ask(url, 'select x from kept').catch(() => null);
      if (rows === null) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(rows).toEqual([{ x: 1 }]);
    expect(await postmasterPid()).not.toBe(pid);
    await end(child);
  });

  it('is started again at the same address when it hangs', async () => {
    const { child, url, next } = await running({ patience: { hangsAfterMs: 1_000, lookAgainMs: 200 } });
    process.kill((await postmasterPid())!, 'SIGSTOP');
    expect(await next()).toEqual({ crashed: true });
    for (let isBack = false; !isBack;)
      isBack = await ask(url, 'select x from kept').then(
        () => true,
        () => false,
      );
    await end(child);
  });

  it('comes back when it is killed again on its way back', async () => {
    const { child, next, url } = await running();
    const first = (await postmasterPid())!;
    process.kill(first, 'SIGKILL');
    expect(await next()).toEqual({ crashed: true });
    let second = first;
    // while the file is written there is no number in it
    while (second === first || !isAlive(second)) second = (await postmasterPid()) || first;
    process.kill(second, 'SIGKILL');
    let rows: unknown[] | null = null;
    for (let attempt = 0; rows === null && attempt < 200; attempt++) {
      rows = await ask(url, 'select x from kept').catch(() => null);
      if (rows === null) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(rows).toEqual([{ x: 1 }]);
    expect([first, second]).not.toContain(await postmasterPid());
    await end(child);
  });

  it('has one service at a time: the second is told so in one line', async () => {
    const first = await running();
    const second = await service().next();
    expect(second.failure).toMatch(
      new RegExp(`^Runboard runs on the data folder .* already \\(process ${first.child.pid}\\): .*$`),
    );
    expect(await ask(first.url, 'select 1 as x')).toEqual([{ x: 1 }]);
    await end(first.child);
  });

  it('is made anew when making it was interrupted', async () => {
    const finished = dataDir;
    dataDir = join(folder, 'interrupted');
    const first = service();
    for (;;) {
      const names = await readdir(dataDir).catch(() => [] as string[]);
      const draft = names.find((name) => name.startsWith('postgres.new-'));
      if (draft && (await readdir(join(dataDir, draft)).catch(() => [] as string[])).includes('data')) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await running();
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
    await end(second.child);
    dataDir = finished;
  });

  it('starts although the process id it had belongs to another program now', async () => {
    const first = await running();
    await end(first.child);
    const path = join(dataDir, 'postgres/data/postmaster.pid');
    await writeFile(path, `${process.pid}\n${join(dataDir, 'postgres/data')}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`);
    const second = await running();
    await end(second.child);
  });

  it('says in one line that the data folder cannot be used', async () => {
    const finished = dataDir;
    dataDir = join(folder, 'file');
    await writeFile(dataDir, 'no folder');
    expect((await service().next()).failure).toMatch(/^the data folder .* cannot be made .*RUNBOARD_DATA_DIR$/);
    dataDir = finished;
  });

  it('says in one line that its passwords are gone', async () => {
    const path = join(dataDir, 'passwords.json');
    await rename(path, `${path}.away`);
    expect((await service().next()).failure).toMatch(/^the passwords of the database cannot be read: .*$/);
    await rename(`${path}.away`, path);
  });

  it('does not see the secrets of the service', async () => {
    const { child } = await running();
    const pid = (await postmasterPid())!;
    expect(await commandLine(pid)).toContain(`-D ${join(dataDir, 'postgres/data')} `);
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toMatch(/DATABASE_URL|HOME=/);
    await end(child);
  });
});

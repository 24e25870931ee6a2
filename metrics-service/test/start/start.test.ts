import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { gone, isAlive } from '../../src/processes.js';
import { dataFolder, runboard, start, type Started } from '../support/command.js';

const event = (id: string) => ({
  specversion: '1.0',
  id,
  source: 'test',
  type: 'run.completed',
  data: { runId: 'r', sessionId: 's', completedAt: '2026-01-02T03:04:05Z', status: 'SUCCEEDED' },
});

/** An event that was answered is known: sending it again is a duplicate. */
async function knows(service: Started, id: string): Promise<boolean> {
  const answer = (await (await service.send(event(id))).json()) as { duplicates: number };
  return answer.duplicates === 1;
}

describe('npm start on one data folder, killed in every way', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let service: Started | undefined;

  beforeAll(async () => {
    folder = await dataFolder();
  });
  afterEach(async () => {
    await service?.end('SIGTERM');
    service = undefined;
  });
  afterAll(() => folder.remove());

  it('serves, and Ctrl-C leaves no process and no address behind', async () => {
    service = await start(folder.path);
    expect((await fetch(`${service.url}/ready`)).status).toBe(200);
    expect((await service.send(event('first'))).status).toBe(200);
    expect(await folder.files()).toEqual(expect.arrayContaining(['database.json', 'lock', 'service.json']));
    const { code, stdout } = await service.end('SIGINT');
    expect({ code, said: stdout.endsWith('Stopped.\n') }).toEqual({ code: 0, said: true });
    expect(isAlive(service.databasePid)).toBe(false);
    expect((await folder.files()).filter((name) => /json$|lock/.test(name))).toEqual(['passwords.json']);
  });

  it('goes on with the data, with a token made new and the former one revoked', async () => {
    service = await start(folder.path);
    const former = service.token;
    expect(await knows(service, 'first')).toBe(true);
    await service.end();
    service = await start(folder.path);
    expect(service.token).not.toBe(former);
    expect((await service.send(event('first'))).status).toBe(200);
    const asFormer = { method: 'POST', headers: { authorization: `Bearer ${former}` }, body: '{}' };
    expect((await fetch(`${service.url}/v1/events`, asFormer)).status).toBe(401);
  });

  it('goes on after the service was killed with -9', async () => {
    service = await start(folder.path);
    await service.send(event('second'));
    await service.end('SIGKILL');
    service = await start(folder.path);
    expect(await knows(service, 'second')).toBe(true);
    // of three starts: the token of this one, and the one that it revoked
    const { stdout } = await runboard(['token', 'list', '--all', '--json'], { RUNBOARD_DATA_DIR: folder.path });
    const tokens = JSON.parse(stdout) as { state: string }[];
    expect(tokens.map(({ state }) => state)).toEqual(['valid', 'revoked']);
  });

  it('goes on after service and database were killed with -9', async () => {
    service = await start(folder.path);
    await service.send(event('third'));
    process.kill(service.databasePid, 'SIGKILL');
    await service.end('SIGKILL');
    service = await start(folder.path);
    expect(await knows(service, 'third')).toBe(true);
  });

  it('brings the database back that was killed alone', async () => {
    service = await start(folder.path);
    await service.send(event('fourth'));
    process.kill(service.databasePid, 'SIGKILL');
    await gone(service.databasePid, 5_000);
    let status = 0;
    for (let waited = 0; status !== 200 && waited < 20_000; waited += 200) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      status = (await fetch(`${service.url}/ready`)).status;
    }
    expect(status).toBe(200);
    expect(await knows(service, 'fourth')).toBe(true);
  });

  it('lets one at a time work on a data folder', async () => {
    service = await start(folder.path);
    const { code, stderr } = await runboard(['start'], { PORT: '0', RUNBOARD_DATA_DIR: folder.path });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^runboard: .* already at http:\/\/127\.0\.0\.1:\d+ .*\n$/);
    expect((await fetch(`${service.url}/ready`)).status).toBe(200);
  });

  it('is found by the command line', async () => {
    service = await start(folder.path);
    const environment = { RUNBOARD_DATA_DIR: folder.path };
    const { stdout } = await runboard(['token', 'list', '--json'], environment);
    expect(JSON.parse(stdout)[0]).toMatchObject({ name: 'npm start', org: 'default', state: 'valid' });
    await service.end();
    const { code, stderr } = await runboard(['token', 'list'], environment);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^runboard: no database is running .*\n$/),
    });
  });

  it('refuses a taken port with one line, and makes no database for it', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taker.once('listening', resolve));
    const { port } = taker.address() as AddressInfo;
    const fresh = await dataFolder();
    const { code, stderr } = await runboard(['start'], { PORT: String(port), RUNBOARD_DATA_DIR: fresh.path });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^runboard: port \d+ .* is taken.*\n$/),
    });
    expect(await fresh.files()).toEqual([]);
    await fresh.remove();
    await new Promise((resolve) => taker.close(resolve));
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder, readDataFile, removeDataFile, writeDataFile } from '../src/data-folder.js';
import { gone } from '../src/processes.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'runboard-folder-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** No process has this id: it is above the greatest one. */
const NOBODY = 2 ** 30;

describe('the lock of a data folder', () => {
  it('is held by one at a time, and free again after release', async () => {
    const lock = await lockDataFolder(dataDir);
    await expect(lockDataFolder(dataDir)).rejects.toThrow(/^Runboard runs on the data folder .* already/);
    await lock.release();
    await (await lockDataFolder(dataDir)).release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('names where the service that has it listens', async () => {
    const lock = await lockDataFolder(dataDir);
    await writeDataFile(dataDir, 'service.json', { url: 'http://127.0.0.1:8080', pid: process.pid });
    await expect(lockDataFolder(dataDir)).rejects.toThrow(`at http://127.0.0.1:8080 (process ${process.pid})`);
    await lock.release();
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: NOBODY, identity: 'x' })],
    ['of a process whose id another one has now', JSON.stringify({ pid: process.pid, identity: 'an earlier start' })],
    ['that was cut off', '{"pid":'],
    ['that is empty', ''],
  ])('%s is taken over, by exactly one of many', async (_of, content) => {
    await writeFile(join(dataDir, 'lock'), content);
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(dataDir)));
    const held = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(held).toHaveLength(1);
    await held[0]!.value.release();
    expect(await readdir(dataDir)).toEqual([]);
  });
});

describe('the files of a data folder', () => {
  it('are read as written, by their owner only', async () => {
    const content = { url: 'postgres://runboard:secret@127.0.0.1:1/runboard', pid: process.pid };
    await writeDataFile(dataDir, 'database.json', content);
    expect(await readDataFile(dataDir, 'database.json')).toEqual(content);
    expect((await stat(join(dataDir, 'database.json'))).mode & 0o777).toBe(0o600);
  });

  it('are removed by the process that wrote them', async () => {
    await writeDataFile(dataDir, 'service.json', { url: 'http://127.0.0.1:1', pid: process.pid });
    await removeDataFile(dataDir, 'service.json');
    expect(await readDataFile(dataDir, 'service.json')).toBeNull();
    await writeDataFile(dataDir, 'service.json', { url: 'http://127.0.0.1:2', pid: NOBODY });
    await removeDataFile(dataDir, 'service.json');
    expect(await readDataFile(dataDir, 'service.json')).toEqual({ url: 'http://127.0.0.1:2', pid: NOBODY });
  });
});

describe('a process that has ended and that its parent does not ask for', () => {
  it('is not alive', async () => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(await gone(pid, 5_000)).toBe(true);
    // it still is in the list of processes
    expect(process.kill(pid, 0)).toBe(true);
    parent.kill('SIGKILL');
  });
});

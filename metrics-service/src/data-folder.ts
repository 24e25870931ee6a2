import { randomBytes } from 'node:crypto';
import { chmod, constants, copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.js';
import { isAlive, processIdentity } from './processes.js';

/** What the data folder tells other processes while a service runs on it; both files are readable by its owner only. */
export interface DataFolderFiles {
  /** the embedded PostgreSQL, as the owner of the tables */
  'database.json': { url: string; pid: number };
  /** where the service listens */
  'service.json': { url: string; pid: number };
}

/** Makes the data folder. As root others may pass through it, since the database runs as an OS user of its own. */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    throw new Failure(`the data folder ${dataDir} cannot be made (${(error as Error).message}): set RUNBOARD_DATA_DIR`);
  }
}

export async function writeDataFile<Name extends keyof DataFolderFiles>(
  dataDir: string,
  name: Name,
  content: DataFolderFiles[Name],
): Promise<void> {
  await writePrivately(join(dataDir, name), JSON.stringify(content));
}

/** null where there is none, or where it cannot be read */
export async function readDataFile<Name extends keyof DataFolderFiles>(
  dataDir: string,
  name: Name,
): Promise<DataFolderFiles[Name] | null> {
  try {
    return JSON.parse(await readFile(join(dataDir, name), 'utf8')) as DataFolderFiles[Name];
  } catch {
    return null;
  }
}

/** Removes the file if this process wrote it. */
export async function removeDataFile(dataDir: string, name: keyof DataFolderFiles): Promise<void> {
  if ((await readDataFile(dataDir, name))?.pid === process.pid) await rm(join(dataDir, name), { force: true });
}

/** Writes a file whole or not at all, for its owner's eyes only. */
export async function writePrivately(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}

interface Holder {
  pid: number;
  identity: string | null;
}

/**
 * Takes the data folder for this process, until `release`. A lock whose process is gone is taken over.
 * @throws Failure if another process holds it
 */
export async function lockDataFolder(dataDir: string): Promise<{ release(): Promise<void> }> {
  const path = join(dataDir, 'lock');
  const mine: Holder = { pid: process.pid, identity: await processIdentity(process.pid) };
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, JSON.stringify(mine));
    await chmod(draft, 0o644);
    for (let waits = 1; !(await linked(draft, path)) && !(await takeOver(dataDir, path, draft)); waits++) {
      // a marker is held for an instant: one that stays was left by a process that was killed in it
      if (waits % 500 === 0) await rm(markerOf(path), { force: true });
      await sleep(20);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`the data folder ${dataDir} cannot be used: ${(error as Error).message}`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** A link is made by one process only, with its content in place. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    // some mounted file systems know no links
    await link(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || error.code === 'ENOENT') throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Puts `draft` in the place of a lock whose process is gone; false: something changed meanwhile, look again.
 * Several may try: only who holds the marker replaces, and only what still is the dead lock.
 */
async function takeOver(dataDir: string, path: string, draft: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return false;
  const holder = parseHolder(text);
  if (holder && isAlive(holder.pid) && (await processIdentity(holder.pid)) === holder.identity) {
    const service = await readDataFile(dataDir, 'service.json');
    const where = service?.pid === holder.pid ? ` at ${service.url}` : '';
    throw new Failure(
      `Runboard runs on the data folder ${dataDir} already${where} (process ${holder.pid}): stop it first, or set RUNBOARD_DATA_DIR`,
    );
  }
  const marker = markerOf(path);
  if (!(await linked(draft, marker))) return false;
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) !== text) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(marker, { force: true });
  }
}

function markerOf(path: string): string {
  return `${path}.takeover`;
}

function parseHolder(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

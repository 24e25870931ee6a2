import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Problems } from './problems.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * The `.jsonl` files under the paths (folders with all folders below them, or files of any name), sorted, each once.
 * @throws Error naming a path that does not exist or is a pipe or the like, unless `lenient`
 */
export async function findJsonl(paths: readonly string[], problems: Problems, lenient = false): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths.map((path) => resolve(path))) {
    const entry = await stat(path).catch(() => null);
    if (!entry && lenient) continue;
    if (!entry) throw new Error(`there is no file or folder ${path}`);
    if (entry.isDirectory()) await walk(path, found, problems);
    else if (entry.isFile()) found.add(path);
    else if (!lenient) throw new Error(`${path} is neither a file nor a folder`);
  }
  return [...found].sort();
}

async function walk(folder: string, found: Set<string>, problems: Problems): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    problems.add(folder, 0, `cannot be read: ${error.message}`);
    return [];
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, found, problems);
    else if (!entry.name.endsWith('.jsonl')) continue;
    else if (entry.isFile() || (await mayBeFile(path))) found.add(path);
    else problems.add(path, 0, 'is no file');
  }
}

/** Where a link leads: a pipe would never end; that there is nothing, who reads it will say. */
async function mayBeFile(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => null);
  return entry === null || entry.isFile();
}

/** A file's bytes; that it cannot be read goes to `problems`. */
export async function* chunksOf(path: string, problems: Problems): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    problems.add(path, 0, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file's first bytes as text; '' where it cannot be read, which who reads the whole will say. */
export async function headOf(path: string, bytes: number): Promise<string> {
  const handle = await open(path, 'r').catch(() => null);
  try {
    const read = await handle?.read(Buffer.alloc(bytes), 0, bytes, 0);
    return read?.buffer.toString('utf8', 0, read.bytesRead) ?? '';
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}

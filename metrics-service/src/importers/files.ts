import { createReadStream } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Problems } from './problems.js';
import { Unpacker, unpackingFault, ZSTD } from './zstd.js';

const CHUNK_BYTES = 256 * 1024;
const TRANSCRIPT = /\.jsonl(?:\.zst)?$/;

/**
 * The `.jsonl` and `.jsonl.zst` files under the paths (folders with all folders below them, through links, or files of
 * any name), sorted, each real file and folder once.
 * @throws Error naming a path that does not exist or is neither a file nor a folder, unless `lenient`
 */
export async function findJsonl(paths: readonly string[], problems: Problems, lenient = false): Promise<string[]> {
  const found = new Found(problems);
  for (const path of paths.map((path) => resolve(path))) {
    const entry = await stat(path).catch(() => null);
    if (!entry && lenient) continue;
    if (!entry) throw new Error(`${path} does not exist`);
    if (entry.isDirectory()) await found.walk(path);
    else if (entry.isFile()) await found.add(path);
    else if (!lenient) throw new Error(`${path} is neither a file nor a folder`);
  }
  return [...found.files].sort();
}

class Found {
  readonly files: string[] = [];
  /** where each leads, links followed */
  private readonly real = new Set<string>();

  constructor(private readonly problems: Problems) {}

  async walk(folder: string): Promise<void> {
    if (!(await this.isNew(folder))) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
      this.problems.add(folder, 0, `cannot be read: ${error.message}`);
      return [];
    });
    // folders themselves go before links to them, so that what is found does not depend on the names of links
    for (const entry of entries) if (entry.isDirectory()) await this.walk(join(folder, entry.name));
    for (const { name } of entries.filter((entry) => !entry.isDirectory()).sort(byName)) {
      const path = join(folder, name);
      const entry = await stat(path).catch(() => null);
      if (entry?.isDirectory()) await this.walk(path);
      else if (!TRANSCRIPT.test(name)) continue;
      // that a link leads nowhere, who reads it will say
      else if (entry === null || entry.isFile()) await this.add(path);
      else this.problems.add(path, 0, 'is not a file');
    }
  }

  async add(path: string): Promise<void> {
    if (await this.isNew(path)) this.files.push(path);
  }

  private async isNew(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => path);
    if (this.real.has(real)) return false;
    this.real.add(real);
    return true;
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** A file's bytes, unpacked where its name says so; that it cannot be read goes to `problems`. */
export async function* chunksOf(path: string, problems: Problems): AsyncGenerator<Buffer> {
  const unpacker = path.endsWith(ZSTD) ? new Unpacker() : null;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      if (unpacker) yield* unpacker.push(chunk);
      else yield chunk;
    }
    if (unpacker) yield* unpacker.end();
  } catch (error) {
    const isFile = error instanceof Error && 'syscall' in error;
    problems.add(path, 0, unpacker && !isFile ? unpackingFault(error) : `cannot be read: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file's first bytes as text, unpacked; '' where it cannot be read, which who reads the whole will say. */
export async function headOf(path: string, bytes: number): Promise<string> {
  const handle = await open(path, 'r').catch(() => null);
  try {
    const read = await handle?.read(Buffer.alloc(bytes), 0, bytes, 0);
    const head = read?.buffer.subarray(0, read.bytesRead) ?? Buffer.alloc(0);
    if (!path.endsWith(ZSTD)) return head.toString('utf8');
    return Buffer.concat([...new Unpacker().push(head)]).toString('utf8');
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}

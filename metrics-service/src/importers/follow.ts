import { stat } from 'node:fs/promises';
import type { ImportedEvent } from './events.js';
import { FollowedFile } from './followed-file.js';
import type { FileReader, TranscriptSource } from './import-options.js';
import type { Problems } from './problems.js';
import { unpacked } from './zstd.js';

export interface FollowOptions {
  clock: () => number;
  problems: Problems;
  /** stops it, after a last look */
  signal: AbortSignal;
  /** waits, at most until the signal is aborted */
  sleep: (ms: number) => Promise<void>;
}

const LEAST_WAIT_MS = 1000;
const MOST_WAIT_MS = 2500;
/** A file that has not been written to for this long is closed; the outcomes of its runs are known by then. */
const QUIET_MS = 25 * 3_600_000;
/** After so long without another line, a torn one at the end is read, and a file of which nothing was used is named. */
const SETTLED_MS = 5 * 60_000;
const MOST_OPEN = 64;

/**
 * Reads files, then what is appended to them and to new ones, until the signal is aborted. Yields null after each look at
 * all of them. Only the latest files are kept open: one that grows later is read again, with the same ids.
 * @throws Error if a path does not exist at the start
 */
export async function* follow<Reader extends FileReader>(
  source: TranscriptSource<Reader>,
  options: FollowOptions,
): AsyncGenerator<ImportedEvent[] | null> {
  const { signal, clock } = options;
  const files = new Files(source, options);
  yield source.opening;
  try {
    for (let first = true; ; first = false) {
      const startedMs = clock();
      yield* files.look(await source.find(!first), signal);
      yield null;
      if (signal.aborted) return;
      await options.sleep(Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, 3 * (clock() - startedMs))));
      if (!signal.aborted) continue;
      yield* files.look(await source.find(true));
      yield null;
      return;
    }
  } finally {
    await files.close();
  }
}

class Files<Reader extends FileReader> {
  private readonly open = new Map<string, FollowedFile<Reader>>();
  /** what the closed files looked like when they were closed */
  private readonly closed = new Map<string, string>();
  private togetherTold = new Set<string>();

  constructor(
    private readonly source: TranscriptSource<Reader>,
    private readonly options: FollowOptions,
  ) {}

  /** One look at all of them; stops early when the signal is aborted. */
  async *look(paths: string[], signal?: AbortSignal): AsyncGenerator<ImportedEvent[]> {
    const there = new Set(paths);
    for (const path of [...this.open.keys()]) if (!there.has(path)) yield* this.leave(path);
    for (const path of [...this.closed.keys()]) if (!there.has(path)) this.closed.delete(path);
    for (const path of paths) {
      if (signal?.aborted) break;
      try {
        yield* this.read(path, signal);
      } catch (error) {
        await this.giveUp(path, error);
      }
    }
    yield this.together();
  }

  async close(): Promise<void> {
    for (const [path, file] of this.open) {
      this.nameUnused(path, file);
      await file.close();
    }
    this.open.clear();
  }

  private async *read(path: string, signal?: AbortSignal): AsyncGenerator<ImportedEvent[]> {
    let file = this.open.get(path);
    const look = (await file?.look(path)) ?? 'same';
    if (look !== 'same') {
      yield* this.leave(path, look === 'another');
      file = undefined;
    }
    if (!file) {
      const looks = this.closed.get(path);
      if (looks !== undefined && looks === (await looksOf(path))) return;
      this.closed.delete(path);
      file = await FollowedFile.open(path, () => unpacked(path, this.source.open(path), this.options.problems));
      this.open.set(path, file);
    }
    for await (const events of file.grow()) {
      yield events;
      if (signal?.aborted) break;
    }
    yield file.peek();
    const quietMs = this.options.clock() - file.changedMs;
    if (quietMs > SETTLED_MS) this.nameUnused(path, file);
    if (quietMs > (file.reader.unfinished() ? SETTLED_MS : QUIET_MS)) yield* this.putAway(path);
    else if (this.open.size > MOST_OPEN) yield* this.putAway(this.quietest());
  }

  /** Closes a file; one that was moved is first read to its end. */
  private async *leave(path: string, grows = true): AsyncGenerator<ImportedEvent[]> {
    const file = this.open.get(path);
    if (!file) return;
    this.open.delete(path);
    try {
      if (grows) yield* file.grow();
      yield file.reader.end();
    } finally {
      await file.close();
    }
  }

  private nameUnused(path: string, { reader }: FollowedFile<Reader>): void {
    const unused = reader.unused();
    if (unused !== null && !this.options.problems.has(path)) this.options.problems.addUnused(path, unused);
  }

  private async giveUp(path: string, error: unknown): Promise<void> {
    const file = this.open.get(path);
    this.open.delete(path);
    await file?.close();
    this.closed.set(path, await looksOf(path));
    const { code, message } = error as NodeJS.ErrnoException;
    // a file that was deleted since it was found is not a problem
    if (code !== 'ENOENT') this.options.problems.add(path, 0, `cannot be read: ${message}`);
  }

  private async *putAway(path: string): AsyncGenerator<ImportedEvent[]> {
    const looks = await looksOf(path);
    yield* this.leave(path);
    this.closed.set(path, looks);
  }

  private quietest(): string {
    const [first] = [...this.open].sort(([, a], [, b]) => a.changedMs - b.changedMs);
    return first?.[0] ?? '';
  }

  private together(): ImportedEvent[] {
    const events = this.source.together?.([...this.open.values()].map(({ reader }) => reader)) ?? [];
    const fresh = events.filter(({ id }) => !this.togetherTold.has(id));
    this.togetherTold = new Set(events.map(({ id }) => id));
    return fresh;
  }
}

/** Enough about a file to notice that it was replaced. */
async function looksOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }));
  return `${ino} ${size} ${mtimeMs}`;
}

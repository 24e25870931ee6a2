import { stat } from 'node:fs/promises';
import type { ImportedEvent } from './events.js';
import { FollowedFile } from './followed-file.js';
import type { FileReader, TranscriptSource } from './import-options.js';
import type { Problems } from './problems.js';
import { unpacked } from './zstd.js';

export interface FollowOptions {
  clock: () => number;
  problems: Problems;
  /** ends it, after a last look */
  signal: AbortSignal;
  /** waits, but not beyond an abort */
  sleep: (ms: number) => Promise<void>;
}

const LEAST_WAIT_MS = 1000;
const MOST_WAIT_MS = 2500;
/** A file that nobody has written to for this long is closed; a run in it has had its last word by then. */
const QUIET_MS = 25 * 3_600_000;
const MOST_OPEN = 64;

/**
 * Reads files, and what is written to them and to new ones, until it is told to end. Null follows each look at all
 * of them. Holds no more than the latest files: one that grows again later is read again, under the same ids.
 * @throws Error where a path does not exist at first
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
  /** what those that are closed looked like then */
  private readonly closed = new Map<string, string>();
  private togetherTold = new Set<string>();

  constructor(
    private readonly source: TranscriptSource<Reader>,
    private readonly options: FollowOptions,
  ) {}

  /** One look at all of them; an abort cuts it short. */
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
    for (const file of this.open.values()) await file.close();
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
    if (this.options.clock() - file.changedMs > QUIET_MS) yield* this.putAway(path);
    else if (this.open.size > MOST_OPEN) yield* this.putAway(this.quietest());
  }

  /** Ends a file, with what was still written to it where it is only no longer under its path. */
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

  private async giveUp(path: string, error: unknown): Promise<void> {
    const file = this.open.get(path);
    this.open.delete(path);
    await file?.close();
    this.closed.set(path, await looksOf(path));
    const { code, message } = error as NodeJS.ErrnoException;
    // one that has gone since it was found is no fault
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

/** Enough of a file to see that it is another now. */
async function looksOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }));
  return `${ino} ${size} ${mtimeMs}`;
}

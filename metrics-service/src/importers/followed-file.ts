import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { ImportedEvent } from './events.js';
import type { FileReader } from './import-options.js';

const CHUNK_BYTES = 256 * 1024;
const TAIL_BYTES = 64;

/** A file that is read as it grows. It stays open, so that its end is not lost when another file takes its name. */
export class FollowedFile<Reader extends FileReader> {
  private offset = 0;
  /** the last bytes read: if they differ later, the file was rewritten */
  private tail = Buffer.alloc(0);
  private mtimeMs: number;
  private emitted = new Set<string>();

  private constructor(
    readonly reader: Reader,
    private readonly handle: FileHandle,
    readonly stats: Stats,
  ) {
    this.mtimeMs = stats.mtimeMs;
  }

  static async open<Reader extends FileReader>(path: string, reader: () => Reader): Promise<FollowedFile<Reader>> {
    const handle = await open(path, 'r');
    return new FollowedFile(reader(), handle, await handle.stat());
  }

  /** When it last changed, in epoch ms. */
  get changedMs(): number {
    return this.mtimeMs;
  }

  /** Whether the path is still this file: otherwise another file has its name, or it was rewritten. */
  async look(path: string): Promise<'same' | 'another' | 'anew'> {
    const now = await stat(path).catch(() => null);
    if (!now || now.ino !== this.stats.ino || now.dev !== this.stats.dev) return 'another';
    if (now.size < this.offset) return 'anew';
    if (now.size === this.offset && now.mtimeMs === this.mtimeMs) return 'same';
    this.mtimeMs = now.mtimeMs;
    const bytes = Buffer.alloc(this.tail.length);
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, this.offset - bytes.length);
    return bytes.subarray(0, bytesRead).equals(this.tail) ? 'same' : 'anew';
  }

  /** Reads what was appended since, in batches. */
  async *grow(): AsyncGenerator<ImportedEvent[]> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await this.handle.read(chunk, 0, CHUNK_BYTES, this.offset);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      this.offset += bytesRead;
      this.tail = Buffer.concat([this.tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      yield this.reader.push(bytes);
    }
  }

  /** The events of the file so far, without those that the last call returned. */
  peek(): ImportedEvent[] {
    const events = this.reader.peek();
    const fresh = events.filter(({ id }) => !this.emitted.has(id));
    this.emitted = new Set(events.map(({ id }) => id));
    return fresh;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

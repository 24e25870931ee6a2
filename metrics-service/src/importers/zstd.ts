import { Decompress } from 'fzstd';
import type { ImportedEvent } from './events.js';
import type { FileReader } from './import-options.js';
import type { Problems } from './problems.js';

/** How transcripts are called that their tool has compressed since. */
export const ZSTD = '.zst';
/** Bytes unpacked at a time: they become many more, which are taken before the next. */
const SLICE_BYTES = 16 * 1024;

/** Unpacks zstd, as it comes. Both methods throw where it is none, or is cut off at the end. */
export class Unpacker {
  private pieces: Buffer[] = [];
  private empty = true;
  private readonly decompress = new Decompress((piece) => this.pieces.push(Buffer.from(piece)));

  *push(chunk: Uint8Array): Generator<Buffer> {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      this.empty = false;
      this.decompress.push(chunk.subarray(start, start + SLICE_BYTES));
      yield* this.take();
    }
  }

  *end(): Generator<Buffer> {
    if (!this.empty) this.decompress.push(new Uint8Array(0), true);
    yield* this.take();
  }

  private take(): Buffer[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }
}

export function unpackingFault(error: unknown): string {
  return `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`;
}

/** The reader of a file that is followed: unpacked first where its name says so. What cannot be goes to `problems`. */
export function unpacked<Reader extends FileReader>(path: string, reader: Reader, problems: Problems): Reader {
  if (!path.endsWith(ZSTD)) return reader;
  const unpacker = new Unpacker();
  let broken = false;

  function read(pieces: Iterable<Buffer>): ImportedEvent[] {
    const events: ImportedEvent[] = [];
    try {
      if (!broken) for (const piece of pieces) for (const event of reader.push(piece)) events.push(event);
    } catch (error) {
      broken = true;
      problems.add(path, 0, unpackingFault(error));
    }
    return events;
  }

  return {
    ...reader,
    push: (chunk: Buffer) => read(unpacker.push(chunk)),
    end: () => [...read(unpacker.end()), ...reader.end()],
  };
}

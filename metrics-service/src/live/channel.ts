import type { Asker } from '../access/viewer.js';

/** Somebody who reads a channel. */
export interface Reader {
  readonly asker: Asker;
  /** whole messages of the stream, which other readers may be sent, too */
  send(message: string | Buffer): void;
  /** what it may see is not what its channel shows any more */
  lookAgain(): void;
}

/** However fast data comes in, a channel asks so often at most. */
export const LEAST_GAP_MS = 50;
export const NOTHING_CHANGED = ': nothing has changed\n\n';

/** What several read together: made once for all of them. */
export abstract class Channel {
  readonly readers = new Set<Reader>();
  /** when it was asked last, by performance.now() */
  askedAt = -Infinity;
  /** when its last reader went, by performance.now() */
  idleSince = performance.now();
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly orgId: string) {}

  /** the data version that it shows; null: none yet */
  abstract get dataVersion(): bigint | null;

  /** Makes it up to date for a new reader, then sends what that one has missed since `lastId`, or all of it. */
  abstract join(reader: Reader, lastId: string | null): Promise<void>;

  /** Everything as it is now, for a reader who was left out for a while. */
  abstract sendAll(reader: Reader): void;

  /** ms from one time that it asks to the next, at least */
  protected abstract get gapMs(): number;

  /** Asks, on behalf of one of its readers, and sends all of them what is new. */
  protected abstract refresh(asker: Asker): Promise<unknown>;

  leave(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    this.idleSince = performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Asks again soon, if anybody reads. */
  wake(): void {
    if (this.#timer || this.readers.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // what was sent meanwhile may have made the gap longer
      if (this.#wait > 0) return this.wake();
      const [reader] = this.readers;
      // a database that is away for a while is asked again by the next look
      if (reader) this.refresh(reader.asker).catch(() => {});
    }, this.#wait);
  }

  get #wait(): number {
    return Math.max(0, Math.ceil(this.askedAt + this.gapMs - performance.now()));
  }
}

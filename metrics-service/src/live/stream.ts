import type { Asker } from '../access/viewer.js';
import type { Channel, Reader } from './channel.js';
import type { LiveQuestion } from './state.js';

/** Where a stream is written to: the answer of a request. */
export interface Sink {
  write(message: string | Buffer): unknown;
  /** bytes that are not sent yet */
  readonly writableLength: number;
  once(event: 'drain', listener: () => void): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** With more bytes than this on their way, a reader is behind: what changes meanwhile is not kept for it. */
const BEHIND_BYTES = 64 * 1024;
/** A reader who is behind for so long is cut. */
const BEHIND_MS = 5_000;
const HEARTBEAT_MS = 10_000;
/** Who loses the stream comes back after a second. */
const RETRY = 'retry: 1000\n\n';

/** One open stream. */
export class Stream implements Reader {
  feed: Channel | null = null;
  /** what its asker may see was worked out then, by performance.now() */
  lookedAt = performance.now();
  /** its asker's sight has to be worked out anew */
  isStale = false;
  isClosed = false;
  #wroteAt = performance.now();
  #behindSince: number | null = null;
  #hasMissed = false;

  #sink: Sink | null = null;
  #hasBegun = false;

  constructor(
    readonly asker: Asker,
    readonly token: string,
    /** null: it asks for no rows, only when there may be something new */
    readonly question: LiveQuestion | null,
    /** opens the answer, with the first message */
    private readonly begin: () => Sink,
  ) {}

  get #out(): Sink {
    this.#sink ??= this.begin();
    return this.#sink;
  }

  send(message: string | Buffer): void {
    if (this.isClosed) return;
    if (this.#behindSince !== null) {
      this.#hasMissed = true;
      return;
    }
    this.#write(message);
    if (this.#out.writableLength <= BEHIND_BYTES) return;
    this.#behindSince = performance.now();
    this.#out.once('drain', () => {
      this.#behindSince = null;
      if (this.#hasMissed) this.feed?.sendAll(this);
      this.#hasMissed = false;
    });
  }

  lookAgain(): void {
    this.isStale = true;
  }

  /** Says that it is alive, if it has said nothing for a while; cuts a reader that is too slow. */
  beat(): void {
    const now = performance.now();
    if (this.#behindSince !== null) {
      if (now - this.#behindSince >= BEHIND_MS) this.cut();
    } else if (now - this.#wroteAt >= HEARTBEAT_MS) this.#write(': alive\n\n');
  }

  /** Says why, and ends. */
  end(reason: string): void {
    if (this.isClosed) return;
    if (this.#behindSince === null) this.#write(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    this.close();
    this.#out.end();
  }

  cut(): void {
    this.close();
    this.#out.destroy();
  }

  /** Reads no more. */
  close(): void {
    this.isClosed = true;
    this.feed?.leave(this);
    this.feed = null;
  }

  #write(message: string | Buffer): void {
    this.#wroteAt = performance.now();
    if (!this.#hasBegun) this.#out.write(RETRY);
    this.#out.write(message);
    this.#hasBegun = true;
  }
}

import type { Asker } from '../access/viewer.js';
import type { Feed, Reader } from './feed.js';
import type { LiveQuestion } from './state.js';

/** Where a stream is written to: the answer of a request. */
export interface Sink {
  write(text: string): unknown;
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
  feed: Feed | null = null;
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
    readonly question: LiveQuestion,
    /** opens the answer, with the first message */
    private readonly begin: () => Sink,
  ) {}

  get #out(): Sink {
    this.#sink ??= this.begin();
    return this.#sink;
  }

  send(message: string): void {
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

  #write(text: string): void {
    this.#wroteAt = performance.now();
    this.#out.write(this.#hasBegun ? text : RETRY + text);
    this.#hasBegun = true;
  }
}

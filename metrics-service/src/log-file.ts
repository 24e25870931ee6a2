import { writeSync } from 'node:fs';

/** How often and after how long a line is tried again that a pipe has no room for. */
const TRIES = 20;
const PAUSE_MS = 5;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Where the log goes. A line that cannot be written, because the disk is full or its reader is gone, is dropped and
 * counted: a service that cannot log goes on serving.
 */
export class LogFile {
  /** how many lines were dropped */
  dropped = 0;
  #isMidLine = false;
  #tries = TRIES;

  constructor(private readonly descriptor: number) {}

  /** `line` ends in a line feed. */
  write(line: string): void {
    let rest = Buffer.from(this.#isMidLine ? `\n${line}` : line);
    try {
      while (rest.length > 0) {
        const written = this.#writeSome(rest);
        // a part of a line may have found room: the next one begins behind a line feed
        this.#isMidLine = written < rest.length;
        rest = rest.subarray(written);
      }
      this.#tries = TRIES;
    } catch {
      this.dropped += 1;
    }
  }

  #writeSome(bytes: Buffer): number {
    for (;;) {
      try {
        return writeSync(this.descriptor, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || this.#tries === 0) throw error;
        // a reader that has stopped is waited for once, not by every line
        this.#tries -= 1;
        Atomics.wait(pause, 0, 0, PAUSE_MS);
      }
    }
  }
}

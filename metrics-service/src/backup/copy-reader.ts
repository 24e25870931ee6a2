import { Failure } from '../failure.js';

const NEWLINE = 10;
const END_OF_ROWS = Buffer.from('\\.\n');

/** Reads SQL of `copy` statements: single lines, and the rows of a table up to the line `\.`, unparsed. */
export class CopyReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line, without its end. @throws Failure at the end of the file */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end >= 0) {
        const line = this.#rest.toString('utf8', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      await this.#more();
    }
  }

  /** Yields whole lines, as many as have been read. @throws Failure if the file ends before the rows do */
  async *rows(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      // the rest starts at the beginning of a line
      if (this.#rest.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)) {
        this.#rest = this.#rest.subarray(END_OF_ROWS.length);
        return;
      }
      const last = this.#rest.indexOf('\n\\.\n');
      const end = last >= 0 ? last + 1 : this.#rest.lastIndexOf(NEWLINE) + 1;
      if (end > 0) {
        const whole = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end);
        yield whole;
      } else {
        await this.#more();
      }
    }
  }

  /** @throws Failure if the file continues */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || !(await this.#chunks.next()).done) {
      throw new Failure('the backup is damaged: there is data after its end');
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) throw new Failure('the backup is truncated: make a new one, or copy it again');
    this.#rest = Buffer.concat([this.#rest, next.value]);
  }
}

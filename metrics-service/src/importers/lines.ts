/** One line of a file; `text` is null where the line is longer than the limit. */
export interface Line {
  number: number;
  text: string | null;
}

/** A longer line is skipped, so that it cannot exhaust the memory: transcripts contain images as text. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const CLOSING_BRACE = 0x7d;

/** Splits chunks of bytes into lines; keeps only the current line. */
export class LineSplitter {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private number = 0;
  /** the beginning of the current line was taken already */
  private continued = false;

  constructor(private readonly maxBytes = MAX_LINE_BYTES) {}

  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.hold(chunk.subarray(start, end));
      lines.push(this.take());
      start = end + 1;
    }
    // copied, because the stream may use the chunk's memory again
    if (start < chunk.length) this.hold(Buffer.from(chunk.subarray(start)));
    return lines;
  }

  /** Whether the last line has no line end yet. */
  get unfinished(): boolean {
    return this.bytes > 0;
  }

  /** The last line, if it has no line end. */
  end(): Line[] {
    return this.bytes > 0 ? [this.take()] : [];
  }

  /** The beginning of an unfinished line, if it contains something complete; the rest counts as the same line. */
  takeWhole(isWhole: (text: string) => boolean): Line[] {
    const last = this.pieces.findLast((piece) => piece.length > 0);
    if (this.bytes > this.maxBytes || last?.at(-1) !== CLOSING_BRACE) return [];
    if (
      !isWhole(
        Buffer.concat(this.pieces)
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
      )
    )
      return [];
    const line = this.take();
    this.continued = true;
    return [line];
  }

  private hold(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > this.maxBytes) this.pieces = [];
    else this.pieces.push(piece);
  }

  private take(): Line {
    if (!this.continued) this.number += 1;
    this.continued = false;
    const tooLong = this.bytes > this.maxBytes;
    const text = tooLong ? null : Buffer.concat(this.pieces).toString('utf8');
    this.pieces = [];
    this.bytes = 0;
    return { number: this.number, text: this.number === 1 && text ? text.replace(/^\uFEFF/, '') : text };
  }
}

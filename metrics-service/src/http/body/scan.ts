const [LINE_FEED, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Bytes per step: about a millisecond of work. */
const STEP_BYTES = 256 * 1024;

/** What may follow a JSON value: nothing, a line feed, or the comma or bracket of the list that it stands in. */
export type Follows = 'nothing' | 'line feed' | 'list';

/**
 * Finds the end of a JSON value and measures it before it is parsed: a few KiB that unpack to millions of brackets
 * would make a parser block the event loop for seconds. Invalid JSON is scanned all the same; the parser rejects it.
 */
export class Scan {
  /** just after the value's last byte, once found */
  to: number;
  /** how deeply lists and objects nest */
  depth = 0;
  /** number of values at all depths; an empty list or object counts as two */
  values = 1;
  #open = 0;
  #inText = false;

  constructor(
    private readonly bytes: Uint8Array,
    readonly from: number,
    private readonly follows: Follows,
  ) {
    this.to = from;
  }

  /** Reads on; returns whether the end of the value was reached. */
  step(): boolean {
    const { bytes } = this;
    const isLine = this.follows === 'line feed';
    const isInList = this.follows === 'list';
    const end = Math.min(bytes.length, this.to + STEP_BYTES);
    let [at, open, inText] = [this.to, this.#open, this.#inText];
    let isFound = false;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      if (isLine && byte === LINE_FEED) {
        isFound = true;
        break;
      }
      if (inText) {
        if (byte === QUOTE) inText = false;
        // a line feed cannot be escaped in a string
        else if (byte === BACKSLASH && !(isLine && bytes[at + 1] === LINE_FEED)) at += 1;
      } else if (byte === QUOTE) {
        inText = true;
      } else if (byte === COMMA) {
        isFound = isInList && open === 0;
        if (isFound) break;
        this.values += 1;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.values += 1;
        open += 1;
        if (open > this.depth) this.depth = open;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        isFound = isInList && open === 0;
        if (isFound) break;
        open -= 1;
      }
    }
    this.to = Math.min(at, bytes.length);
    this.#open = open;
    this.#inText = inText;
    return isFound || this.to === bytes.length;
  }
}

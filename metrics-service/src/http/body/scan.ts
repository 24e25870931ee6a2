const [LINE_FEED, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What a step reads at most, in about a millisecond. */
const STEP_BYTES = 256 * 1024;

/** What may follow a JSON value: nothing, a line feed, or the comma or bracket of the list that it stands in. */
export type Follows = 'nothing' | 'line feed' | 'list';

/**
 * Finds where a JSON value ends, and how much is in it, before it is parsed: a parser would hold the event loop for
 * seconds over a few KiB that unpack to millions of brackets. What is no JSON is scanned all the same, and left to the
 * parser.
 */
export class Scan {
  /** behind the value's last byte, once it was found */
  to: number;
  /** how deep lists and objects nest in it */
  depth = 0;
  /** of how many values it consists, those of all depths together; an empty list or object counts as two */
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

  /** Reads on; answers whether it has come to the end of the value. */
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
        // a line feed cannot be escaped
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

import { isAscii } from 'node:buffer';

const SLOTS = 1_024;
/** Longer texts hardly ever come again. */
const MOST_BYTES = 64;

/**
 * Short texts of a body, by their bytes: most attributes of its records say the same as those before, and looking a
 * text up costs less than making it anew.
 */
export class Texts {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');
  /** where the bytes of each begin */
  readonly #places = new Int32Array(SLOTS);

  constructor(private readonly bytes: Buffer) {}

  /** The ASCII text of these bytes; null if they are not ASCII. */
  read(from: number, to: number): string | null {
    const length = to - from;
    if (length === 0) return '';
    if (length > MOST_BYTES) return this.#made(from, to);
    const slot = this.#slotOf(from, length);
    const known = this.#texts[slot]!;
    if (known.length === length && this.#isSame(this.#places[slot]!, from, length)) return known;
    const text = this.#made(from, to);
    if (text !== null) [this.#texts[slot], this.#places[slot]] = [text, from];
    return text;
  }

  /** By a few of the bytes, where names and ids differ: two texts in one slot are made again and again. */
  #slotOf(from: number, length: number): number {
    const { bytes } = this;
    const last = from + length - 1;
    let hash = length;
    hash = Math.imul(hash, 31) + bytes[from]!;
    hash = Math.imul(hash, 31) + bytes[from + (length >> 1)]!;
    hash = Math.imul(hash, 31) + bytes[last - (length >> 2)]!;
    hash = Math.imul(hash, 31) + bytes[last - (length >> 3)]!;
    hash = Math.imul(hash, 31) + bytes[last]!;
    return (hash ^ (hash >>> 10)) & (SLOTS - 1);
  }

  /** Bytes are compared quicker than characters. */
  #isSame(one: number, other: number, length: number): boolean {
    const { bytes } = this;
    for (let at = 0; at < length; at += 1) if (bytes[one + at] !== bytes[other + at]) return false;
    return true;
  }

  #made(from: number, to: number): string | null {
    return isAscii(this.bytes.subarray(from, to)) ? this.bytes.toString('latin1', from, to) : null;
  }
}

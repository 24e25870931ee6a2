import { isAscii } from 'node:buffer';

const SLOTS = 1_024;
/** Longer texts hardly ever come again. */
const MOST_BYTES = 64;

/**
 * Short texts of a request, by their bytes: most attributes of its records say the same as those before, and looking a
 * text up costs less than making it anew.
 */
export class Texts {
  readonly #slots: string[] = new Array<string>(SLOTS).fill('');

  /** The ASCII text of these bytes; null if they are not ASCII. */
  read(bytes: Buffer, from: number, to: number): string | null {
    const length = to - from;
    if (length > MOST_BYTES) return isAscii(bytes.subarray(from, to)) ? bytes.toString('latin1', from, to) : null;
    let [hash, all] = [length, 0];
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at]!;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    if (all > 0x7f) return null;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#slots[slot]!;
    if (known.length === length && isSame(known, bytes, from)) return known;
    return (this.#slots[slot] = bytes.toString('latin1', from, to));
  }
}

function isSame(text: string, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

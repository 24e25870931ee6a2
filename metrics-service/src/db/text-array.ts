const TEXT_OID = 25;
const HEADER_BYTES = 20;
/** Texts up to this length are written here if they are ASCII: calling Node.js takes longer than the few bytes. */
const SHORT = 40;
const MOST_BYTES_PER_UNIT = 3;

/**
 * A list of texts as a `text[]` parameter in PostgreSQL's binary form (array_send: dimensions, flags, element type,
 * length, lower bound, then each element with its length, -1 for null). pg would write it as an array literal,
 * which both sides must escape: for JSON texts that costs more than the insert itself.
 */
export function textArray(texts: readonly (string | null)[]): Buffer {
  let most = HEADER_BYTES + 4 * texts.length;
  for (const text of texts) if (text !== null) most += mostBytes(text);
  const buffer = Buffer.allocUnsafe(most);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(TEXT_OID, 8);
  buffer.writeInt32BE(texts.length, 12);
  buffer.writeInt32BE(1, 16);
  let offset = HEADER_BYTES;
  for (const text of texts) {
    const length = text === null ? -1 : write(text, buffer, offset + 4);
    buffer.writeInt32BE(length, offset);
    offset += 4 + Math.max(length, 0);
  }
  return buffer.subarray(0, offset);
}

function mostBytes(text: string): number {
  return text.length <= SHORT ? text.length * MOST_BYTES_PER_UNIT : Buffer.byteLength(text);
}

/** Returns the number of bytes written. */
function write(text: string, buffer: Buffer, offset: number): number {
  if (text.length > SHORT) return buffer.write(text, offset);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return buffer.write(text, offset);
    buffer[offset + at] = code;
  }
  return text.length;
}

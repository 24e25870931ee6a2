const TEXT_OID = 25;
const HEADER_BYTES = 20;

/**
 * A list of texts as a `text[]` parameter in PostgreSQL's binary form (array_send: dimensions, flags, element type,
 * length, lower bound, then each element with its length, -1 for null). pg would write it as an array literal,
 * which both sides must escape: for JSON texts that costs more than the insert itself.
 */
export function textArray(texts: (string | null)[]): Buffer {
  let size = HEADER_BYTES + 4 * texts.length;
  for (const text of texts) size += text === null ? 0 : Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(TEXT_OID, 8);
  buffer.writeInt32BE(texts.length, 12);
  buffer.writeInt32BE(1, 16);
  let offset = HEADER_BYTES;
  for (const text of texts) {
    const length = text === null ? -1 : buffer.write(text, offset + 4);
    buffer.writeInt32BE(length, offset);
    offset += 4 + Math.max(length, 0);
  }
  return buffer;
}

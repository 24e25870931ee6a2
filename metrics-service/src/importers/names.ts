import { createHash } from 'node:crypto';
import { isStorable, MAX_NAME_CHARACTERS, MAX_TEXT_BYTES, storableText } from '../contract/values.js';

/** An id for events: itself, or its hash if it is too long or cannot be stored; null if there is none. */
export function idOf(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  if (isStorable(value) && value.length <= MAX_NAME_CHARACTERS) return value;
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}

/** A name for events, cut if it is too long; null if there is none. */
export function nameOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  // nearly all of them
  if (value.length <= MAX_NAME_CHARACTERS && isStorable(value)) return value;
  return [...storableText(value).slice(0, 2 * MAX_NAME_CHARACTERS)].slice(0, MAX_NAME_CHARACTERS).join('');
}

/** Free text for events, cut to 64 KiB of UTF-8. */
export function textOf(value: string): string {
  const text = storableText(value);
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text;
  // a character cut in half at the end decodes as one or more U+FFFD, which may take more room than the cut left
  const cut = Buffer.from(text)
    .subarray(0, MAX_TEXT_BYTES - 3)
    .toString('utf8');
  return cut.replace(/\uFFFD+$/, '');
}

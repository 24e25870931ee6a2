import { InvalidQuery, quoted } from '../query/invalid.js';

/** The cursor before the first row. No id is encoded like this. */
export const START = 'start';

/** Where to go on after the row with that id. */
export function cursorAfter(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id of the last row that the reader has; `''`, which is smaller than any, at the start. @throws InvalidQuery */
export function readCursor(cursor: string): string {
  if (cursor === START) return '';
  const id = Buffer.from(cursor, 'base64url').toString();
  if (id !== '' && !id.includes('\0') && cursorAfter(id) === cursor) return id;
  throw new InvalidQuery(`cursor must be ${START}, or that of the last row received, not ${quoted(cursor)}`);
}

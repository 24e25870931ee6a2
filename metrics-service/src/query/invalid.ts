/** The query cannot be answered as it was asked: status 400 for it alone. The message says what would be right. */
export class InvalidQuery extends Error {
  override readonly name = 'InvalidQuery';
}

/** `unknown <what> "x": one of a, b, c`. */
export function unknownName(what: string, given: string, known: readonly string[]): InvalidQuery {
  return new InvalidQuery(`unknown ${what} ${quoted(given)}: one of ${known.join(', ')}`);
}

/** A name that somebody sent, cut and escaped for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

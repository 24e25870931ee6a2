/** The query cannot be answered as asked: status 400 for it alone. The message says what would be valid. */
export class InvalidQuery extends Error {
  override readonly name = 'InvalidQuery';
}

/** It asks for what the viewer may not see: of single people or sessions. */
export class OfManyOnly extends InvalidQuery {}

/** `unknown <what> "x": one of a, b, c`. */
export function unknownName(what: string, given: string, known: readonly string[]): InvalidQuery {
  return new InvalidQuery(`unknown ${what} ${quoted(given)}: one of ${known.join(', ')}`);
}

/** A name from a request, shortened and escaped for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

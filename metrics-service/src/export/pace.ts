/** How much a reader must take, and how far behind that it may fall. */
export interface Pace {
  readonly bytesPerSecond: number;
  readonly behindMs: number;
}

/** A reader was slower than an export's pace. */
export class TooSlow extends Error {
  constructor({ bytesPerSecond }: Pace) {
    super(`the reader took less than ${bytesPerSecond} bytes a second`);
  }
}

const PIECE_CHARACTERS = 16 * 1024;
const LOOK_EVERY_MS = 250;

/**
 * Passes on texts in small pieces, and calls `giveUp` once the reader has fallen too far behind. Only the time that is
 * spent waiting for the reader counts, and nobody gets ahead: a fast start is no credit for later.
 */
export async function* paced(
  texts: AsyncIterable<string>,
  pace: Pace,
  giveUp: (reason: TooSlow) => void,
): AsyncGenerator<string, void, void> {
  let behindMs = 0;
  let since: number | null = null;
  const waited = (): number => (since === null ? 0 : performance.now() - since);
  const looking = setInterval(() => {
    if (behindMs + waited() > pace.behindMs) giveUp(new TooSlow(pace));
  }, LOOK_EVERY_MS).unref();
  try {
    for await (const text of texts) {
      for (let at = 0; at < text.length; at += PIECE_CHARACTERS) {
        const piece = text.slice(at, at + PIECE_CHARACTERS);
        since = performance.now();
        yield piece;
        behindMs = Math.max(0, behindMs + waited() - (piece.length / pace.bytesPerSecond) * 1000);
        since = null;
      }
    }
  } finally {
    clearInterval(looking);
  }
}

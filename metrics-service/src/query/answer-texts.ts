import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Result } from '../contract/frames.js';
import type { Query } from '../contract/query.js';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_KEY_CHARACTERS = 10_000;
/** A few large answers should not evict all the others. */
const MOST_OF_ONE = 1024 * 1024;

/** Placeholders while the answer's text is made: for the time of asking, and for the window that was asked for. */
export const AS_OF = `as of ${randomUUID()}`;
export const WINDOW = `window ${randomUUID()}`;

/** An answer as sent, in pieces: every other one is a placeholder. */
export type AnswerText = readonly string[];

const PLACEHOLDERS = new RegExp(`"(${AS_OF}|${WINDOW})"`);

export function writeAnswer(result: Result): AnswerText {
  return JSON.stringify(result).split(PLACEHOLDERS);
}

/** The window as it was asked for. */
export type AskedWindow = Pick<Query, 'from' | 'to'>;

/** The text of the answer, for a question asked at `now` (epoch ms) about that window. */
export function readAnswer(answer: AnswerText, now: number, { from, to }: AskedWindow): string {
  const said = (piece: string): string => (piece === AS_OF ? String(now) : JSON.stringify({ from, to }));
  return answer.map((piece, index) => (index % 2 === 0 ? piece : said(piece))).join('');
}

/**
 * A cache of answers that hold until something changes, and of those being computed. The key has everything an answer
 * depends on, including the version of the organization's data, so nothing ever needs to be invalidated.
 */
export class AnswerTexts {
  readonly #texts = new LRUCache<string, AnswerText>({ maxSize: MOST_BYTES, maxEntrySize: MOST_OF_ONE });
  readonly #underWay = new Map<string, Promise<AnswerText>>();

  /** The cached answer, if any. */
  find(key: string): AnswerText | undefined {
    return this.#texts.get(key);
  }

  /** The same question's pending answer, if any. */
  underWay(key: string): Promise<AnswerText> | undefined {
    return this.#underWay.get(key);
  }

  /** Computes an answer, shared with others who ask meanwhile; it is cached if it `lasts` and there is room. */
  async compute(key: string, work: () => Promise<{ text: AnswerText; lasts: boolean }>): Promise<AnswerText> {
    const working = work();
    const answering = working.then(({ text }) => text);
    // whoever waits for it gets the failure; maybe nobody does
    answering.catch(() => {});
    this.#underWay.set(key, answering);
    try {
      const { text, lasts } = await working;
      if (lasts && key.length <= MOST_KEY_CHARACTERS) {
        const characters = text.reduce((sum, piece) => sum + piece.length, key.length);
        this.#texts.set(key, text, { size: 2 * characters });
      }
      return text;
    } finally {
      this.#underWay.delete(key);
    }
  }
}

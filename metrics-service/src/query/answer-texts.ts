import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Result } from '../contract/frames.js';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_KEY_CHARACTERS = 10_000;
/** A few large answers should not evict all the others. */
const MOST_OF_ONE = 1024 * 1024;

/** Placeholder for the time of asking, while the answer's text is made. */
export const AS_OF = `as of ${randomUUID()}`;

/** An answer as sent, in two pieces around the time of asking; in one piece if it does not state that time. */
export type AnswerText = readonly [before: string, after?: string];

export function writeAnswer(result: Result): AnswerText {
  const [before, after] = JSON.stringify(result).split(JSON.stringify(AS_OF));
  return after === undefined ? [before!] : [before!, after];
}

/** The text of the answer, for a question asked at `now` (epoch ms). */
export function readAnswer([before, after]: AnswerText, now: number): string {
  return after === undefined ? before : `${before}${now}${after}`;
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
        const characters = text.reduce((sum, piece) => sum + (piece?.length ?? 0), key.length);
        this.#texts.set(key, text, { size: 2 * characters });
      }
      return text;
    } finally {
      this.#underWay.delete(key);
    }
  }
}

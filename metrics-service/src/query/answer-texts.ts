import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Result } from '../contract/frames.js';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_KEY_CHARACTERS = 10_000;
/** A few large answers should not push out all others. */
const MOST_OF_ONE = 1024 * 1024;

/** Stands for the instant at which an answer is asked for, while its text is made. */
export const AS_OF = `as of ${randomUUID()}`;

/** An answer as it is sent, in two pieces around that instant; one that does not say it is in one piece. */
export type AnswerText = readonly [before: string, after?: string];

export function writeAnswer(result: Result): AnswerText {
  const [before, after] = JSON.stringify(result).split(JSON.stringify(AS_OF));
  return after === undefined ? [before!] : [before!, after];
}

/** The text of an answer that is asked for at `now` (epoch ms). */
export function readAnswer([before, after]: AnswerText, now: number): string {
  return after === undefined ? before : `${before}${now}${after}`;
}

/**
 * Texts of answers that hold as long as nothing changes, and those that are being computed. Each is known by all that it
 * depends on, the version of the organization's data included, so that none has ever to be taken back.
 */
export class AnswerTexts {
  readonly #texts = new LRUCache<string, AnswerText>({ maxSize: MOST_BYTES, maxEntrySize: MOST_OF_ONE });
  readonly #underWay = new Map<string, Promise<AnswerText>>();

  /** The answer, if it is known. */
  find(key: string): AnswerText | undefined {
    return this.#texts.get(key);
  }

  /** The same question, if it is being answered. */
  underWay(key: string): Promise<AnswerText> | undefined {
    return this.#underWay.get(key);
  }

  /** Computes an answer, for others who ask meanwhile too; it is kept where it `lasts`, and where there is room. */
  async compute(key: string, work: () => Promise<{ text: AnswerText; lasts: boolean }>): Promise<AnswerText> {
    const working = work();
    const answering = working.then(({ text }) => text);
    // whoever waits for it hears of a failure; there may be nobody
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

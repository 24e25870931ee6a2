import { ApiError } from '../contract/problem.js';

interface Waiting {
  readonly owner: string;
  readonly start: () => void;
}

const TOO_MUCH = 'the database has too much to do for this organization: try again in a moment';

/** How many of so many places one organization may take, so that there is always room for another one. */
export function mostOfOne(places: number): number {
  return Math.max(1, places - Math.max(1, Math.floor(places / 4)));
}

/**
 * Places that organizations share. None takes more than `mostOfOne`; a place that becomes free goes to the one among those
 * who wait that has the fewest, whoever came first among equals.
 */
export class FairSlots {
  readonly #held = new Map<string, number>();
  #free: number;
  #waiting: Waiting[] = [];

  constructor(
    private readonly places: number,
    /** how long somebody waits for a place */
    private readonly patienceMs: number,
  ) {
    this.#free = places;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `work` in a place of the owner's. @throws ApiError busy; the signal's reason */
  async run<T>(owner: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#mayHave(owner)) this.#take(owner);
    else await this.#wait(owner, signal);
    try {
      return await work();
    } finally {
      this.#leave(owner);
    }
  }

  #mayHave(owner: string): boolean {
    return this.#free > 0 && this.#heldBy(owner) < mostOfOne(this.places);
  }

  #heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  #take(owner: string): void {
    this.#free -= 1;
    this.#held.set(owner, this.#heldBy(owner) + 1);
  }

  #leave(owner: string): void {
    this.#free += 1;
    const left = this.#heldBy(owner) - 1;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
    const next = this.#waiting
      .filter((waiting) => this.#mayHave(waiting.owner))
      .reduce<Waiting | null>(
        (best, one) => (best && this.#heldBy(best.owner) <= this.#heldBy(one.owner) ? best : one),
        null,
      );
    if (!next) return;
    this.#take(next.owner);
    next.start();
  }

  #wait(owner: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        // at once: whoever leaves in this very turn must not give a place to who has gone
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const giveUp = (reason: Error): void => {
        ended();
        reject(reason);
      };
      const start = (): void => {
        ended();
        resolve();
      };
      const onAbort = (): void => giveUp(signal?.reason as Error);
      const waiting = { owner, start };
      const timer = setTimeout(() => giveUp(new ApiError('busy', TOO_MUCH)), this.patienceMs);
      this.#waiting.push(waiting);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }
}

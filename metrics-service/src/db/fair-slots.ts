import { ApiError } from '../contract/problem.js';
import { Shares, type Owner } from './shares.js';

interface Waiting {
  readonly owner: Owner;
  readonly start: () => void;
}

const TOO_MUCH = 'the database has too much to do for this organization: try again in a moment';

/**
 * Slots shared by organizations, and by people within them. None takes more than its share; a free slot goes to the waiting organization that
 * holds the fewest, first come first served among equals.
 */
export class FairSlots {
  readonly #shares: Shares;
  #free: number;
  #waiting: Waiting[] = [];

  constructor(
    slots: number,
    /** how long to wait for a slot */
    private readonly patienceMs: number,
  ) {
    this.#free = slots;
    this.#shares = new Shares(slots);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `work` in a slot of the owner's. @throws ApiError busy; the signal's reason */
  async run<T>(owner: Owner, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.#take(owner)) await this.#wait(owner, signal);
    try {
      return await work();
    } finally {
      this.#leave(owner);
    }
  }

  #take(owner: Owner): boolean {
    if (this.#free === 0 || !this.#shares.take(owner)) return false;
    this.#free -= 1;
    return true;
  }

  #leave(owner: Owner): void {
    this.#free += 1;
    this.#shares.leave(owner);
    const poorestFirst = this.#waiting.toSorted((a, b) => this.#shares.heldBy(a.owner) - this.#shares.heldBy(b.owner));
    poorestFirst.find((waiting) => this.#take(waiting.owner))?.start();
  }

  #wait(owner: Owner, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        // synchronously: a slot freed in this very turn must not go to a waiter who has left
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

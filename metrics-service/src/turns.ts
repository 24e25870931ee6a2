import { setImmediate as nextRound } from 'node:timers/promises';

/** How long one turn of long work holds the event loop, in ms. */
const TURN_MS = 5;

let last: Promise<unknown> = Promise.resolve();

/**
 * Long work in turns of a few milliseconds, between which the event loop goes round. Of all that is under way in this
 * process one has its turn in a round, in the order in which they asked: so many at once do not hold it longer.
 *
 *     const turn = new Turn();
 *     for (const item of items) {
 *       if (turn.isOver) await turn.next();
 *       …
 *     }
 */
export class Turn {
  #end = performance.now() + TURN_MS;

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  async next(): Promise<void> {
    await (last = last.then(() => nextRound()));
    this.#end = performance.now() + TURN_MS;
  }
}

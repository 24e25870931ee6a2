/** How many of `places` slots one organization may take, so that there is always room for another. */
export function mostOfOne(places: number): number {
  return Math.max(1, places - Math.max(1, Math.floor(places / 4)));
}

/** Counts the slots each organization holds: none more than `mostOfOne`. */
export class Shares {
  /** how many slots one organization may hold */
  readonly most: number;
  readonly #held = new Map<string, number>();

  constructor(places: number) {
    this.most = mostOfOne(places);
  }

  heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  /** Takes a slot; false if the owner holds all it may. */
  take(owner: string): boolean {
    const held = this.heldBy(owner);
    if (held >= this.most) return false;
    this.#held.set(owner, held + 1);
    return true;
  }

  leave(owner: string): void {
    const left = this.heldBy(owner) - 1;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
  }
}

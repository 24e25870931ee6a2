/** Whose slot it is: a group's (an organization, say), and within it a person's, where that matters. */
export interface Owner {
  readonly group: string;
  readonly person?: string | undefined;
}

/** How many of `places` slots one organization may take, so that there is always room for another. */
export function mostOfOne(slots: number): number {
  return Math.max(1, slots - Math.max(1, Math.floor(slots / 4)));
}

/** Counts the slots each organization and person holds: no organization more than `mostOfOne`, no person more than half of that. */
export class Shares {
  /** how many slots one organization may hold */
  readonly most: number;
  /** how many of them one person */
  readonly mostOfPerson: number;
  readonly #held = new Map<string, number>();

  constructor(slots: number) {
    this.most = mostOfOne(slots);
    this.mostOfPerson = Math.ceil(this.most / 2);
  }

  heldBy(owner: Owner): number {
    return this.#held.get(ofOrganization(owner)) ?? 0;
  }

  /** Takes a slot; false if the owner holds all it may. */
  take(owner: Owner): boolean {
    const isFull = keysOf(owner).some(
      (key, index) => (this.#held.get(key) ?? 0) >= (index === 0 ? this.most : this.mostOfPerson),
    );
    if (isFull) return false;
    for (const key of keysOf(owner)) this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
    return true;
  }

  leave(owner: Owner): void {
    for (const key of keysOf(owner)) {
      const left = (this.#held.get(key) ?? 0) - 1;
      if (left > 0) this.#held.set(key, left);
      else this.#held.delete(key);
    }
  }
}

const ofOrganization = ({ group }: Owner): string => JSON.stringify([group]);

/** The organization's, then the person's. */
function keysOf(owner: Owner): string[] {
  const { group, person } = owner;
  return person === undefined ? [ofOrganization(owner)] : [ofOrganization(owner), JSON.stringify([group, person])];
}

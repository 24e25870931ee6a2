/** What came from what is kept of slots, in how many pieces, and the pieces that were read from the rows (epoch ms). */
export interface RolledNote {
  readonly base: string;
  /** what is kept: sums, costs by quarters of an hour, values in order, the moments of sessions, what sessions have in their whole life */
  readonly kept: 'sums' | 'quarters' | 'values' | 'moments' | 'lives';
  /** by which dimension the sums are kept; null: of all runs */
  readonly by: string | null;
  readonly slots: number;
  readonly raw: readonly { readonly from: number; readonly to: number }[];
}

/** A statement that was asked: the tables that it read, and its time in ms; 0 where another question had asked the same. */
export interface Step {
  readonly reads: readonly string[];
  readonly ms: number;
}

/** What an answer was made of. */
export interface Made {
  /** what came from slots, or from what is kept of sessions */
  readonly kept: readonly RolledNote[];
  /** the statements that were asked, in the order in which they were answered */
  readonly steps: readonly Step[];
}

/** The same, while it is made. */
export class Making implements Made {
  readonly kept: RolledNote[] = [];
  readonly steps: Step[] = [];
  #answeredAt = 0;

  /** Notes a statement and its time. Statements run one after the other: each is timed from when the one before was answered. */
  async timed<T>(tables: Iterable<string>, run: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    const answer = await run();
    const now = performance.now();
    this.steps.push({ reads: [...tables], ms: Math.round((now - Math.max(asked, this.#answeredAt)) * 1_000) / 1_000 });
    this.#answeredAt = now;
    return answer;
  }
}

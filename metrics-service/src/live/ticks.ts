import { Channel, LEAST_GAP_MS, NOTHING_CHANGED, type Reader } from './channel.js';

/** The versions of an organization's data, and of who may see what. */
export interface Versions {
  readonly data: bigint;
  readonly viewers: string;
}

/** Says to those who ask for no rows that there may be something new: data came in, or somebody sees more or less now. */
export class Ticks extends Channel {
  protected readonly gapMs = LEAST_GAP_MS;
  #versions: Versions | null = null;

  constructor(
    orgId: string,
    private readonly ask: () => Promise<Versions>,
  ) {
    super(orgId);
  }

  get dataVersion(): bigint | null {
    return this.#versions?.data ?? null;
  }

  async join(reader: Reader, lastId: string | null): Promise<void> {
    await this.refresh();
    this.readers.add(reader);
    if (lastId === this.#id) reader.send(NOTHING_CHANGED);
    else this.sendAll(reader);
  }

  sendAll(reader: Reader): void {
    reader.send(`id: ${this.#id}\nevent: moved\ndata: {}\n\n`);
  }

  get #id(): string {
    return this.#versions ? `${this.#versions.data}.${this.#versions.viewers}` : '';
  }

  protected async refresh(): Promise<void> {
    this.askedAt = performance.now();
    const before = this.#id;
    const versions = await this.ask();
    // an answer that was overtaken by a later one
    if (versions.data < (this.dataVersion ?? 0n)) return;
    this.#versions = versions;
    if (this.#id !== before) for (const reader of this.readers) this.sendAll(reader);
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Asker } from '../access/viewer.js';
import type { LiveState } from './state.js';

/** Somebody who reads a feed. */
export interface Reader {
  readonly asker: Asker;
  /** a whole message of the stream */
  send(message: string): void;
  /** what it may see is not what this feed shows any more */
  lookAgain(): void;
}

/** So many changes are kept for readers who come back. */
const MOST_CHANGES = 200;
/** However fast data comes in, so often at most; and so many times as long as it takes lies between. */
const LEAST_GAP_MS = 50;
const GAP_FACTOR = 1;

/** One question as those see it who see as much: it is asked once for all of its readers, who are sent what changes. */
export class Feed {
  readonly readers = new Set<Reader>();
  #state: LiveState | null = null;
  readonly #changes: { from: string; message: string }[] = [];
  #asking: Promise<LiveState> | null = null;
  #next: Promise<LiveState> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #askedAt = -Infinity;
  #tookMs = 0;
  /** by performance.now(): when its last reader went */
  idleSince = performance.now();

  constructor(
    readonly orgId: string,
    private readonly sight: string,
    private readonly ask: (asker: Asker) => Promise<LiveState>,
  ) {}

  /** The data version that it shows; null: none yet. */
  get dataVersion(): bigint | null {
    return this.#state?.dataVersion ?? null;
  }

  /** When it was asked last, by performance.now(). */
  get askedAt(): number {
    return this.#askedAt;
  }

  /** Makes it up to date for a new reader, then sends what that one has missed since `lastId`, or all of it. */
  async join(reader: Reader, lastId: string | null): Promise<void> {
    const state = await this.#refresh(reader.asker);
    this.readers.add(reader);
    const since = lastId === null ? -1 : this.#changes.findLastIndex(({ from }) => from === lastId);
    if (lastId === state.id) reader.send(': nothing has changed\n\n');
    else if (since === -1) reader.send(snapshotOf(state));
    else for (const { message } of this.#changes.slice(since)) reader.send(message);
  }

  leave(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    this.idleSince = performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Everything as it is now, for a reader who was left out for a while. */
  sendAll(reader: Reader): void {
    if (this.#state) reader.send(snapshotOf(this.#state));
  }

  /** Asks again soon, if anybody reads. */
  wake(): void {
    if (this.#timer || this.readers.size === 0) return;
    const gap = Math.max(LEAST_GAP_MS, GAP_FACTOR * this.#tookMs);
    const wait = Math.max(0, this.#askedAt + gap - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const [reader] = this.readers;
      // a database that is away for a while is asked again by the next look
      if (reader) this.#refresh(reader.asker).catch(() => {});
    }, wait);
  }

  /** The present state. Who asks while it is asked gets the next one, as all do meanwhile: this one may have begun too early. */
  #refresh(asker: Asker): Promise<LiveState> {
    const begin = (): Promise<LiveState> => {
      this.#next = null;
      this.#asking = this.#askNow(asker).finally(() => (this.#asking = null));
      return this.#asking;
    };
    if (!this.#asking) return begin();
    this.#next ??= this.#asking.then(begin, begin);
    return this.#next;
  }

  async #askNow(asker: Asker): Promise<LiveState> {
    this.#askedAt = performance.now();
    const next = await this.ask(asker).finally(() => (this.#tookMs = performance.now() - this.#askedAt));
    if (next.sight !== this.sight) {
      for (const reader of this.readers) reader.lookAgain();
      throw new SightChanged();
    }
    const before = this.#state;
    this.#state = next;
    if (before === null || before.id === next.id) return next;
    const message = changeOf(before, next);
    this.#changes.push({ from: before.id, message });
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift();
    for (const reader of this.readers) reader.send(message);
    return next;
  }
}

/** The asker sees more, or less, than the feed shows. */
export class SightChanged extends Error {}

function messageOf(event: string, { id }: LiveState, data: object): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function snapshotOf(state: LiveState): string {
  const { asOf, runs, numbers, notices } = state;
  return messageOf('snapshot', state, { asOf, runs: [...runs.values()], numbers, notices });
}

/** The rows that are new or different, the runs that are gone, and the rest where it is different. */
function changeOf(before: LiveState, after: LiveState): string {
  const changed = [...after.runs].filter(([run]) => before.texts.get(run) !== after.texts.get(run));
  const gone = [...before.runs.keys()].filter((run) => !after.runs.has(run));
  return messageOf('change', after, {
    asOf: after.asOf,
    changed: changed.map(([, row]) => row),
    gone,
    ...(isDeepStrictEqual(before.numbers, after.numbers) ? {} : { numbers: after.numbers }),
    ...(isDeepStrictEqual(before.notices, after.notices) ? {} : { notices: after.notices }),
  });
}

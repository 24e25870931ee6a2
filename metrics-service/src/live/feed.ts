import { isDeepStrictEqual } from 'node:util';
import type { Asker } from '../access/viewer.js';
import { Channel, LEAST_GAP_MS, NOTHING_CHANGED, type Reader } from './channel.js';
import { isGrowing, type LiveRow, type LiveState } from './state.js';

/** So many changes are kept for readers who come back. */
const MOST_CHANGES = 200;
/** So many times as long as an answer takes lies between two of them, at most so many ms. */
const GAP_FACTOR = 8;
const MOST_GAP_MS = 250;
/** All readers together are sent so much on average: ingest has the rest of the time (`runboard bench live`). */
const MOST_BYTES_PER_MS = 8_000;
/** To find what has changed takes as long as to send it to so many readers. */
const ASKING_READERS = 100;

/** One question as those see it who see as much: it is asked once for all of its readers, who are sent what changes. */
export class Feed extends Channel {
  #state: LiveState | null = null;
  readonly #changes: { from: string; message: Buffer }[] = [];
  /** of the present state, once anybody has asked for it */
  #snapshot: Buffer | null = null;
  #asking: Promise<LiveState> | null = null;
  #next: Promise<LiveState> | null = null;
  #tookMs = 0;
  /** of the last message, to all of its readers and for finding it */
  #sentBytes = 0;

  constructor(
    orgId: string,
    private readonly sight: string,
    private readonly ask: (asker: Asker) => Promise<LiveState>,
  ) {
    super(orgId);
  }

  get dataVersion(): bigint | null {
    return this.#state?.dataVersion ?? null;
  }

  protected get gapMs(): number {
    const afterAnswer = Math.min(MOST_GAP_MS, GAP_FACTOR * this.#tookMs);
    return Math.max(LEAST_GAP_MS, afterAnswer, this.#sentBytes / MOST_BYTES_PER_MS);
  }

  async join(reader: Reader, lastId: string | null): Promise<void> {
    const state = await this.refresh(reader.asker);
    this.readers.add(reader);
    const since = lastId === null ? -1 : this.#changes.findLastIndex(({ from }) => from === lastId);
    if (lastId === state.id) reader.send(NOTHING_CHANGED);
    else if (since === -1) reader.send(this.#snapshotOf(state));
    else for (const { message } of this.#changes.slice(since)) reader.send(message);
  }

  sendAll(reader: Reader): void {
    if (this.#state) reader.send(this.#snapshotOf(this.#state));
  }

  /** Made once for all who join meanwhile: bytes that wait to be sent are the same ones for each of them. */
  #snapshotOf(state: LiveState): Buffer {
    if (state !== this.#state) return snapshotOf(state);
    this.#snapshot ??= snapshotOf(state);
    return this.#snapshot;
  }

  /** The present state. Who asks while it is asked gets the next one, as all do meanwhile: this one may have begun too early. */
  protected refresh(asker: Asker): Promise<LiveState> {
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
    this.askedAt = performance.now();
    const next = await this.ask(asker).finally(() => (this.#tookMs = performance.now() - this.askedAt));
    if (next.sight !== this.sight) {
      for (const reader of this.readers) reader.lookAgain();
      throw new SightChanged();
    }
    const before = this.#state;
    this.#state = next;
    this.#snapshot = null;
    this.#sentBytes = 0;
    if (before === null || before.id === next.id) return next;
    const message = changeOf(before, next);
    this.#changes.push({ from: before.id, message });
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift();
    for (const reader of this.readers) reader.send(message);
    this.#sentBytes = message.length * (ASKING_READERS + this.readers.size);
    return next;
  }
}

/** The asker sees more, or less, than the feed shows. */
export class SightChanged extends Error {}

function messageOf(event: string, { id }: LiveState, data: object): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function snapshotOf(state: LiveState): Buffer {
  const { asOf, runs, numbers, notices } = state;
  return messageOf('snapshot', state, { asOf, runs: [...runs.values()], numbers, notices });
}

/** What is new or different of the rows, the runs that are gone, and the rest where it is different. */
function changeOf(before: LiveState, after: LiveState): Buffer {
  const changed = [...after.runs].flatMap(([run, row]) => differenceOf(row, before.runs.get(run)) ?? []);
  const gone = [...before.runs.keys()].filter((run) => !after.runs.has(run));
  return messageOf('change', after, {
    asOf: after.asOf,
    ...{ changed, gone },
    ...(isDeepStrictEqual(before.numbers, after.numbers) ? {} : { numbers: after.numbers }),
    ...(isDeepStrictEqual(before.notices, after.notices) ? {} : { notices: after.notices }),
  });
}

/** The members that are different, with the run that they are of; null where they are what grows with the time alone. */
function differenceOf(after: LiveRow, before: LiveRow = {}): LiveRow | null {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const different = [...names].filter((name) => (after[name] ?? null) !== before[name]);
  if (different.every((name) => isGrowing(name, after))) return null;
  return Object.fromEntries(['run', ...different].map((name) => [name, after[name] ?? null]));
}

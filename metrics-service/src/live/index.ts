import { authenticate } from '../access/tokens.js';
import type { Asker } from '../access/viewer.js';
import { ApiError } from '../contract/problem.js';
import type { Database } from '../db/database.js';
import type { Channel } from './channel.js';
import { Feed, SightChanged } from './feed.js';
import type { Moves } from './moves.js';
import { askLive, askSight, type LiveQuestion } from './state.js';
import { Stream, type Sink } from './stream.js';
import { Ticks, type Versions } from './ticks.js';

export type { LiveQuestion } from './state.js';
export { Moves } from './moves.js';

/** Each process looks by itself so often, should it have missed what another one told. */
const LOOK_MS = 1_000;
/** What somebody may see, and whether the token is still good, is worked out anew after this. */
const SIGHT_MS = 10_000;
/** Some states change by time alone. */
const LATEST_MS = 5_000;
/** What a feed has told is kept so long for readers who come back. */
const KEPT_MS = 60_000;

const TOKEN_ENDED = 'the token is not valid any more: come again with another one';
const STOPPING = 'the service is ending: come again in a moment';

export interface OpenStream {
  readonly asker: Asker;
  /** the text of the token */
  readonly token: string;
  /** null: it asks for no rows, only when there may be something new */
  readonly question: LiveQuestion | null;
  /** the id of the last message that the reader has */
  readonly lastId: string | null;
}

/** The streams of this process: who reads what. */
export class Live {
  readonly #streams = new Set<Stream>();
  readonly #feeds = new Map<string, Channel>();
  /** by organization: when users or settings changed last, as a version */
  readonly #viewers = new Map<string, string>();
  #look: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(
    private readonly database: Database,
    private readonly moves: Moves,
    private readonly clock: () => number,
  ) {}

  get open(): number {
    return this.#streams.size;
  }

  /** Opens a stream; `begin` is called with its first message, once it is known that it can be answered. @throws ApiError */
  async read({ asker, token, question, lastId }: OpenStream, begin: () => Sink): Promise<Stream> {
    const stream = new Stream(asker, token, question, begin);
    // what changes from here on will be noticed
    if (!this.#viewers.has(asker.orgId)) await this.#lookAt(asker.orgId);
    stream.feed = this.#feedFor(stream, await this.#sightFor(asker, [stream]));
    this.#start();
    await stream.feed.join(stream, lastId).catch((error: unknown) => {
      if (!(error instanceof SightChanged)) throw error;
      throw new ApiError('busy', 'what you may see is just changing: send this again');
    });
    this.#streams.add(stream);
    return stream;
  }

  /** A reader has gone. */
  leave(stream: Stream): void {
    stream.close();
    this.#streams.delete(stream);
  }

  /** Ends all streams: the service is stopping. */
  end(): void {
    for (const stream of [...this.#streams]) {
      stream.end(STOPPING);
      this.leave(stream);
    }
    this.#stop();
  }

  /** What the asker may see now, if one of these streams shows any of it. */
  async #sightFor(asker: Asker, streams: readonly Stream[]): Promise<string | null> {
    if (streams.every(({ question }) => question === null)) return null;
    return askSight(this.database, asker, this.clock());
  }

  /** What it reads, as those are told who see that. */
  #feedFor({ asker: { orgId }, question }: Stream, sightOfAsker: string | null): Channel {
    const sight = question && sightOfAsker;
    const key = JSON.stringify([orgId, sight, question]);
    const found = this.#feeds.get(key);
    if (found) return found;
    const feed =
      question && sight
        ? new Feed(orgId, sight, (one) => askLive(this.database, one, question, this.clock()))
        : new Ticks(orgId, () => this.#versionsOf(orgId));
    this.#feeds.set(key, feed);
    return feed;
  }

  #start(): void {
    if (this.#look) return;
    this.#look = setInterval(() => void this.#lookAround(), LOOK_MS).unref();
    this.moves.listen((orgId, version) => this.#moved(orgId, version));
  }

  #stop(): void {
    if (this.#look) clearInterval(this.#look);
    this.#look = null;
    this.#viewers.clear();
    this.moves.rest();
  }

  #moved(orgId: string, version: bigint | null): void {
    for (const feed of this.#feeds.values()) {
      const isNew = version === null || feed.dataVersion === null || version > feed.dataVersion;
      if (feed.orgId === orgId && isNew) feed.wake();
    }
  }

  async #lookAround(): Promise<void> {
    for (const stream of [...this.#streams]) {
      stream.beat();
      if (stream.isClosed) this.leave(stream);
    }
    this.#forget();
    if (this.#feeds.size === 0) this.#stop();
    // a slow database is not asked twice
    if (this.#isLooking) return;
    this.#isLooking = true;
    const orgIds = [...new Set([...this.#streams].map(({ asker }) => asker.orgId))];
    for (const orgId of orgIds) await this.#lookAt(orgId).catch(() => {});
    for (const streams of this.#ofViewersToLookAt()) {
      await this.#lookAgain(streams).catch(() => {
        for (const stream of streams) stream.lookAgain();
      });
    }
    this.#isLooking = false;
  }

  /** What another process wrote, and whether that may change what anybody sees. */
  async #lookAt(orgId: string): Promise<void> {
    const { data, viewers } = await this.#versionsOf(orgId);
    const known = this.#viewers.get(orgId);
    this.#viewers.set(orgId, viewers);
    this.#moved(orgId, data);
    if (known !== undefined && known !== viewers) {
      for (const stream of this.#streams) if (stream.asker.orgId === orgId) stream.lookAgain();
      this.#moved(orgId, null);
    }
    const before = performance.now() - LATEST_MS;
    for (const feed of this.#feeds.values()) if (feed.orgId === orgId && feed.askedAt < before) feed.wake();
  }

  async #versionsOf(orgId: string): Promise<Versions> {
    const { rows } = await this.database.inOrganization(
      orgId,
      (tx) => tx.query<{ data_version: string; viewers_version: string }>(VERSIONS, [orgId]),
      { readOnly: true },
    );
    return { data: BigInt(rows[0]?.data_version ?? 0), viewers: rows[0]?.viewers_version ?? '' };
  }

  /** The streams of each viewer of whom one is to be looked at. */
  #ofViewersToLookAt(): Stream[][] {
    const ofViewers = new Map<string, Stream[]>();
    for (const stream of this.#streams) {
      const viewer = JSON.stringify([stream.token, stream.asker]);
      const others = ofViewers.get(viewer);
      if (others) others.push(stream);
      else ofViewers.set(viewer, [stream]);
    }
    const before = performance.now() - SIGHT_MS;
    return [...ofViewers.values()].filter((streams) =>
      streams.some(({ isStale, lookedAt }) => isStale || lookedAt < before),
    );
  }

  /** Whether their token is still good and what their asker may see now: streams show nothing else for longer than this. */
  async #lookAgain(streams: readonly Stream[]): Promise<void> {
    const { asker, token } = streams[0]!;
    // what changes from here on is for the next look
    for (const stream of streams) stream.isStale = false;
    const identity = await authenticate(this.database, token, this.clock());
    const isGood = identity?.orgId === asker.orgId && identity.scopes.includes('read');
    const speaks = asker.viewer === null || identity?.scopes.includes('delegate');
    if (!isGood || !speaks) {
      for (const stream of streams) {
        stream.end(TOKEN_ENDED);
        this.leave(stream);
      }
      return;
    }
    const sight = await this.#sightFor(asker, streams);
    for (const stream of streams) {
      stream.lookedAt = performance.now();
      await this.#read(stream, this.#feedFor(stream, sight));
    }
  }

  /** Lets the stream read that from now on. */
  async #read(stream: Stream, feed: Channel): Promise<void> {
    if (stream.isClosed || !stream.feed || feed === stream.feed) return;
    stream.feed.leave(stream);
    stream.feed = feed;
    await feed.join(stream, null).catch((error: unknown) => {
      if (error instanceof SightChanged) {
        stream.lookAgain();
        return;
      }
      stream.end(error instanceof ApiError ? error.message : 'what you may see has changed: come again');
      this.leave(stream);
    });
  }

  #forget(): void {
    const before = performance.now() - KEPT_MS;
    for (const [key, { readers, idleSince }] of this.#feeds) {
      if (readers.size === 0 && idleSince < before) this.#feeds.delete(key);
    }
  }
}

const VERSIONS = `
    select data_version, viewers_version
    from ingest_state
    where org_id = $1`;

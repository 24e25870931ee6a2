import { authenticate } from '../access/tokens.js';
import type { Asker } from '../access/viewer.js';
import { ApiError } from '../contract/problem.js';
import type { Database } from '../db/database.js';
import { Feed, SightChanged } from './feed.js';
import type { Moves } from './moves.js';
import { askLive, askSight, type LiveQuestion } from './state.js';
import { Stream, type Sink } from './stream.js';

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
  readonly question: LiveQuestion;
  /** the id of the last message that the reader has */
  readonly lastId: string | null;
}

/** The streams of this process: who reads what. */
export class Live {
  readonly #streams = new Set<Stream>();
  readonly #feeds = new Map<string, Feed>();
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
    const sight = await askSight(this.database, asker, this.clock());
    stream.feed = this.#feedOf(asker, question, sight);
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

  #feedOf({ orgId }: Asker, question: LiveQuestion, sight: string): Feed {
    const key = JSON.stringify([orgId, sight, question]);
    const found = this.#feeds.get(key);
    if (found) return found;
    const feed = new Feed(orgId, sight, (asker) => askLive(this.database, asker, question, this.clock()));
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
    for (const stream of [...this.#streams]) await this.#lookAgain(stream).catch(() => {});
    this.#isLooking = false;
  }

  /** What another process wrote, and whether that may change what anybody sees. */
  async #lookAt(orgId: string): Promise<void> {
    const { rows } = await this.database.inOrganization(
      orgId,
      (tx) => tx.query<{ data_version: string; viewers_version: string }>(VERSIONS, [orgId]),
      { readOnly: true },
    );
    const [versions] = rows;
    const known = this.#viewers.get(orgId);
    if (versions) {
      this.#viewers.set(orgId, versions.viewers_version);
      this.#moved(orgId, BigInt(versions.data_version));
    }
    if (known !== undefined && known !== versions?.viewers_version) {
      for (const stream of this.#streams) if (stream.asker.orgId === orgId) stream.lookAgain();
    }
    const before = performance.now() - LATEST_MS;
    for (const feed of this.#feeds.values()) if (feed.orgId === orgId && feed.askedAt < before) feed.wake();
  }

  /** Whether the token is still good and what its asker may see now: a stream shows nothing else for longer than this. */
  async #lookAgain(stream: Stream): Promise<void> {
    if (stream.isClosed || !stream.feed) return;
    if (!stream.isStale && performance.now() - stream.lookedAt < SIGHT_MS) return;
    const { asker, token, question } = stream;
    const identity = await authenticate(this.database, token, this.clock());
    const isGood = identity?.orgId === asker.orgId && identity.scopes.includes('read');
    const speaks = asker.viewer === null || identity?.scopes.includes('delegate');
    if (!isGood || !speaks) {
      stream.end(TOKEN_ENDED);
      this.leave(stream);
      return;
    }
    const sight = await askSight(this.database, asker, this.clock());
    stream.isStale = false;
    stream.lookedAt = performance.now();
    const feed = this.#feedOf(asker, question, sight);
    if (feed === stream.feed || stream.isClosed) return;
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

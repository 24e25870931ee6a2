import pg from 'pg';
import type { Database } from '../db/database.js';
import { SERVICE_ROLE } from '../db/roles.js';

const CHANNEL = 'runboard_data';
/** An organization's moves are told so often at most. */
const GAP_MS = 100;
/** A process that could not listen tries again after this. */
const AGAIN_MS = 1_000;

/** What moved: an organization's data, to which version (null: to one after those known). */
export type OnMove = (orgId: string, dataVersion: bigint | null) => void;

/**
 * Tells this process and the others that an organization's data moved, after the commit. What is told is the organization and
 * the version of its data; who misses it looks by itself every second.
 */
export class Moves {
  readonly #soon = new Map<string, NodeJS.Timeout>();
  readonly #toldAt = new Map<string, number>();
  #listener: pg.Client | null = null;
  #again: NodeJS.Timeout | null = null;
  #onMove: OnMove | null = null;
  #isClosed = false;

  constructor(
    private readonly connectionString: string,
    private readonly database: Database,
  ) {}

  /** Notes that something was written: told at once, or 100 ms after the time before. */
  note(orgId: string): void {
    if (this.#isClosed || this.#soon.has(orgId)) return;
    const wait = Math.max(0, (this.#toldAt.get(orgId) ?? -Infinity) + GAP_MS - performance.now());
    this.#soon.set(orgId, setTimeout(() => this.#tell(orgId), wait).unref());
  }

  #tell(orgId: string): void {
    this.#soon.delete(orgId);
    if (this.#toldAt.size > 10_000) this.#toldAt.clear();
    this.#toldAt.set(orgId, performance.now());
    this.#onMove?.(orgId, null);
    this.database
      .inOrganization(orgId, (tx) => tx.query(NOTIFY, [orgId, CHANNEL]))
      // others find it within a second
      .catch(() => {});
  }

  /** Calls `onMove` for what any process tells, from now on. */
  listen(onMove: OnMove): void {
    this.#onMove = onMove;
    if (!this.#listener && !this.#again) void this.#connect();
  }

  /** Until somebody reads again. */
  rest(): void {
    this.#onMove = null;
    if (this.#again) clearTimeout(this.#again);
    this.#again = null;
    const listener = this.#listener;
    this.#listener = null;
    listener?.end().catch(() => {});
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#soon.values()) clearTimeout(timer);
    this.rest();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: 'runboard live',
      keepAlive: true,
    });
    this.#listener = client;
    const onLoss = (): void => {
      if (this.#listener !== client) return;
      this.#listener = null;
      this.#again = setTimeout(() => {
        this.#again = null;
        void this.#connect();
      }, AGAIN_MS).unref();
    };
    client.on('error', onLoss).on('end', onLoss);
    client.on('notification', ({ payload = '' }) => {
      const [orgId, version] = payload.split(' ');
      if (orgId && version && /^\d+$/.test(version)) this.#onMove?.(orgId, BigInt(version));
    });
    try {
      await client.connect();
      await client.query(`set role ${SERVICE_ROLE}`);
      await client.query(`listen ${CHANNEL}`);
      if (this.#listener !== client) await client.end();
    } catch {
      client.end().catch(() => {});
      onLoss();
    }
  }
}

const NOTIFY = `
    select pg_notify($2, $1 || ' ' || data_version)
    from ingest_state
    where org_id = $1`;

import type { Database } from '../db/database.js';
import { textArray } from '../db/text-array.js';

/** What became of records: events, nothing because no mapping knows them, or nothing because they cannot be used. */
export type SeenOutcome = 'events' | 'nothing' | 'unknown' | 'unusable' | 'rejected';

/** Records of one kind that came in with one request. */
export interface SeenRecords {
  /** logs, traces, metrics or hooks */
  readonly signal: string;
  readonly source: string;
  readonly name: string;
  readonly outcome: SeenOutcome;
  readonly note: string | null;
}

interface Counted extends SeenRecords {
  records: number;
  lastAtMs: number;
}

/** Names are the senders': so many are kept of an organization, the ones last seen. */
const MOST_NAMES = 500;
const FLUSH_MS = 1_000;
const OTHERS = '(others)';

/** Counts what comes in by organization, name and source, and writes it down every second. */
export class TelemetrySeen {
  readonly #counted = new Map<string, Map<string, Counted>>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: () => number,
  ) {}

  /** Notes so many records of a kind. */
  note(orgId: string, seen: SeenRecords, count = 1): void {
    let ofOrganization = this.#counted.get(orgId);
    if (!ofOrganization) this.#counted.set(orgId, (ofOrganization = new Map<string, Counted>()));
    const { signal, source, outcome } = seen;
    const keyOf = (name: string): string => `${signal}\n${source}\n${name}\n${outcome}`;
    const isFull = ofOrganization.size >= MOST_NAMES && !ofOrganization.has(keyOf(seen.name));
    const name = isFull ? OTHERS : seen.name;
    const known = ofOrganization.get(keyOf(name));
    const lastAtMs = this.clock();
    if (known) Object.assign(known, { records: known.records + count, lastAtMs, note: seen.note ?? known.note });
    else ofOrganization.set(keyOf(name), { ...seen, name, records: count, lastAtMs });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes down what was counted; what cannot be written now is tried with what comes next. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const all = [...this.#counted];
    this.#counted.clear();
    for (const [orgId, counted] of all) {
      await this.#save(orgId, [...counted.values()]).catch(() => {
        if (!this.#counted.has(orgId)) this.#counted.set(orgId, counted);
      });
    }
  }

  async #save(orgId: string, counted: readonly Counted[]): Promise<void> {
    await this.database.inOrganization(orgId, async (tx) => {
      tx.write(SAVE, [
        orgId,
        ...(['signal', 'source', 'name', 'outcome', 'note'] as const).map((member) =>
          textArray(counted.map((one) => one[member])),
        ),
        counted.map(({ records }) => String(records)),
        counted.map(({ lastAtMs }) => new Date(lastAtMs).toISOString()),
      ]);
      await tx.query(FORGET, [orgId]);
    });
  }
}

/** An organization that was deleted meanwhile is not brought back. */
const SAVE = `
    insert into telemetry_seen (org_id, signal, source, name, outcome, note, records, last_at)
    select o.org_id, said.signal, said.source, said.name, said.outcome, said.note, said.records, said.last_at
    from organizations o
    cross join unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
      as said (signal, source, name, outcome, note, records, last_at)
    where o.org_id = $1
    order by said.signal, said.source, said.name, said.outcome
    on conflict (org_id, signal, source, name, outcome) do update
    set
      records = telemetry_seen.records + excluded.records,
      last_at = greatest(telemetry_seen.last_at, excluded.last_at),
      note = coalesce(excluded.note, telemetry_seen.note)`;

const FORGET = `
    delete from telemetry_seen
    where org_id = $1
      and (signal, source, name, outcome) in (
        select signal, source, name, outcome
        from telemetry_seen
        where org_id = $1
        order by last_at desc
        offset ${MOST_NAMES}
      )`;

/** What was seen of an organization's telemetry and hooks, the latest first. */
export async function readTelemetrySeen(
  database: Database,
  orgId: string,
): Promise<(SeenRecords & { records: number; lastAt: Date })[]> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<SeenRecords & { records: string; lastAt: Date }>(
        `
        select signal, source, name, outcome, note, records, last_at as "lastAt"
        from telemetry_seen
        where org_id = $1
        order by last_at desc, signal, source, name, outcome`,
        [orgId],
      ),
    { readOnly: true },
  );
  return rows.map((row) => ({ ...row, records: Number(row.records) }));
}

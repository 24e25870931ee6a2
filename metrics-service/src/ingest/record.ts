import { ApiError } from '../contract/problem.js';
import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { applyEvents } from './apply.js';
import { keepDeadLetters, type Rejected } from './dead-letters.js';
import { findErased } from './erased.js';
import {
  appendEvents,
  eventKey,
  readEvents,
  sameContent,
  toLogged,
  type LoggedEvent,
  type WritableEvent,
} from './log.js';
import type { Fault, Parsed, ParsedEvent } from './parse.js';
import { MIXED, towards } from './prices-hash.js';
import type { Rights } from './rights.js';
import { advanceSources, ofSenders } from './sources.js';
import { forgetTexts, shortenPaths } from './statements.js';
import type { Without } from './json.js';
import { Turn } from '../turns.js';

/** The outcome of one sent item. */
export type Outcome = 'accepted' | 'duplicate' | Fault;

export interface Sent {
  item: unknown;
  /** of the sender's token */
  rights: Rights;
  parsed: Parsed;
  /** a valid event as logged if no text is stored; prepared before the lock is taken */
  logged: WritableEvent | null;
}

export interface RecordOptions {
  prices: PriceTable;
  /** how many rejected events the organization keeps; null: those of this call were kept before */
  maxDeadLetters: number | null;
}

/**
 * Takes the organization's ingest lock until the transaction ends, and increments its data version: every writer of its
 * tables takes it. Ingest reaches every row by its key; on tables that were empty a moment ago the planner would scan instead.
 * `plans`: what PostgreSQL does with prepared statements (plan_cache_mode).
 */
export async function lockIngest(tx: Transaction, plans: 'auto' | 'force_generic_plan' = 'auto'): Promise<Without> {
  const { rows } = await tx.query<{ store_text: boolean | null; store_paths: boolean | null }>(
    `
    with locked as (
      insert into ingest_state (org_id)
      values ($1)
      on conflict (org_id) do update set data_version = ingest_state.data_version + 1
      returning org_id
    )
    select
      set_config('synchronous_commit', 'on', true),
      set_config('enable_seqscan', 'off', true),
      set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true),
      set_config('plan_cache_mode', $2, true),
      organizations.store_text,
      organizations.store_paths
    from locked
    left join organizations on organizations.org_id = $1`,
    [tx.orgId, plans],
  );
  return { texts: rows[0]?.store_text !== true, paths: rows[0]?.store_paths !== true };
}

/**
 * Records what was sent, in one transaction: valid new events go to the log and the tables, the others to the dead
 * letters. Returns an outcome per item, in order. An event's identity is (source, id, rank): a copy of a known one is a
 * duplicate, different content under the same identity is rejected. An event whose personal data was erased counts as a
 * duplicate whatever its content.
 */
export async function record(tx: Transaction, sent: Sent[], options: RecordOptions): Promise<Outcome[]> {
  const keyed = sent.map(({ parsed: { event } }) => (event ? eventKey(event) : ''));
  const keys = new Map<string, ParsedEvent>();
  for (const [index, { parsed }] of sent.entries()) if (parsed.event) keys.set(keyed[index]!, parsed.event);
  const [without, hasErased, stored] = await Promise.all([
    // of the same fifty statements time and again: planning some of them for each batch anew took a tenth of the database's time
    lockIngest(tx, 'force_generic_plan'),
    checkOrganization(tx),
    readEvents(tx, [...keys.values()]),
  ]);
  const erased = hasErased ? await findErased(tx, [...keys.values()]) : new Set<string>();
  const outcomes: Outcome[] = new Array<Outcome>(sent.length);
  const first = new Map<string, { event: ParsedEvent; logged: WritableEvent; index: number }>();
  const copies: { key: string; index: number; logged: LoggedEvent }[] = [];
  const turn = new Turn();
  for (const [index, { parsed, logged: least }] of sent.entries()) {
    if (turn.isOver) await turn.next();
    if (parsed.fault) {
      outcomes[index] = parsed.fault;
      continue;
    }
    const { event } = parsed;
    const key = keyed[index]!;
    if (erased.has(key)) {
      outcomes[index] = 'duplicate';
      continue;
    }
    if (without.texts) forgetTexts(event.statement);
    if (without.paths) shortenPaths(event.statement);
    const logged = without.texts && without.paths && least ? least : toLogged(event, without);
    if (first.has(key)) copies.push({ key, index, logged });
    else first.set(key, { event, logged, index });
  }

  const added: { event: ParsedEvent; logged: WritableEvent }[] = [];
  for (const [key, said] of first) {
    if (turn.isOver) await turn.next();
    const known = stored.get(key);
    if (!known) added.push(said);
    outcomes[said.index] = known ? copyOf(known, said.logged) : 'accepted';
  }
  for (const { key, index, logged } of copies) {
    if (turn.isOver) await turn.next();
    outcomes[index] = copyOf(stored.get(key) ?? first.get(key)!.logged, logged);
  }
  const accepted = added.map(({ event }) => event);
  const applied = applyEvents(tx, accepted, options.prices);
  // awaited below
  applied.catch(() => {});
  // sent after the first reads: the database writes the log while what they answer is merged
  appendEvents(
    tx,
    added.map(({ logged }) => logged),
  );
  await applied;
  moveState(tx, accepted, options.prices);
  if (options.maxDeadLetters !== null) {
    const rejected = outcomes.flatMap((outcome, index): Rejected[] =>
      typeof outcome === 'string' ? [] : [{ item: sent[index]!.item, rights: sent[index]!.rights, fault: outcome }],
    );
    await keepDeadLetters(tx, rejected, { without, limit: options.maxDeadLetters });
  }
  return outcomes;
}

/**
 * Whether any of the organization's events were erased; usually none, which saves a look-up per event. A separate
 * statement, because it must see what was committed while lockIngest waited.
 * @throws ApiError if the organization has been deleted
 */
async function checkOrganization(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query<{ has_erased: boolean }>(
    `
    select exists (select from erased_events where org_id = $1) as has_erased
    from organizations
    where org_id = $1`,
    [tx.orgId],
  );
  if (!rows[0]) throw new ApiError('unauthorized', 'the organization of this token was deleted');
  return rows[0].has_erased;
}

/**
 * Advances the time of the newest event (metric data_age) and of each source's (source_age), keeps that of the first
 * (nothing can be compared with what lies before), and records which prices the costs are computed with: if they differ
 * from before, as while two versions of the service run during an upgrade, `reprice` has work to do.
 */
export function moveState(tx: Transaction, events: readonly ParsedEvent[], prices: PriceTable): void {
  const accepted = ofSenders(events);
  if (accepted.length === 0) return;
  const newest = accepted.reduce((latest, event) => Math.max(latest, event.timeMs), 0);
  advanceSources(tx, accepted);
  const first = accepted.reduce((earliest, event) => Math.min(earliest, event.timeMs), newest);
  tx.write(
    `
    update ingest_state
    set newest_event_at = greatest(newest_event_at, $2::timestamptz),
      first_event_at = least(first_event_at, $6::timestamptz),
      prices_hash = case
        when coalesce(prices_hash, $3) in ($3, $4) then coalesce(prices_hash, $3)
        else $5
      end
    where org_id = $1`,
    [
      ...[tx.orgId, new Date(newest).toISOString(), prices.hash, towards(prices.hash), MIXED],
      new Date(first).toISOString(),
    ],
  );
}

function copyOf(known: LoggedEvent, sent: LoggedEvent): Outcome {
  if (sameContent(known, sent)) return 'duplicate';
  const message = `a different event with this source and id was accepted before: give a new event a new id`;
  return { code: 'id_reused', path: 'id', message };
}

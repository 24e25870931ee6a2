import type { Database, Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { listDeadLetters, nextDeadLetters, removeDeadLetters, type DeadLetter } from './dead-letters.js';
import { toSent } from './index.js';
import type { Fault } from './parse.js';
import { record } from './record.js';

const PAGE = 500;

export interface ReplayResult {
  accepted: number;
  duplicates: number;
  /** still rejected, and the present reason */
  rejected: { deadLetterId: string; fault: Fault }[];
}

export interface ReplayOptions {
  prices: PriceTable;
  now: number;
  asDirectory?: boolean | undefined;
}

/**
 * Sends dead letters through ingest again as of `now` (epoch ms), oldest first, one or all. Those that are accepted (or are
 * duplicates) are removed, the others are kept unchanged. Each has the rights of the token it came with; `asDirectory`
 * adds the scope directory.
 */
export async function replayDeadLetters(
  database: Database,
  orgId: string,
  { id, ...options }: ReplayOptions & { id?: string | undefined },
): Promise<ReplayResult> {
  const result: ReplayResult = { accepted: 0, duplicates: 0, rejected: [] };
  const replay = (letters: DeadLetter[]) => (tx: Transaction) => replayPage(tx, letters, options, result);
  if (id !== undefined) {
    const letters = await database.inOrganization(orgId, (tx) => listDeadLetters(tx, { limit: 1, id }));
    await database.inOrganization(orgId, replay(letters));
    return result;
  }
  for (let after = '0'; ;) {
    const from = after;
    const letters = await database.inOrganization(orgId, (tx) => nextDeadLetters(tx, from, PAGE));
    if (letters.length === 0) return result;
    await database.inOrganization(orgId, replay(letters));
    after = letters.at(-1)!.deadLetterId;
  }
}

async function replayPage(
  tx: Transaction,
  letters: DeadLetter[],
  { prices, now, asDirectory = false }: ReplayOptions,
  result: ReplayResult,
): Promise<void> {
  const sent = letters.map(({ event, scopes }) =>
    toSent(event, { rights: asDirectory ? [...scopes, 'directory'] : scopes, receivedMs: now }),
  );
  const outcomes = await record(tx, sent, { prices, maxDeadLetters: null });
  const done: string[] = [];
  outcomes.forEach((outcome, index) => {
    const { deadLetterId } = letters[index]!;
    if (typeof outcome !== 'string') {
      result.rejected.push({ deadLetterId, fault: outcome });
      return;
    }
    done.push(deadLetterId);
    if (outcome === 'accepted') result.accepted += 1;
    else result.duplicates += 1;
  });
  await removeDeadLetters(tx, done);
}

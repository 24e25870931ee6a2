import type { IngestAnswer } from '../contract/answers.js';
import type { Database } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { countOutcomes, type OutcomeCount } from './counts.js';
import { WITHOUT_ALL } from './json.js';
import { toLogged } from './log.js';
import { parseEvent, type Fault, type Parsed } from './parse.js';
import { IngestQueue } from './queue.js';
import { Refreshes } from './refreshes.js';
import { permitted, type Rights } from './rights.js';
import { record, type Outcome, type Sent } from './record.js';
import { Statistics } from './statistics.js';
import { Turn } from '../turns.js';

export interface Ingest {
  /** Records the items of one request, sent with these rights; resolves after they are on disk. */
  ingest(orgId: string, items: unknown[], rights: Rights): Promise<IngestAnswer>;
}

/** The rights of a request, and when it was received (epoch ms). */
interface Receipt {
  rights: Rights;
  receivedMs: number;
}

/** An item of a request body that could not be read: it is not JSON, or too large to be parsed. */
export class UnreadableItem {
  constructor(
    readonly reason: string,
    readonly code: Fault['code'] = 'invalid_json',
  ) {}
}

export interface IngestServices {
  database: Database;
  prices: PriceTable;
  maxDeadLetters: number;
  /** now, in epoch milliseconds */
  clock: () => number;
  /** called with the outcomes of each request's events once they are on disk */
  onRecorded?: (counts: OutcomeCount[]) => void;
  /** called once an organization's data changed, after the commit */
  onChanged?: (orgId: string) => void;
}

export function createIngest({
  database,
  prices,
  maxDeadLetters,
  clock,
  onRecorded,
  onChanged,
}: IngestServices): Ingest {
  const queue = new IngestQueue((orgId, sent) =>
    database.inOrganization(orgId, (tx) => record(tx, sent, { prices, maxDeadLetters }), { prepared: true }),
  );
  const statistics = new Statistics(database);
  const refreshes = new Refreshes(database);
  return {
    async ingest(orgId, items, rights) {
      if (items.length === 0) return { accepted: 0, duplicates: 0, rejected: [] };
      const sent = await allToSent(items, { rights, receivedMs: clock() });
      const outcomes = await queue.add(orgId, sent);
      onRecorded?.(countOutcomes(sent, outcomes));
      const answered = answer(sent, outcomes);
      statistics.note(orgId, answered.accepted);
      if (answered.accepted > 0) {
        refreshes.note(orgId, answered.accepted);
        onChanged?.(orgId);
      }
      return answered;
    },
  };
}

/** Yields to other requests while a large one is read, above all to those that wait for the database. */
async function allToSent(items: unknown[], { rights, receivedMs }: Receipt): Promise<Sent[]> {
  const sent: Sent[] = [];
  const turn = new Turn();
  for (const item of items) {
    if (turn.isOver) await turn.next();
    const parsed = parsedOf(item, { rights, receivedMs });
    // parsing and copying an event of 1 MiB take a turn each
    if (turn.isOver) await turn.next();
    sent.push(sentOf(item, parsed, rights));
  }
  return sent;
}

export function toSent(item: unknown, { rights, receivedMs }: Receipt): Sent {
  return sentOf(item, parsedOf(item, { rights, receivedMs }), rights);
}

/** Whoever may say who somebody is may also bring a log of another service along (`runboard org export`). */
function parsedOf(item: unknown, { rights, receivedMs }: Receipt): Parsed {
  const reception = { receivedMs, believesEarlier: rights.includes('directory') };
  if (!(item instanceof UnreadableItem)) return parseEvent(item, reception);
  return { fault: { code: item.code, path: '', message: item.reason } };
}

function sentOf(item: unknown, said: Parsed, rights: Rights): Sent {
  const isRead = !(item instanceof UnreadableItem);
  const parsed = permitted(said, rights);
  return {
    item: isRead ? item : null,
    rights,
    parsed,
    logged: parsed.event ? toLogged(parsed.event, WITHOUT_ALL) : null,
  };
}

function answer(sent: Sent[], outcomes: Outcome[]): IngestAnswer {
  const result: IngestAnswer = { accepted: 0, duplicates: 0, rejected: [] };
  outcomes.forEach((outcome, index) => {
    if (outcome === 'accepted') result.accepted += 1;
    else if (outcome === 'duplicate') result.duplicates += 1;
    else result.rejected.push({ index, id: idOf(sent[index]!.item), ...outcome });
  });
  return result;
}

function idOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : null;
  return typeof id === 'string' ? id.slice(0, 200).toWellFormed() : null;
}

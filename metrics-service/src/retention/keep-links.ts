import { randomUUID } from 'node:crypto';
import type { Transaction } from '../db/database.js';
import { intersect } from '../entities/field-sets.js';
import { entities } from '../entities/index.js';
import { toSent } from '../ingest/index.js';
import { record } from '../ingest/record.js';
import { DIRECTORY } from '../ingest/rights.js';
import type { Stamps } from '../ingest/stamps.js';
import { loadPrices } from '../pricing/index.js';

const { branch: BRANCH } = entities.session.fieldSets;

/**
 * Writes down, as events, the links to work items that sessions have by their branch alone, before the branch is erased: they
 * are of the moment at which the branch was said. `names` are entities as the log calls them.
 */
export async function keepBranchLinks(tx: Transaction, names: readonly string[]): Promise<void> {
  const ids = names.filter((name) => name.startsWith('session:')).map((name) => name.slice('session:'.length));
  const { rows } = await tx.query<{ session_id: string; branch_work_item_id: string; stamps: Stamps }>(
    `
    select session_id, branch_work_item_id, stamps
    from sessions
    where org_id = $1
      and session_id = any($2::text[])
      and branch_work_item_id is not null`,
    [tx.orgId, ids],
  );
  if (rows.length === 0) return;
  const events = rows.map(({ session_id: sessionId, branch_work_item_id: workItemId, stamps }) => {
    const at = new Date(stamps.find(([, , , fields]) => intersect(fields, BRANCH!))![0]).toISOString();
    return {
      ...{ specversion: '1.0', source: 'runboard', id: randomUUID(), type: 'session.linked', time: at },
      data: { sessionId, workItemId, at, by: 'pattern' },
    };
  });
  const sent = events.map((event) => toSent(event, { rights: DIRECTORY, receivedMs: Infinity }));
  await record(tx, sent, { prices: loadPrices(), maxDeadLetters: null });
}

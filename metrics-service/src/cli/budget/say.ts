import { randomUUID } from 'node:crypto';
import { recordAuditEntry } from '../../access/audit.js';
import type { Database } from '../../db/database.js';
import { Failure } from '../../failure.js';
import { createIngest } from '../../ingest/index.js';
import { ADMIN } from '../../ingest/rights.js';
import { pricesFor } from '../prices.js';
import type { Surroundings } from '../surroundings.js';
import { auditedOf, type BudgetChange } from './difference.js';

const SOURCE = 'runboard:cli';
const EVENTS_AT_A_TIME = 1_000;
/** Of one entry of the audit log. */
const MOST_AUDITED = 100;

function moreOf(more: number): { more?: number } {
  return more > 0 ? { more } : {};
}

/** Sends the changes as ordinary events, with the rights of an administrator. */
export async function say(
  surroundings: Surroundings,
  database: Database,
  { orgId, changes }: { orgId: string; changes: readonly BudgetChange[] },
): Promise<void> {
  const { clock, actor, config } = surroundings;
  const prices = await pricesFor(surroundings, database, orgId);
  const ingest = createIngest({ database, prices, maxDeadLetters: config().maxDeadLetters, clock });
  const details = { budgets: changes.slice(0, MOST_AUDITED).map(auditedOf), ...moreOf(changes.length - MOST_AUDITED) };
  await recordAuditEntry(database, orgId, { actor, action: 'budgets changed', details });
  const events = changes.map(({ id, declared, latestMs }) => ({
    ...{ specversion: '1.0', id: randomUUID(), source: SOURCE },
    type: declared ? 'budget.set' : 'budget.deleted',
    time: new Date(Math.max(clock(), latestMs + 1)).toISOString(),
    data: declared ?? { budgetId: id },
  }));
  for (let from = 0; from < events.length; from += EVENTS_AT_A_TIME) {
    const { rejected } = await ingest.ingest(orgId, events.slice(from, from + EVENTS_AT_A_TIME), ADMIN);
    if (rejected[0]) throw new Failure(`${rejected[0].path} ${rejected[0].message}`);
  }
}

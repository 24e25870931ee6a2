import type pg from 'pg';
import { writeAuditEntry } from '../access/audit.js';
import type { Database, Transaction } from '../db/database.js';
import { forgetJobs } from '../db/job-queue.js';
import { tenantTables } from '../db/tenant-tables.js';
import { Failure } from '../failure.js';
import { lockIngest } from '../ingest/record.js';
import { analyzeTables } from '../ingest/statistics.js';

/** The table that the service cannot delete from. */
const AUDIT_LOG = 'audit_log';
/** Most rows deleted in one transaction. */
const BATCH = 10_000;

/** How many rows each table has of an organization, without the audit log; tables without any are left out. */
export async function countRows(database: Database, orgId: string): Promise<Record<string, number>> {
  return database.inOrganization(
    orgId,
    async (tx) => {
      await tx.query('set local statement_timeout to 0');
      const counts: Record<string, number> = {};
      for (const table of await tablesToEmpty(tx)) {
        const { rows } = await tx.query<{ count: string }>(`select count(*) from ${table} where org_id = $1`, [orgId]);
        if (rows[0]!.count !== '0') counts[table] = Number(rows[0]!.count);
      }
      return counts;
    },
    { readOnly: true },
  );
}

/**
 * Deletes an organization with everything that any table holds of it, batch by batch, and looks whether anything is
 * left. First go its settings, tokens and badges: from then on nobody gets in, and what is being sent is refused. One that was
 * interrupted is simply called again. Of its audit log, which only the tables' owner can delete, this deletion is what
 * stays. Answers how many rows went, by table.
 * @throws Failure where something still writes to it
 */
export async function deleteOrganization(
  database: Database,
  orgId: string,
  { owner, actor, onProgress = () => {} }: { owner: pg.Client; actor: string; onProgress?: (rows: number) => void },
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let done = 0;
  const note = (table: string, rows: number): void => {
    if (rows > 0) counts[table] = (counts[table] ?? 0) + rows;
    onProgress((done += rows));
  };
  const tables = await database.inOrganization(orgId, async (tx) => {
    await lockIngest(tx);
    writeAuditEntry(tx, { actor, action: 'organization deleted' });
    for (const table of ['organizations', 'tokens', 'badges']) {
      note(table, (await tx.query(`delete from ${table} where org_id = $1`, [orgId])).rowCount);
    }
    await forgetJobs(tx);
    return tablesToEmpty(tx);
  });
  for (const table of tables) {
    for (let rows = BATCH; rows === BATCH; note(table, rows)) {
      rows = await database.inOrganization(orgId, (tx) => deleteBatch(tx, table));
    }
  }
  note(AUDIT_LOG, await forgetAudit(owner, orgId));
  // PostgreSQL's statistics quote values
  await analyzeTables(database);
  const left = Object.keys(await countRows(database, orgId));
  if (left.length > 0) {
    throw new Failure(`something still writes to ${orgId} (${left.join(', ')}): end it, and delete ${orgId} again`);
  }
  return counts;
}

async function tablesToEmpty(tx: Transaction): Promise<string[]> {
  return (await tenantTables(tx)).filter((table) => table !== AUDIT_LOG);
}

async function forgetAudit(owner: pg.Client, orgId: string): Promise<number> {
  const { rowCount } = await owner.query(
    `
    delete from audit_log
    where org_id = $1
      and audit_id < (select max(audit_id) from audit_log where org_id = $1)`,
    [orgId],
  );
  return rowCount ?? 0;
}

async function deleteBatch(tx: Transaction, table: string): Promise<number> {
  await tx.query('set local statement_timeout to 0');
  const { rowCount } = await tx.query(
    `
    delete from ${table}
    where org_id = $1
      and ctid = any(array(select ctid from ${table} where org_id = $1 limit ${BATCH}))`,
    [tx.orgId],
  );
  return rowCount;
}

import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';

/** What each organization's audit log records: who did what, and when. */
export type Action =
  | 'organization created'
  | 'organization deleted'
  | 'settings changed'
  | 'token created'
  | 'token revoked'
  | 'badge created'
  | 'badge revoked'
  | 'exported'
  | 'backed up'
  | 'restored'
  | 'rebuilt'
  | 'pruned'
  | 'dead letters replayed'
  | 'user erased'
  | 'repository renamed'
  | 'users imported'
  | 'aliases set'
  | 'sessions linked'
  | 'budgets changed';

export interface AuditEntry {
  at: Date;
  /** for a command the OS user, `ann@laptop`; for a request its token, `token 1f2e3d4c5b6a (grafana)` */
  actor: string;
  action: Action;
  /** no personal data but a caller's address, no secrets */
  details: Record<string, unknown>;
}

const INSERT = `
  insert into audit_log (org_id, actor, action, details)
  values ($1, $2, $3, $4)`;

/** Queues an entry in the transaction of the change it records; does nothing without an actor. */
export function writeAuditEntry(
  tx: Transaction,
  { actor, action, details = {} }: { actor: string | undefined; action: Action; details?: Record<string, unknown> },
): void {
  if (actor !== undefined) tx.write(INSERT, [tx.orgId, actor, action, JSON.stringify(details)]);
}

/** Writes an entry before an action that takes several transactions or none. */
export async function recordAuditEntry(
  database: Database,
  orgId: string,
  entry: Omit<AuditEntry, 'at'>,
): Promise<void> {
  await database.inOrganization(orgId, async (tx) => writeAuditEntry(tx, entry));
}

export function tokenActor({ tokenId, name }: { tokenId: string; name: string }): string {
  return `token ${tokenId} (${name})`;
}

/** All entries since that instant, the oldest first, in batches from one snapshot. */
export async function eachAudit(
  database: Database,
  orgId: string,
  since: Date,
  work: (entries: AuditEntry[]) => Promise<void>,
): Promise<void> {
  const sql = `
    select at, actor, action, details
    from audit_log
    where org_id = $1
      and at >= $2::timestamptz
    order by audit_id`;
  await database.inOrganization(
    orgId,
    async (tx) => {
      const batches = readAll<AuditEntry & Record<string, unknown>>(tx, { sql, values: [orgId, since.toISOString()] });
      for await (const entries of batches) await work(entries);
    },
    { readOnly: true },
  );
}

/** The entries since that instant, newest first. */
export async function listAudit(
  database: Database,
  orgId: string,
  { since, limit }: { since: Date; limit: number },
): Promise<AuditEntry[]> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<AuditEntry>(
        `
        select at, actor, action, details
        from audit_log
        where org_id = $1
          and at >= $2::timestamptz
        order by audit_id desc
        limit $3`,
        [orgId, since.toISOString(), limit],
      ),
    { readOnly: true },
  );
  return rows;
}

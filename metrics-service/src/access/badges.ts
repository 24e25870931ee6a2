import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/database.js';
import { writeAuditEntry } from './audit.js';
import { tokenHash } from './tokens.js';

/** What a badge's token opens: what one work item of its organization cost, and nothing else. */
export interface Badge {
  orgId: string;
  badgeId: string;
  workItemId: string;
}

export interface BadgeRow extends Badge {
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const PREFIX = 'rbb_';
const RANDOM_BYTES = 20;
const TOKEN = /^rbb_[A-Za-z0-9_-]{27}$/;

/** Makes the token of a badge. Its text is returned once and never stored, only its SHA-256 hash. */
export async function createBadge(
  database: Database,
  orgId: string,
  { workItemId, expiresAt = null, actor }: { workItemId: string; expiresAt?: Date | null; actor?: string },
): Promise<{ token: string; badgeId: string }> {
  const token = PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');
  const badgeId = randomBytes(6).toString('hex');
  await database.inOrganization(orgId, async (tx) => {
    await tx.query(
      `
      insert into badges (org_id, badge_id, hash, work_item_id, expires_at)
      values ($1, $2, $3, $4, $5)`,
      [orgId, badgeId, tokenHash(token), workItemId, expiresAt],
    );
    writeAuditEntry(tx, { actor, action: 'badge created', details: { id: badgeId, expiresAt } });
  });
  return { token, badgeId };
}

/** The organization's badges, newest first, without their tokens; of one work item, if it is named. */
export async function listBadges(database: Database, orgId: string, workItemId: string | null): Promise<BadgeRow[]> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<BadgeRow>(
        `
        select
          org_id as "orgId",
          badge_id as "badgeId",
          work_item_id as "workItemId",
          created_at as "createdAt",
          expires_at as "expiresAt",
          revoked_at as "revokedAt"
        from badges
        where org_id = $1
          and ($2::text is null or work_item_id = $2::text)
        order by created_at desc, badge_id`,
        [orgId, workItemId],
      ),
    { readOnly: true },
  );
  return rows;
}

/** Revokes a badge; answers whether it was valid. */
export async function revokeBadge(
  database: Database,
  orgId: string,
  { badgeId, actor }: { badgeId: string; actor?: string },
): Promise<boolean> {
  const { rowCount } = await database.inOrganization(orgId, async (tx) => {
    const revoked = await tx.query(
      `
      update badges
      set revoked_at = now()
      where org_id = $1
        and badge_id = $2
        and revoked_at is null`,
      [orgId, badgeId],
    );
    if (revoked.rowCount > 0) writeAuditEntry(tx, { actor, action: 'badge revoked', details: { id: badgeId } });
    return revoked;
  });
  return rowCount > 0;
}

interface StoredBadge {
  org_id: string;
  badge_id: string;
  hash: Buffer;
  work_item_id: string;
  expires_at: Date | null;
  revoked_at: Date | null;
}

/** The badge of a token; null if it is unknown, expired or revoked. */
export async function findBadge(database: Database, token: string, nowMs: number): Promise<Badge | null> {
  if (!TOKEN.test(token)) return null;
  const hash = tokenHash(token);
  const { rows } = await database.query<Record<string, unknown> & StoredBadge>(`select * from find_badge($1)`, [hash]);
  const [row] = rows;
  if (!row || !timingSafeEqual(row.hash, hash)) return null;
  if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at.getTime() <= nowMs)) return null;
  return { orgId: row.org_id, badgeId: row.badge_id, workItemId: row.work_item_id };
}

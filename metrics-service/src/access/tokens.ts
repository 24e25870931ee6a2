import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenScope } from '../contract/access.js';
import type { Database } from '../db/database.js';
import { writeAuditEntry } from './audit.js';
import { noteViewers } from './organizations.js';

/** The caller: a valid token, which gives access to its own organization only. */
export interface TokenIdentity {
  orgId: string;
  tokenId: string;
  name: string;
  scopes: TokenScope[];
}

export interface TokenRow extends TokenIdentity {
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

const PREFIX = 'rb_';
const TOKEN = /^rb_[A-Za-z0-9_-]{32,200}$/;
/** `last_used_at` is a hint, not a log: it is written at most this often. */
const LAST_USED_PRECISION_MS = 60_000;

/** The hash a token is stored as. A token is 256 random bits, so it cannot be recovered from the hash. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Creates a token. Its text is returned once and never stored, only its SHA-256 hash. */
export async function createToken(
  database: Database,
  orgId: string,
  {
    name,
    scopes,
    expiresAt = null,
    actor,
  }: { name: string; scopes: TokenScope[]; expiresAt?: Date | null; actor?: string },
): Promise<{ token: string; tokenId: string }> {
  const token = PREFIX + randomBytes(32).toString('base64url');
  const tokenId = randomBytes(6).toString('hex');
  await database.inOrganization(orgId, async (tx) => {
    await tx.query(
      `
      insert into tokens (org_id, token_id, hash, name, scopes, expires_at)
      values ($1, $2, $3, $4, $5, $6)`,
      [orgId, tokenId, tokenHash(token), name, scopes, expiresAt],
    );
    writeAuditEntry(tx, { actor, action: 'token created', details: { id: tokenId, name, scopes, expiresAt } });
  });
  return { token, tokenId };
}

/** The organization's tokens, newest first, without their texts. */
export async function listTokens(database: Database, orgId: string): Promise<TokenRow[]> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<TokenRow>(
        `
        select
          org_id as "orgId",
          token_id as "tokenId",
          name,
          scopes,
          created_at as "createdAt",
          expires_at as "expiresAt",
          revoked_at as "revokedAt",
          last_used_at as "lastUsedAt"
        from tokens
        where org_id = $1
        order by created_at desc, token_id`,
        [orgId],
      ),
    { readOnly: true },
  );
  return rows;
}

/** Revokes one token by its id, or all tokens of a name; returns how many were active. */
export async function revokeToken(
  database: Database,
  orgId: string,
  by: { tokenId: string } | { name: string },
  actor?: string,
): Promise<number> {
  const { rowCount } = await database.inOrganization(orgId, async (tx) => {
    const revoked = await tx.query<{ id: string; name: string }>(
      `
      update tokens
      set revoked_at = now()
      where org_id = $1
        and revoked_at is null
        and (token_id = $2 or name = $3)
      returning token_id as id, name`,
      [orgId, 'tokenId' in by ? by.tokenId : null, 'name' in by ? by.name : null],
    );
    if (revoked.rowCount > 0) noteViewers(tx);
    for (const details of revoked.rows) writeAuditEntry(tx, { actor, action: 'token revoked', details });
    return revoked;
  });
  return rowCount;
}

/** Deletes a token without a trace, for tokens that were created for a moment. */
export async function deleteToken(database: Database, orgId: string, tokenId: string): Promise<void> {
  await database.inOrganization(orgId, (tx) =>
    tx.query(
      `
      delete from tokens
      where org_id = $1
        and token_id = $2`,
      [orgId, tokenId],
    ),
  );
}

/** Deletes the revoked and expired tokens of a name. */
export async function deleteTokensPast(
  database: Database,
  orgId: string,
  { name, nowMs }: { name: string; nowMs: number },
): Promise<void> {
  await database.inOrganization(orgId, (tx) =>
    tx.query(
      `
      delete from tokens
      where org_id = $1
        and name = $2
        and (revoked_at is not null or expires_at <= $3::timestamptz)`,
      [orgId, name, new Date(nowMs).toISOString()],
    ),
  );
}

interface StoredToken {
  org_id: string;
  token_id: string;
  hash: Buffer;
  name: string;
  scopes: TokenScope[];
  expires_at: Date | null;
  revoked_at: Date | null;
}

/** The identity behind a bearer token; null if it is unknown, expired or revoked. */
export async function authenticate(database: Database, token: string, nowMs: number): Promise<TokenIdentity | null> {
  if (!TOKEN.test(token)) return null;
  const hash = tokenHash(token);
  const { rows } = await database.query<StoredToken>(`select * from find_token($1)`, [hash]);
  const [row] = rows;
  if (!row || !timingSafeEqual(row.hash, hash)) return null;
  if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at.getTime() <= nowMs)) return null;
  return { orgId: row.org_id, tokenId: row.token_id, name: row.name, scopes: row.scopes };
}

/** Remembers when tokens were last used, at most once a minute each. */
export class LastUsed {
  readonly #written = new Map<string, number>();

  constructor(private readonly database: Database) {}

  async note({ orgId, tokenId }: TokenIdentity, nowMs: number): Promise<void> {
    const key = `${orgId} ${tokenId}`;
    if (nowMs - (this.#written.get(key) ?? 0) < LAST_USED_PRECISION_MS) return;
    this.#written.set(key, nowMs);
    await this.database.inOrganization(orgId, (tx) =>
      tx.query(
        `
        update tokens
        set last_used_at = greatest(last_used_at, $3::timestamptz)
        where org_id = $1
          and token_id = $2`,
        [orgId, tokenId, new Date(nowMs).toISOString()],
      ),
    );
  }
}

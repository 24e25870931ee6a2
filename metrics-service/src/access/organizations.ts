import type { Database } from '../db/database.js';

export const MEMBER_VISIBILITIES = ['organization', 'team', 'self'] as const;

export interface OrganizationSettings {
  name: string;
  memberVisibility: (typeof MEMBER_VISIBILITIES)[number];
  /** how long after a handoff a run still counts as its continuation */
  postHandoffMs: number;
  storeText: boolean;
  /** IANA name */
  timezone: string;
}

export interface Organization extends OrganizationSettings {
  orgId: string;
}

export const ORGANIZATION_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Makes an organization; answers false if there is one of that id already. */
export async function createOrganization(
  database: Database,
  orgId: string,
  settings: Partial<OrganizationSettings> = {},
): Promise<boolean> {
  const {
    name = orgId,
    memberVisibility = 'team',
    postHandoffMs = 86_400_000,
    storeText = false,
    timezone = 'UTC',
  } = settings;
  const { rowCount } = await database.inOrganization(orgId, async (tx) => {
    const created = await tx.query(
      `
      insert into organizations (org_id, name, member_visibility, post_handoff_ms, store_text, timezone)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (org_id) do nothing`,
      [orgId, name, memberVisibility, postHandoffMs, storeText, timezone],
    );
    await tx.query(`insert into ingest_state (org_id) values ($1) on conflict (org_id) do nothing`, [orgId]);
    return created;
  });
  return rowCount === 1;
}

/** An organization's settings; null if there is none of that id. */
export async function findOrganization(database: Database, orgId: string): Promise<Organization | null> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<Omit<Organization, 'postHandoffMs'> & { postHandoffMs: string }>(
        `
        select
          org_id as "orgId",
          name,
          member_visibility as "memberVisibility",
          post_handoff_ms as "postHandoffMs",
          store_text as "storeText",
          timezone
        from organizations
        where org_id = $1`,
        [orgId],
      ),
    { readOnly: true },
  );
  const [row] = rows;
  return row ? { ...row, postHandoffMs: Number(row.postHandoffMs) } : null;
}

/** All organizations of this database, by id. */
export async function listOrganizations(
  database: Database,
): Promise<{ orgId: string; name: string; createdAt: Date }[]> {
  const { rows } = await database.query<{ orgId: string; name: string; createdAt: Date }>(
    `select org_id as "orgId", name, created_at as "createdAt" from list_organizations()`,
  );
  return rows;
}

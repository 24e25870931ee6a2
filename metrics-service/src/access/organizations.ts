import type { Database, Transaction } from '../db/database.js';
import { requestJob } from '../db/job-queue.js';
import { writeAuditEntry } from './audit.js';

export const MEMBER_VISIBILITIES = ['organization', 'team', 'self'] as const;
export const ALERT_VISIBILITIES = ['organization', 'totals', 'nothing'] as const;
export const PUBLIC_VISIBILITIES = ['totals', 'nothing'] as const;

export interface OrganizationSettings {
  name: string;
  /** whose sessions and runs a member sees */
  memberVisibility: (typeof MEMBER_VISIBILITIES)[number];
  /** what alert rules and service accounts see; `totals`: numbers of no single user or session */
  alertVisibility: (typeof ALERT_VISIBILITIES)[number];
  /** what public boards and anonymous viewers see; `totals`: the same, and only about five people or more */
  publicVisibility: (typeof PUBLIC_VISIBILITIES)[number];
  /** how long after a handoff a run still counts as its continuation */
  postHandoffMs: number;
  /** how long a session of telemetry is silent before its last run counts as ended */
  telemetrySettleMs: number;
  /** how long a run in flight is not heard of before it counts as stuck */
  stuckAfterMs: number;
  storeText: boolean;
  /** whether the paths of files are kept; else only their depth and extension */
  storePaths: boolean;
  /** finds the work item in a session's branch, in RE2 syntax: its first group, else the whole match; null: none is */
  workItemPattern: string | null;
  /** IANA name */
  timezone: string;
}

export interface Organization extends OrganizationSettings {
  orgId: string;
}

/** The job that derives the ends of runs again, after how long they take to settle changed. */
export const DERIVE_ENDS_JOB = 'derive_ends';

/** The job that links sessions by their branches again, after the pattern changed. */
export const LINK_BRANCHES_JOB = 'link_branches';

export const ORGANIZATION_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Creates an organization; returns false if the id is taken. */
export async function createOrganization(
  database: Database,
  orgId: string,
  settings: Partial<OrganizationSettings> = {},
  actor?: string,
): Promise<boolean> {
  const {
    name = orgId,
    memberVisibility = 'team',
    alertVisibility = 'totals',
    publicVisibility = 'nothing',
    postHandoffMs = 86_400_000,
    telemetrySettleMs = 7_200_000,
    stuckAfterMs = 600_000,
    storeText = false,
    storePaths = false,
    workItemPattern = null,
    timezone = 'UTC',
  } = settings;
  const { rowCount } = await database.inOrganization(orgId, async (tx) => {
    const created = await tx.query(
      `
      insert into organizations
        (org_id, name, member_visibility, alert_visibility, public_visibility, post_handoff_ms, store_text, timezone, telemetry_settle_ms,
          work_item_pattern, store_paths, stuck_after_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12)
      on conflict (org_id) do nothing`,
      [
        ...[orgId, name, memberVisibility, alertVisibility, publicVisibility, postHandoffMs, storeText, timezone],
        telemetrySettleMs,
        workItemPattern,
        storePaths,
        stuckAfterMs,
      ],
    );
    // never a version that a deleted organization of this id had: cached answers are keyed by it
    await tx.query(
      `
      insert into ingest_state (org_id, data_version)
      values ($1, 1000 * extract(epoch from clock_timestamp()))
      on conflict (org_id) do nothing`,
      [orgId],
    );
    if (created.rowCount === 1) writeAuditEntry(tx, { actor, action: 'organization created' });
    return created;
  });
  return rowCount === 1;
}

/** Notes that users or settings changed, and so who may see what: open streams look anew. */
export function noteViewers(tx: Transaction): void {
  tx.write(
    `
    update ingest_state
    set viewers_version = viewers_version + 1
    where org_id = $1`,
    [tx.orgId],
  );
}

/** Changes the named settings of an organization; returns false if it does not exist. */
export async function updateOrganization(
  database: Database,
  orgId: string,
  changes: Partial<OrganizationSettings>,
  actor?: string,
): Promise<boolean> {
  const { name, memberVisibility, alertVisibility, publicVisibility, postHandoffMs, storeText, timezone } = changes;
  const { telemetrySettleMs, workItemPattern, storePaths, stuckAfterMs } = changes;
  const { rowCount } = await database.inOrganization(orgId, async (tx) => {
    const updated = await tx.query(
      `
      update organizations
      set
        name = coalesce($2::text, name),
        member_visibility = coalesce($3::text, member_visibility),
        alert_visibility = coalesce($4::text, alert_visibility),
        public_visibility = coalesce($5::text, public_visibility),
        post_handoff_ms = coalesce($6::bigint, post_handoff_ms),
        store_text = coalesce($7::boolean, store_text),
        timezone = coalesce($8::text, timezone),
        telemetry_settle_ms = coalesce($9::bigint, telemetry_settle_ms),
        work_item_pattern = nullif(coalesce($10::text, work_item_pattern), ''),
        store_paths = coalesce($11::boolean, store_paths),
        stuck_after_ms = coalesce($12::bigint, stuck_after_ms)
      where org_id = $1`,
      [
        ...[orgId, name, memberVisibility, alertVisibility, publicVisibility, postHandoffMs, storeText, timezone],
        telemetrySettleMs,
        workItemPattern,
        storePaths,
        stuckAfterMs,
      ],
    );
    if (updated.rowCount === 1 && workItemPattern !== undefined) await requestJob(tx, LINK_BRANCHES_JOB);
    if (updated.rowCount === 1 && telemetrySettleMs !== undefined) await requestJob(tx, DERIVE_ENDS_JOB);
    if (updated.rowCount === 1) noteViewers(tx);
    if (updated.rowCount === 1) writeAuditEntry(tx, { actor, action: 'settings changed', details: changes });
    return updated;
  });
  return rowCount === 1;
}

/** An organization's settings; null if there is none of that id. */
export async function findOrganization(database: Database, orgId: string): Promise<Organization | null> {
  return database.inOrganization(orgId, readOrganization, { readOnly: true });
}

/** bigint, which comes from pg as text */
const MILLISECONDS = ['postHandoffMs', 'telemetrySettleMs', 'stuckAfterMs'] as const;
type Milliseconds = (typeof MILLISECONDS)[number];

/** The settings of the transaction's organization; null if there is none. */
export async function readOrganization(tx: Transaction): Promise<Organization | null> {
  const { rows } = await tx.query<Omit<Organization, Milliseconds> & Record<Milliseconds, string>>(
    `
    select
      org_id as "orgId",
      name,
      member_visibility as "memberVisibility",
      alert_visibility as "alertVisibility",
      public_visibility as "publicVisibility",
      post_handoff_ms as "postHandoffMs",
      telemetry_settle_ms as "telemetrySettleMs",
      stuck_after_ms as "stuckAfterMs",
      store_text as "storeText",
      store_paths as "storePaths",
      work_item_pattern as "workItemPattern",
      timezone
    from organizations
    where org_id = $1`,
    [tx.orgId],
  );
  const [row] = rows;
  if (!row) return null;
  const numbers = MILLISECONDS.map((name) => [name, Number(row[name])]);
  return { ...row, ...(Object.fromEntries(numbers) as Record<Milliseconds, number>) };
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

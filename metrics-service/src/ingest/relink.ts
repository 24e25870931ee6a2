import type { Database, Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { linksBy, statesWorkItem, workItemPattern } from './branch-links.js';
import { lockIngest } from './record.js';
import type { Stamps } from './stamps.js';

const PAGE = 2_000;

/**
 * Derives anew which work items the branches of an organization's sessions name, after its pattern changed: pages of sessions,
 * each in a short transaction. It may be interrupted and started again. Returns how many sessions changed.
 */
export async function relinkBranches(database: Database, orgId: string, signal?: AbortSignal): Promise<number> {
  let changed = 0;
  for (let after: string | null = ''; after !== null;) {
    signal?.throwIfAborted();
    const from: string = after;
    after = await database.inOrganization(orgId, async (tx) => {
      await lockIngest(tx);
      const pattern = await workItemPattern(tx);
      const page = await relinkPage(tx, pattern, from);
      changed += page.changed;
      if (page.last === null) await noteLinkedBy(tx, pattern);
      return page.last;
    });
  }
  return changed;
}

interface FoundSession {
  readonly session_id: string;
  readonly branch: string | null;
  readonly branch_work_item_id: string | null;
  readonly stamps: Stamps;
}

async function relinkPage(
  tx: Transaction,
  pattern: string | null,
  after: string,
): Promise<{ changed: number; last: string | null }> {
  const { rows } = await tx.query<FoundSession & Record<string, unknown>>(
    `
    select session_id, branch, branch_work_item_id, stamps
    from sessions
    where org_id = $1
      and session_id > $2
      and (branch is not null or branch_work_item_id is not null)
    order by session_id
    limit ${PAGE}`,
    [tx.orgId, after],
  );
  const unlinked = rows.filter((row) => row.branch !== null && !statesWorkItem(row));
  const links =
    pattern === null
      ? new Map<string, string>()
      : await linksBy(
          pattern,
          unlinked.map(({ session_id: id, branch }) => ({ id, values: { branch } })),
        );
  const stale = rows.filter((row) => row.branch_work_item_id !== (links.get(row.session_id) ?? null));
  if (stale.length > 0) {
    await tx.query(
      `
      update sessions
      set branch_work_item_id = derived.work_item_id
      from unnest($2::text[], $3::text[]) as derived (session_id, work_item_id)
      where sessions.org_id = $1
        and sessions.session_id = derived.session_id`,
      [
        tx.orgId,
        textArray(stale.map((row) => row.session_id)),
        textArray(stale.map((row) => links.get(row.session_id) ?? null)),
      ],
    );
  }
  return { changed: stale.length, last: rows.length < PAGE ? null : rows.at(-1)!.session_id };
}

async function noteLinkedBy(tx: Transaction, pattern: string | null): Promise<void> {
  await tx.query(`update ingest_state set linked_by_pattern = $2 where org_id = $1`, [tx.orgId, pattern]);
}

/** The organizations whose branches are linked by another pattern than they have now. */
export async function organizationsToLink(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ org_id: string }>(`select org_id from list_organizations_to_link()`);
  return rows.map(({ org_id }) => org_id);
}

/** What a pattern would find in the sessions of the last 30 days that nobody linked: how many of how many, and which. */
export async function previewPattern(
  database: Database,
  orgId: string,
  { pattern, now }: { pattern: string; now: number },
): Promise<{ sessions: number; linked: number; examples: { branch: string; workItem: string | null }[] }> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<{ session_id: string; branch: string; stamps: Stamps }>(
        `
        select session_id, branch, stamps
        from sessions
        where org_id = $1
          and branch is not null
          and not hidden
          and exists (
            select
            from runs
            where runs.org_id = $1
              and runs.session_id = sessions.session_id
              and runs.started_at >= $2::timestamptz
          )
        order by created_at desc nulls last, session_id
        limit 100000`,
        [orgId, new Date(now - 30 * 86_400_000).toISOString()],
      ),
    { readOnly: true },
  );
  const unlinked = rows.filter((row) => !statesWorkItem(row));
  const links =
    pattern === ''
      ? new Map<string, string>()
      : await linksBy(
          pattern,
          unlinked.map(({ session_id: id, branch }) => ({ id, values: { branch } })),
        );
  const found = new Map(unlinked.map(({ session_id: id, branch }) => [branch, links.get(id) ?? null]));
  const examples = [...found].map(([branch, workItem]) => ({ branch, workItem }));
  return { sessions: unlinked.length, linked: links.size, examples };
}

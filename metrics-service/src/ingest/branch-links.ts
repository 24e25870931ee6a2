import { workItemIn } from '../contract/work-item-pattern.js';
import type { Transaction } from '../db/database.js';
import { intersect } from '../entities/field-sets.js';
import { entities } from '../entities/index.js';
import { Turn } from '../turns.js';
import type { EntityRow } from './merge.js';

const { work_item_id: LINK } = entities.session.fieldSets;

/** Whether somebody stated the session's work item, or that it has none. */
export function statesWorkItem({ stamps }: Pick<EntityRow, 'stamps'>): boolean {
  return stamps.some(([, , , fields]) => intersect(fields, LINK!));
}

/**
 * The work items that the branches of these sessions name by the organization's pattern, by session, where nobody stated
 * one. A function of the sessions and the pattern.
 */
export async function branchLinks(tx: Transaction, sessions: readonly EntityRow[]): Promise<Map<string, string>> {
  const unlinked = sessions.filter((session) => session.values.branch !== null && !statesWorkItem(session));
  if (unlinked.length === 0) return new Map();
  const pattern = await workItemPattern(tx);
  return pattern === null ? new Map() : linksBy(pattern, unlinked);
}

/** The organization's pattern; null without one. */
export async function workItemPattern(tx: Transaction): Promise<string | null> {
  const { rows } = await tx.query<{ work_item_pattern: string | null }>(
    `select work_item_pattern from organizations where org_id = $1`,
    [tx.orgId],
  );
  return rows[0]?.work_item_pattern ?? null;
}

/** What the pattern finds in the branches of sessions. */
export async function linksBy(
  pattern: string,
  sessions: readonly Pick<EntityRow, 'id' | 'values'>[],
): Promise<Map<string, string>> {
  const find = workItemIn(pattern);
  const links = new Map<string, string>();
  const turn = new Turn();
  for (const { id, values } of sessions) {
    if (turn.isOver) await turn.next();
    const found = find(values.branch as string);
    if (found !== null) links.set(id, found);
  }
  return links;
}

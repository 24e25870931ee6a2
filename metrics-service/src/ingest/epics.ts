import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { compareUtf8 } from '../text-order.js';

/** How far up a work item's epic is looked for. */
const MOST_STEPS = 10;

/**
 * The topmost parent of a work item, at most 10 steps up; null without a parent. Of a circle the smallest id. Pure.
 */
export function epicOf(id: string, parentOf: ReadonlyMap<string, string | null>): string | null {
  const path = [id];
  for (let parent = parentOf.get(id); parent != null && path.length <= MOST_STEPS; parent = parentOf.get(parent)) {
    const start = path.indexOf(parent);
    if (start >= 0) return path.slice(start).sort(compareUtf8)[0]!;
    path.push(parent);
  }
  return path.length > 1 ? path.at(-1)! : null;
}

/** Derives the epics of these work items, whose parent changed or which are gone, and of all below them. */
export async function deriveEpics(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await tx.query<{ id: string; parent: string | null; epic: string | null; is_below: boolean }>(
    `
    with recursive below as (
      select id collate "C" as id, 0 as steps
      from unnest($2::text[]) as changed (id)
      union
      select child.work_item_id, below.steps + 1
      from below
      join work_items child
        on child.org_id = $1
        and child.parent_id = below.id
      where below.steps < ${MOST_STEPS}
    ), above as (
      select id, 0 as steps
      from below
      union
      select item.parent_id, above.steps + 1
      from above
      join work_items item
        on item.org_id = $1
        and item.work_item_id = above.id
      where item.parent_id is not null
        and above.steps < ${MOST_STEPS}
    )
    select
      work_item_id as id,
      parent_id as parent,
      epic_id as epic,
      work_item_id in (select id from below) as is_below
    from work_items
    where org_id = $1
      and work_item_id in (select id from above)`,
    [tx.orgId, ids],
  );
  const parentOf = new Map(rows.map(({ id, parent }) => [id, parent]));
  const epics = rows
    .filter(({ is_below }) => is_below)
    .map(({ id, epic }) => ({ id, epic, now: epicOf(id, parentOf) }));
  const changed = epics.filter(({ epic, now }) => epic !== now);
  if (changed.length === 0) return;
  tx.write(
    `
    update work_items
    set epic_id = derived.epic_id
    from unnest($2::text[], $3::text[]) as derived (id, epic_id)
    where work_items.org_id = $1
      and work_items.work_item_id = derived.id`,
    [tx.orgId, textArray(changed.map(({ id }) => id)), textArray(changed.map(({ now }) => now))],
  );
}

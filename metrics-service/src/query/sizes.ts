import type { Database, Transaction } from '../db/database.js';

/**
 * How many runs make an organization large. Below, the best plan for a question hardly depends on its window and filters,
 * and finding one takes longer than running it; above, it is planned for its values each time.
 */
const LARGE_RUNS = 50_000;
/** How long it is taken for granted. */
const KNOWN_FOR_MS = 600_000;
const MOST_KNOWN = 10_000;

interface Size {
  readonly isLarge: boolean;
  /** as of performance.now() */
  readonly until: number;
}

const SIZES = new WeakMap<Database, Map<string, Size>>();

/** Whether the organization of the transaction is large, as of the last ten minutes. */
export async function isLarge(database: Database, tx: Transaction): Promise<boolean> {
  let sizes = SIZES.get(database);
  if (!sizes) SIZES.set(database, (sizes = new Map<string, Size>()));
  const known = sizes.get(tx.orgId);
  if (known && performance.now() < known.until) return known.isLarge;
  const { rows } = await tx.query<{ runs: string }>(
    `
    select count(*) as runs
    from (
      select
      from runs
      where org_id = $1
      limit $2
    ) as first_ones`,
    [tx.orgId, LARGE_RUNS],
  );
  const found = Number(rows[0]?.runs ?? 0) >= LARGE_RUNS;
  if (sizes.size >= MOST_KNOWN) sizes.clear();
  sizes.set(tx.orgId, { isLarge: found, until: performance.now() + KNOWN_FOR_MS });
  return found;
}

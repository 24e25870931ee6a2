import { JOIN_TOOK } from '../catalogue/tool-call-times.js';
import type { Transaction } from '../db/database.js';

/** How long these runs waited by their tool calls, in ms, by run: waits that overlap count once. Not those without a known one. */
export async function toolCallWaits(tx: Transaction, runIds: readonly string[]): Promise<Map<string, number>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await tx.query<{ run_id: string; await_ms: string }>(WAITS, [tx.orgId, runIds]);
  return new Map(rows.map((row) => [row.run_id, Number(row.await_ms)]));
}

const WAITS = `
    select
      wanted.run_id,
      (select coalesce(sum(upper(span) - lower(span)), 0) from unnest(known.spans) as span) as await_ms
    from unnest($2::text[]) as wanted (run_id)
    cross join lateral (
      select range_agg(int8range(began.ms, began.ms + took.waited)) as spans
      from tool_calls t
      ${JOIN_TOOK}
      cross join lateral (
        select coalesce(
          extract(epoch from coalesce(t.await_started_at, t.started_at)) * 1000,
          extract(epoch from t.completed_at) * 1000 - took.waited
        )::bigint as ms
      ) began
      where t.org_id = $1
        and t.run_id = wanted.run_id
        and (t.await_ms is not null or t.await_started_at is not null)
        and took.waited is not null
    ) known
    where known.spans is not null`;

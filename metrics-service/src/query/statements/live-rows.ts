import type { Draft } from '../sql/statement.js';

/** A run that is not heard of for so long is lost, and none of those of now. */
export const LOST_AFTER_MS = 24 * 3_600_000;
/** An open tool call explains for so long why a run is not heard of. */
const TOOL_CALL_MS = 3_600_000;

/** The moment of asking (epoch ms), and how long a run in flight may be silent. */
export interface Moment {
  readonly now: number;
  readonly stuckAfterMs: number;
}

/**
 * `r`: the runs queued or in flight now, with their `state`, how long they have taken (ms), and which share of its context a
 * run has used. An index has the open runs only.
 */
export function liveRows({ now, stuckAfterMs }: Moment, draft: Draft): string {
  const silentSince = draft.instant(now - stuckAfterMs);
  const longSince = draft.instant(now - TOOL_CALL_MS);
  return `(
  select
    o.*,
    case
      when o.started_at is null then 'queued'
      when o.heard_at <= ${silentSince}
        and (o.open_tool_call_at is null or o.open_tool_call_at <= ${longSince})
        and o.awaits_person is not true
        and o.phase is distinct from 'waiting'
        then 'stuck'
      else 'running'
    end as state,
    case when o.started_at is not null then o.context_tokens::float8 / nullif(o.context_limit, 0) end as context_use,
    greatest(0, extract(epoch from ${draft.instant(now)} - coalesce(o.started_at, o.queued_at)) * 1000) as elapsed
  from ${draft.table('runs')} o
  where o.org_id = $1
    and o.status = 'IN_FLIGHT'
    and not o.hidden
    and o.heard_at >= ${draft.instant(now - LOST_AFTER_MS)}
    and (o.started_at is not null or o.queued_at is not null)
) r`;
}

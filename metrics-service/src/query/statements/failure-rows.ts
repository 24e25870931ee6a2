import type { Window } from '../buckets.js';
import { within } from '../sql/conditions.js';
import type { Draft } from '../sql/statement.js';

/** `r`: the FAILED runs that started in the last window, `is_late`, and in the earlier ones. An index has the failed runs only. */
export function failureRows(late: Window, earlier: readonly Window[], draft: Draft): string {
  const failed = (window: Window, isLate: boolean): string => `  select f.*, ${isLate} as is_late
  from ${draft.table('runs')} f
  where f.org_id = $1
    and f.status = 'FAILED'
    and not f.hidden
    and ${within('f.started_at', window, draft).join('\n    and ')}`;
  const parts = [failed(late, true), ...earlier.map((window) => failed(window, false))];
  return `(\n${parts.join('\n  union all\n')}\n) r`;
}

import { runsOfItem } from '../../catalogue/bases/closed-items.js';
import { NANOS_PER_USD } from '../../catalogue/formula.js';
import { milliseconds } from './list.js';
import { Draft, lines, type Statement } from '../sql/statement.js';

/** Of so many similar ones, the latest closed. */
const MOST_SIMILAR = 500;

/**
 * Of one work item: what it cost in its whole life and when its runs started; and of the others of its type and project that
 * are closed and have a known cost: how many, and the medians of their cost and of their time to close.
 */
export function workItemDetailStatement(orgId: string, id: string): Statement {
  const draft = new Draft(orgId);
  const [items, itemId] = [draft.table('work_items'), draft.bind(id, 'text')];
  const similar = lines(
    'select w.work_item_id, w.closed_at',
    `from ${items} w`,
    `left join ${items} it on it.org_id = $1 and it.work_item_id = ${itemId}`,
    'where w.org_id = $1',
    "  and w.state = 'closed'",
    `  and w.work_item_id <> ${itemId}`,
    '  and w.type is not distinct from it.type',
    '  and w.project is not distinct from it.project',
    'order by w.closed_at desc, w.work_item_id',
    `limit ${MOST_SIMILAR}`,
  );
  const theirs = lines(
    'select',
    '  life.cost_nanos,',
    '  case when life.first_started_at < w.closed_at then extract(epoch from w.closed_at - life.first_started_at) * 1000 end',
    '    as time_to_close_ms',
    'from similar_items w',
    'cross join lateral (',
    '  select sum(i.cost_nanos) as cost_nanos, min(i.started_at) as first_started_at',
    `  from (${runsOfItem(draft.table, 'w.work_item_id')}`,
    '  ) i',
    ') life',
    'where life.cost_nanos is not null',
  );
  const body = lines(
    'select',
    `  (life.cost_nanos / ${NANOS_PER_USD})::float8 as life_cost,`,
    `  ${milliseconds('life.first_at')} as first_at,`,
    `  ${milliseconds('life.last_at')} as last_at,`,
    `  exists (select from ${items} it where it.org_id = $1 and it.work_item_id = ${itemId}) as is_known,`,
    '  usual.*',
    'from (',
    '  select sum(i.cost_nanos) as cost_nanos, min(i.started_at) as first_at, max(i.started_at) as last_at',
    `  from (${runsOfItem(draft.table, itemId)}`,
    '  ) i',
    ') life',
    'cross join (',
    '  select',
    '    count(*)::int as similar_items,',
    `    percentile_cont(0.5) within group (order by (t.cost_nanos / ${NANOS_PER_USD})::float8) as usual_cost,`,
    '    percentile_cont(0.5) within group (order by t.time_to_close_ms::float8) as usual_time_to_close',
    '  from their_lives t',
    ') usual',
  );
  return draft.statement({
    with: [
      { name: 'similar_items', sql: similar },
      { name: 'their_lives', sql: theirs },
    ],
    body,
  });
}

import { allOf, humanOf, is, isKnown, isTrue } from '../columns.js';
import { count, countKnown, distinct, measuresOf, percentile, sum, sumIfKnown } from '../measure.js';
import { base, type TakeTable } from './base.js';

const HAS_QUALITY = isKnown('r.quality');

/** Over the work items that are closed, `r`, by their latest closing: each with its whole life, and the run that closed it. */
export const closedItems = measuresOf('closed_items', {
  closed_items: count(),
  people: distinct(humanOf('r.user_id')),
  time_to_close_ms: sum('r.time_to_close_ms'),
  items_with_time: countKnown('r.time_to_close_ms'),
  p50_time_to_close_ms: percentile(0.5, 'r.time_to_close_ms'),
  cost_nanos: sumIfKnown('r.cost_nanos', { about: 'cost' }),
  items_with_cost: countKnown('r.cost_nanos', { about: 'cost' }),
  items_with_quality: count({ where: HAS_QUALITY }),
  passed_items: count({ where: is('r.quality', 'passed') }),
  reworked_items: count({ where: allOf(HAS_QUALITY, isTrue('r.is_reworked')) }),
});

export const closedItemsBase = base({
  name: 'closed_items',
  title: 'closed work items',
  rowsOf: 'run',
  from: (table) => `(
  select
    w.org_id,
    w.closed_at as started_at,
    false as hidden,
    w.work_item_id,
    w.quality,
    w.rework_requested_at is not null or w.reopened_at is not null as is_reworked,
    life.cost_nanos,
    case
      when life.first_started_at < w.closed_at
        then (extract(epoch from w.closed_at - life.first_started_at) * 1000)::bigint
    end as time_to_close_ms,
    closing.user_id,
    closing.session_id,
    closing.agent,
    closing.role,
    closing.model
  from ${table('work_items')} w
  cross join lateral (
    select
      sum(i.cost_nanos) as cost_nanos,
      min(i.started_at) as first_started_at,
      (array_agg(i.run_id order by i.started_at desc, i.run_id desc) filter (where i.started_at <= w.closed_at))[1]
        as closing_run_id
    from (${runsOfItem(table, 'w.work_item_id')}
    ) i
  ) life
  left join ${table('runs')} closing on closing.org_id = $1 and closing.run_id = life.closing_run_id
  where w.org_id = $1
    and w.state = 'closed'
) r`,
  rows: closedItems.closed_items,
  people: closedItems.people,
  addsUpOverTime: true,
});

/** The runs that are about the work item with that id (SQL): those that state it, and of its sessions those that state none. */
export function runsOfItem(table: TakeTable, id: string): string {
  return `
      select own.run_id, own.started_at, own.cost_nanos
      from ${table('runs')} own
      where own.org_id = $1
        and own.work_item_id = ${id}
        and not own.hidden
      union all
      select inherited.run_id, inherited.started_at, inherited.cost_nanos
      from ${table('sessions')} owner
      join ${table('runs')} inherited on inherited.org_id = $1 and inherited.session_id = owner.session_id
      where owner.org_id = $1
        and (owner.work_item_id = ${id} or owner.branch_work_item_id = ${id})
        and inherited.work_item_id is null
        and not inherited.hidden`;
}

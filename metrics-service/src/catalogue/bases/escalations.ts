import { humanOf } from '../columns.js';
import { count, distinct, measuresOf } from '../measure.js';
import { base } from './base.js';

/** Over the escalations that occurred in the window, `r`, with what their run is, else their session. */
export const escalations = measuresOf('escalations', {
  escalations: count(),
  people: distinct(humanOf('r.user_id')),
});

export const escalationsBase = base({
  name: 'escalations',
  title: 'escalations',
  rowsOf: 'run',
  from: (table) => `(
  select
    e.org_id,
    e.occurred_at as started_at,
    e.resolved_at,
    e.escalation_id,
    coalesce(run.run_id, e.run_id) as run_id,
    case when run.run_id is null then coalesce(owner.hidden, false) else run.hidden end as hidden,
    e.severity,
    e.category,
    coalesce(e.agent, run.agent) as agent,
    coalesce(e.work_item_id, run.work_item_id) as work_item_id,
    case when run.run_id is null then owner.created_by_user_id else run.user_id end as user_id,
    case when run.run_id is null then e.session_id else run.session_id end as session_id,
    run.model,
    run.status,
    run.failure_category,
    run.failure_fingerprint,
    run.task_type,
    run.role,
    run.workflow,
    run.stage
  from ${table('escalations')} e
  left join ${table('runs')} named on named.org_id = $1 and named.run_id = e.run_id
  left join ${table('runs')} run on run.org_id = $1 and run.run_id = coalesce(named.one_with, named.run_id)
  left join ${table('sessions')} owner on owner.org_id = $1 and owner.session_id = e.session_id
  where e.org_id = $1
) r`,
  rows: escalations.escalations,
  people: escalations.people,
  addsUpOverTime: true,
});

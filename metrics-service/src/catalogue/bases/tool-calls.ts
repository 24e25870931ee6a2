import { humanOf, is, isKnown } from '../columns.js';
import { count, countKnown, distinct, measuresOf, percentile, sum } from '../measure.js';
import { base } from './base.js';
import { JOIN_TOOK, TOOL_MS } from '../tool-call-times.js';

/** Over the tool calls that started in the window, `r`, with what their run is, else their session. */
export const toolCalls = measuresOf('tool_calls', {
  tool_calls: count(),
  people: distinct(humanOf('r.user_id')),
  ended_tool_calls: count({ where: isKnown('r.outcome') }),
  failed_tool_calls: count({ where: is('r.outcome', 'FAILED') }),
  rejected_tool_calls: count({ where: is('r.outcome', 'REJECTED') }),
  tool_ms: sum('r.tool_ms'),
  tool_calls_with_duration: countKnown('r.tool_ms'),
  p95_tool_ms: percentile(0.95, 'r.tool_ms'),
});

export const toolCallsBase = base({
  name: 'tool_calls',
  title: 'tool calls',
  rowsOf: 'run',
  from: (table) => `(
  select
    t.org_id,
    t.at as started_at,
    case when run.run_id is null then coalesce(owner.hidden, false) else run.hidden end as hidden,
    t.tool_call_id,
    t.name as tool,
    t.status as outcome,
    ${TOOL_MS} as tool_ms,
    took.waited as waited_ms,
    t.completed_at,
    t.error_type,
    t.input_bytes,
    t.output_bytes,
    t.files,
    case when run.run_id is null then owner.created_by_user_id else run.user_id end as user_id,
    case when run.run_id is null then t.session_id else run.session_id end as session_id,
    t.session_id as told_session_id,
    t.run_id as told_run_id,
    run.run_id,
    run.model,
    run.status,
    run.failure_category,
    run.failure_fingerprint,
    run.task_type,
    run.agent,
    run.role,
    run.workflow,
    run.stage,
    run.work_item_id
  from ${table('tool_calls')} t
  ${JOIN_TOOK}
  left join ${table('runs')} run on run.org_id = $1 and run.run_id = t.run_id
  left join ${table('sessions')} owner on owner.org_id = $1 and owner.session_id = t.session_id
  where t.org_id = $1
) r`,
  rows: toolCalls.tool_calls,
  people: toolCalls.people,
  addsUpOverTime: true,
});

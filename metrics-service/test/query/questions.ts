import { WINDOW } from './world.js';

/** A question over HTTP: a query of POST /v1/query, or another route that reads. */
export type Asked = { readonly query: object } | { readonly path: string };

const range = `from=${WINDOW.from}&to=${WINDOW.to}`;

const total = (metrics: string[], more: object = {}): Asked => ({ query: { view: 'total', metrics, ...more } });
const table = (metrics: string[], groupBy: string[], more: object = {}): Asked => ({
  query: { view: 'table', metrics, groupBy, ...more },
});
const series = (metrics: string[], more: object = {}): Asked => ({ query: { view: 'series', metrics, ...more } });
const list = (view: string, more: object = {}): Asked => ({ query: { view, ...more } });
const ofSession = (view: string): Asked => list(view, { filters: { session: ['s1'] } });
const values = (dimension: string, more = ''): Asked => ({
  path: `/v1/dimensions/${dimension}/values?limit=20${more}`,
});

/**
 * What people ask, by a name: each view, each base, and what changes a statement's form (groups, filters, slices,
 * comparison, order, percentiles, distinct users). Their SQL is committed in `sql/`.
 */
export const QUESTIONS: Readonly<Record<string, Asked>> = {
  'total-runs': total(['runs', 'terminal_runs', 'run_success_rate']),
  'total-cost-and-tokens': total(['total_cost', 'total_tokens', 'cost_per_successful_run', 'cost_coverage']),
  'total-durations': total(['avg_run_duration', 'p95_run_duration', 'queue_share']),
  'total-active-users': total(['active_users', 'runs_per_active_user']),
  'total-active-users-and-percentile': total(['active_users', 'p50_run_duration']),
  'total-trailing-users': total(['active_users_1d', 'active_users_7d', 'active_users_30d']),
  'total-data-age': total(['data_age']),
  'total-source-age': total(['source_age'], { groupBy: ['source'] }),
  'total-budget-use': total(['budget_use'], { groupBy: ['budget'] }),
  budgets: list('budgets', { filters: { budget: ['core'] } }),
  'budget-history': list('budget_history', { filters: { budget: ['core'] } }),
  'total-compared': total(['runs', 'p95_run_duration'], { compare: 'previous' }),
  'total-sessions': total(['active_sessions', 'avg_session_lifespan', 'local_handoff_rate']),
  'total-sessions-compared': total(['handoffs', 'post_handoff_iteration_rate'], { compare: 'previous' }),
  'total-max-session-cost': total(['max_session_cost']),
  'total-runs-and-sessions-by-team': total(['runs', 'active_sessions'], { groupBy: ['team'] }),
  'total-filtered': total(['runs', 'total_cost'], { filters: { repo: ['web'], status: ['SUCCEEDED', 'FAILED'] } }),
  'total-filtered-to-others': total(['runs'], { filters: { model: { not: ['gpt-5', null] }, team: ['core', null] } }),
  'total-filtered-to-user': total(['runs'], { filters: { user: ['Ann'] } }),
  'table-by-user': table(['runs', 'total_cost', 'run_success_rate'], ['user'], { limit: 10 }),
  'table-by-team-and-model': table(['runs', 'total_tokens'], ['team', 'model'], { orderBy: 'total_cost' }),
  'table-by-repo-compared': table(['total_cost'], ['repo'], { compare: 'previous' }),
  'table-by-agent-with-intervals': table(['run_success_rate', 'tool_failure_rate'], ['agent'], {
    intervals: 'wilson95',
  }),
  'table-by-failure-category': table(['failure_share', 'failed_runs'], ['failure_category']),
  'table-by-failure-fingerprint': table(['failed_runs'], ['failure_fingerprint'], {
    filters: { failure_fingerprint: ['2 of 40 tests failed'] },
  }),
  'work-items': { query: { view: 'work_items', filters: { project: ['web'] }, orderBy: 'time_to_close' } },
  'work-item': list('work_item', { filters: { work_item: ['W-1'] } }),
  'unlinked-sessions': list('unlinked_sessions', { filters: { repo: ['web'] } }),
  escalations: list('escalations', { filters: { project: ['web'], severity: ['high'] } }),
  'table-by-epic': table(['total_cost', 'work_items', 'cost_per_work_item'], ['epic']),
  'table-closed-by-type': table(['closed_work_items', 'avg_time_to_close', 'rework_rate'], ['work_item_type'], {
    filters: { role: ['reviewer'] },
  }),
  'table-escalations': table(['escalations'], ['severity'], { filters: { project: ['web'] } }),
  'contrast-sessions': list('contrast', { by: { role: ['reviewer'] }, filters: { repo: ['web'], model: ['gpt-5'] } }),
  'distribution-cost': list('distribution', { of: 'cost', filters: { repo: ['web'] } }),
  'distribution-over-time': list('distribution', { interval: 'day', filters: { team: ['core'] } }),
  punchcard: list('punchcard', { metrics: ['run_success_rate'], timezone: 'Europe/Vienna' }),
  'contrast-work-items': list('contrast', { of: 'work_items', by: { tool: ['Bash'] }, filters: { project: ['shop'] } }),
  'tool-calls': list('tool_calls', { filters: { run: ['r1'], tool: ['Bash'] }, orderBy: 'duration' }),
  files: list('files', { filters: { session: ['s1'] }, limit: 10 }),
  'total-tool-calls': total(['tool_calls_per_run', 'tool_failure_rate', 'p95_tool_duration'], {
    filters: { tool: ['Bash'], team: ['core'] },
  }),
  'table-by-tool': table(['tool_calls', 'tool_rejection_rate', 'avg_tool_duration'], ['tool'], {
    filters: { epic: ['E-1'] },
  }),
  'series-tool-calls-by-team': series(['tool_calls_per_run'], { groupBy: ['team'], interval: 'day' }),
  'total-sessions-of-work-item': total(['active_sessions'], { filters: { work_item: ['MIN-1'] } }),
  'table-by-call-model': table(['total_cost', 'uncached_input_tokens'], ['call_model']),
  'table-by-call-phase': table(['total_cost', 'total_tokens'], ['call_phase', 'call_model'], {
    filters: { call_phase: ['edit', null] },
  }),
  'table-by-clock': table(['runs', 'active_users'], ['day_of_week', 'hour_of_day'], {
    timezone: 'Europe/Vienna',
    orderBy: 'day_of_week',
    direction: 'asc',
  }),
  'table-by-phase': table(['avg_phase_duration'], ['phase']),
  'series-new-agents': series(['new_agents', 'active_agents'], { groupBy: ['team'], interval: 'day' }),
  'series-new-users': series(['new_users'], { groupBy: ['repo'], interval: 'day' }),
  'total-known-users': total(['known_users', 'adoption_rate'], { filters: { team: ['core'] } }),
  'total-of-now': total(['queued_runs_now', 'in_flight_runs_now', 'stuck_runs_now', 'max_context_use_now']),
  'table-of-now': table(['in_flight_runs_now', 'stuck_runs_now'], ['role', 'team'], { filters: { repo: ['web'] } }),
  'table-failure-patterns': table(['failure_pattern_now'], ['failure_category', 'team'], {
    filters: { repo: ['web'] },
  }),
  'table-chronic-burn': table(['chronic_burn'], ['agent']),
  'table-burn-rate': table(['burn_rate_now'], ['team'], { filters: { repo: ['web'] } }),
  'table-runaway-sessions': table(['runaway_sessions_now'], ['session', 'user'], { filters: { repo: ['web'] } }),
  'session-live': list('session', { filters: { session: ['s1'] }, live: true }),
  'run-live': list('runs', { filters: { session: ['s1'], run: ['r1'] }, live: true }),
  live: list('live', { filters: { team: ['core'] }, orderBy: 'elapsed' }),
  'total-people-compared': total(['adoption_rate', 'quiet_users'], { compare: 'previous' }),
  'series-people-by-team': series(['adoption_rate', 'quiet_users'], { groupBy: ['team'], interval: 'day' }),
  'table-by-counter': table(['counter_total', 'counter_per_run'], ['counter', 'team']),
  'table-sessions-by-user': table(['active_sessions', 'avg_agent_time_per_session'], ['user']),
  'table-trailing-by-team': table(['active_users_7d'], ['team']),
  'series-runs-by-day': series(['runs', 'run_success_rate'], { interval: 'day' }),
  'series-cost-by-team': series(['total_cost'], { groupBy: ['team'], interval: 'day' }),
  'series-percentile-by-hour': series(['p95_run_duration'], { interval: 'hour' }),
  'series-active-users-by-week': series(['active_users'], { interval: 'week', timezone: 'Europe/Vienna' }),
  'series-sessions-by-repo': series(['active_sessions', 'local_handoff_rate'], { groupBy: ['repo'], interval: 'day' }),
  'series-trailing': series(['active_users_7d'], { interval: 'day' }),
  'series-tokens-by-call-model': series(['total_tokens'], { groupBy: ['call_model'], interval: 'day' }),
  sessions: list('sessions'),
  'sessions-by-cost': list('sessions', { orderBy: 'total_cost', limit: 10 }),
  'sessions-filtered': list('sessions', { filters: { status: ['FAILED'], local_handoff: ['true'], repo: ['web'] } }),
  session: ofSession('session'),
  runs: list('runs'),
  'runs-by-duration': list('runs', { orderBy: 'duration', filters: { team: ['core'], model: ['gpt-5'] } }),
  'runs-of-iterations': list('runs', { filters: { post_handoff_iteration: ['true'] } }),
  handoffs: list('handoffs', { filters: { repo: ['web'] } }),
  activity: ofSession('activity'),
  timeline: ofSession('timeline'),
  annotations: list('annotations', { filters: { user: ['u-ann'] } }),
  'annotations-merged': list('annotations', { limit: 1 }),
  'data-quality': list('data_quality', { filters: { team: ['core'] } }),
  headline: list('headline', { filters: { team: ['core'] } }),
  findings: list('findings', { filters: { team: ['core'] } }),
  'values-user': values('user', `&${range}`),
  'values-user-ever': values('user', '&search=an'),
  'values-session-ever': values('session'),
  'values-model': values('model', `&${range}`),
  'values-failure-fingerprint': values('failure_fingerprint'),
  'values-call-model': values('call_model', `&${range}`),
  'values-repo': values('repo', `&${range}`),
  'export-sessions': { path: `/v1/export/sessions.csv?${range}&var-team=core` },
  'export-runs': { path: `/v1/export/runs.csv?${range}` },
  'export-table': { path: `/v1/export/table.csv?${range}&metrics=runs,total_cost&groupBy=user` },
};

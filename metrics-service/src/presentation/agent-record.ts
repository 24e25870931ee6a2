import { NONE } from '../contract/query.js';

/** What is said of agents: the same for one and for all, here and on the boards. */
export const AGENT_METRICS = [
  'closed_work_items',
  'p50_time_to_close',
  'quality_rate',
  'rework_rate',
  'run_success_rate',
  'cost_per_work_item',
  'escalations',
  'runs',
  'sessions_with_runs',
  'agent_active_time',
  'total_cost',
  'cost_coverage',
] as const;

const TABLE = { view: 'table', metrics: AGENT_METRICS, intervals: 'wilson95' } as const;

type Filters = Readonly<Record<string, unknown>>;

/** A row for each agent that runs name, those that closed most first. */
export function agentsQuery(filters: Filters = {}): Record<string, unknown> {
  return { ...TABLE, groupBy: ['agent'], filters: { agent: { not: [NONE] }, ...filters } };
}

/** One agent's record: its numbers, those of its runs by model, its latest work items and calls for a person. */
export function recordQueries(agent: string, latest: number) {
  const filters = { agent: [agent] };
  const ofModels = ['runs', 'run_success_rate', 'cost_per_successful_run', 'total_cost'];
  return {
    record: { ...TABLE, filters },
    models: { ...TABLE, metrics: ofModels, groupBy: ['model'], filters, limit: 5 },
    work_items: { view: 'work_items', filters, orderBy: 'last_run_at', limit: latest },
    escalations: { view: 'escalations', filters, limit: latest },
  } as const;
}

/** What is told of a work item and of an escalation in a record. */
export const RECORD_COLUMNS = {
  work_items: [
    'work_item',
    'title',
    'type',
    'state',
    'runs',
    'models',
    'total_cost',
    'total_tokens',
    'closed_at',
    'quality',
  ],
  escalations: ['occurred_at', 'severity', 'escalation_category', 'work_item', 'resolved_at'],
} as const;

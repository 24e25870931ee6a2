import {
  CLOSED_METRICS,
  ESCALATION_METRICS,
  LIVE_METRICS,
  PEOPLE_METRICS,
  RUN_METRICS,
  SESSION_METRICS,
  TOOL_METRICS,
} from '../oracle/metrics.js';
import { RUN_DIMENSIONS, SESSION_DIMENSIONS } from '../oracle/dimensions.js';
import { CLOCK_DIMENSIONS, PART_DIMENSIONS } from '../oracle/types.js';
import { CLOSED_DIMENSIONS } from '../oracle/work-items.js';

export const SPLIT_METRICS = [
  'total_cost',
  'total_tokens',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'uncached_input_tokens',
  'cache_savings',
  'unpriced_tokens',
];

/** Which metrics can be asked together, with the filters and groups that all of them take. */
export interface Family {
  metrics: string[];
  filters: string[];
  groups: string[];
  always?: string;
}

const COUNTER_METRICS = ['counter_total', 'counter_per_run'];
/** Those that need a grouping. */
const GROUPED = ['failure_share', 'avg_phase_duration', ...COUNTER_METRICS];
const RUN_FAMILY = Object.keys(RUN_METRICS).filter((id) => !GROUPED.includes(id) && id !== 'cost_to_usual');
/** What is about a length of time is not asked for by the clock. */
export const CLOCK_FAMILY = RUN_FAMILY.filter((id) => id !== 'runs_per_day' && !/^active_users_\d/.test(id));
const SESSION_FAMILY = Object.keys(SESSION_METRICS);
/** The known are those of now: no series has them. */
const PEOPLE_FAMILY = Object.keys(PEOPLE_METRICS).filter((id) => id !== 'known_users');
export const ALL_FILTERS = [...SESSION_DIMENSIONS, ...RUN_DIMENSIONS];
export const FAMILIES: (readonly [number, Family])[] = [
  [6, { metrics: RUN_FAMILY, filters: ALL_FILTERS, groups: ALL_FILTERS }],
  [
    4,
    {
      metrics: SESSION_FAMILY,
      filters: [...ALL_FILTERS, 'local_handoff', 'post_handoff_iteration'],
      groups: SESSION_DIMENSIONS,
    },
  ],
  [2, { metrics: [...RUN_FAMILY, ...SESSION_FAMILY], filters: ALL_FILTERS, groups: SESSION_DIMENSIONS }],
  [
    2,
    {
      metrics: SPLIT_METRICS,
      filters: [...ALL_FILTERS, ...PART_DIMENSIONS],
      groups: [...ALL_FILTERS, ...PART_DIMENSIONS, ...CLOCK_DIMENSIONS],
    },
  ],
  [2, { metrics: CLOCK_FAMILY, filters: ALL_FILTERS, groups: [...CLOCK_DIMENSIONS, 'user', 'status'] }],
  [
    1,
    {
      metrics: ['avg_phase_duration'],
      filters: [...ALL_FILTERS, 'phase'],
      groups: [...ALL_FILTERS, ...CLOCK_DIMENSIONS],
      always: 'phase',
    },
  ],
  [
    1,
    {
      metrics: COUNTER_METRICS,
      filters: [...ALL_FILTERS, 'counter'],
      groups: [...ALL_FILTERS, ...CLOCK_DIMENSIONS],
      always: 'counter',
    },
  ],
  [2, { metrics: Object.keys(CLOSED_METRICS), filters: CLOSED_DIMENSIONS, groups: CLOSED_DIMENSIONS }],
  [
    1,
    {
      metrics: [...Object.keys(CLOSED_METRICS), 'work_items', 'cost_per_work_item', 'escalations'],
      filters: CLOSED_DIMENSIONS,
      groups: CLOSED_DIMENSIONS,
    },
  ],
  [
    1,
    {
      metrics: Object.keys(ESCALATION_METRICS),
      filters: [...ALL_FILTERS, 'severity', 'escalation_category'],
      groups: [...ALL_FILTERS, 'severity', 'escalation_category'],
    },
  ],
  [
    3,
    {
      metrics: Object.keys(TOOL_METRICS),
      filters: [...ALL_FILTERS, 'tool'],
      groups: [...ALL_FILTERS, 'tool', ...CLOCK_DIMENSIONS],
    },
  ],
  [
    1,
    { metrics: [...Object.keys(TOOL_METRICS), 'runs', 'avg_run_duration'], filters: ALL_FILTERS, groups: ALL_FILTERS },
  ],
  [
    2,
    {
      metrics: [...PEOPLE_FAMILY, 'active_users', 'new_users', 'active_sessions'],
      filters: ['user', 'team'],
      groups: ['user', 'team'],
    },
  ],
  [1, { metrics: ['cost_to_usual', 'runs', 'total_cost'], filters: ALL_FILTERS, groups: ALL_FILTERS }],
  [
    1,
    {
      metrics: ['failure_share', 'failed_runs', 'runs'],
      filters: ALL_FILTERS,
      groups: ALL_FILTERS.filter((name) => name !== 'failure_category'),
      always: 'failure_category',
    },
  ],
];

/** What random questions can be about; `split`: the metrics that are asked for by the model of the calls. */
export const ASKED = {
  metrics: [
    ...new Set([
      ...FAMILIES.flatMap(([, { metrics }]) => metrics),
      ...Object.keys(LIVE_METRICS),
      ...['data_age', 'source_age', 'known_users', 'budget_use', 'budget_projected_use'],
    ]),
  ],
  split: SPLIT_METRICS,
  groups: [
    ...new Set(['source', 'budget', ...FAMILIES.flatMap(([, { groups, always }]) => [...groups, always ?? []].flat())]),
  ],
  filters: [...new Set(['source', 'budget', ...FAMILIES.flatMap(([, { filters }]) => filters)])],
};

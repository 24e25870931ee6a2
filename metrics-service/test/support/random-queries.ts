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
import {
  CLOCK_DIMENSIONS,
  type Filters,
  type FilterValues,
  PART_DIMENSIONS,
  type Query,
  type Question,
  type SentEvent,
  type Window,
  type World,
} from '../oracle/types.js';
import { instant } from '../oracle/values.js';
import { CLOSED_DIMENSIONS } from '../oracle/work-items.js';
import { SHARES } from '../oracle/interval.js';
import { SESSION_COLUMNS } from '../oracle/sessions-list.js';
import type { Random } from './random.js';
import { attributeValues, WORLD } from './random-fields.js';
import { instantNear, type Occasion, OCCASIONS } from './random-times.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SPLIT_METRICS = [
  'total_cost',
  'total_tokens',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'uncached_input_tokens',
  'unpriced_tokens',
];

/** Which metrics can be asked together, with the filters and groups that all of them take. */
interface Family {
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
const CLOCK_FAMILY = RUN_FAMILY.filter((id) => id !== 'runs_per_day' && !/^active_users_\d/.test(id));
const SESSION_FAMILY = Object.keys(SESSION_METRICS);
/** The known are those of now: no series has them. */
const PEOPLE_FAMILY = Object.keys(PEOPLE_METRICS).filter((id) => id !== 'known_users');
const ALL_FILTERS = [...SESSION_DIMENSIONS, ...RUN_DIMENSIONS];
const FAMILIES: (readonly [number, Family])[] = [
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
      ...['data_age', 'source_age', 'known_users'],
    ]),
  ],
  split: SPLIT_METRICS,
  groups: [...new Set(['source', ...FAMILIES.flatMap(([, { groups, always }]) => [...groups, always ?? []].flat())])],
  filters: [...new Set(FAMILIES.flatMap(([, { filters }]) => filters))],
};

/** As random fields make them. */
function numbered(name: string): string[] {
  return Array.from({ length: 7 }, (_, index) => `${name} ${index + 1}`);
}

/** What a filter may name, by dimension. */
export const VALUES: Record<string, readonly string[]> = {
  user: WORLD.users,
  team: WORLD.teams,
  session: WORLD.sessions,
  model: WORLD.models,
  call_model: WORLD.models,
  call_phase: WORLD.phases,
  status: ['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT', 'IN_FLIGHT'],
  failure_category: ['agent_error', 'tool_error', 'rate_limited', 'unknown', 'uncategorized'],
  failure_fingerprint: [...WORLD.errors, '<n> of <n> tests failed'],
  agent: WORLD.agents,
  work_item: WORLD.workItems,
  epic: WORLD.workItems,
  work_item_type: numbered('work_item'),
  project: numbered('work_item'),
  escalation_category: numbered('escalation'),
  severity: ['low', 'critical'],
  tool: WORLD.tools,
  phase: WORLD.phases,
  counter: WORLD.counters,
  local_handoff: ['true', 'false'],
  post_handoff_iteration: ['true', 'false'],
};

/** The names by which exactly one user can be asked for. */
function unambiguousNames(world: World): string[] {
  const names = [...world.users.values()].map((user) => user.name);
  return names.filter(
    (name): name is string =>
      name !== null && !world.users.has(name) && names.filter((other) => other === name).length === 1,
  );
}

function randomFilters(random: Random, world: World, dimensions: string[]): Filters {
  const filters: Filters = {};
  const count = random.pick([0, 0, 0, 0, 1, 1, 2, 3]);
  for (const dimension of random.some(dimensions, count)) {
    const isFlag = dimension === 'local_handoff' || dimension === 'post_handoff_iteration';
    const pool: (string | null)[] = isFlag
      ? ['true', 'false']
      : [
          ...(VALUES[dimension] ?? attributeValues(dimension)),
          ...(dimension === 'user' ? unambiguousNames(world) : []),
          '(none)',
          null,
          'nobody',
        ];
    const values: FilterValues = random.some(pool, random.pick([0, 1, 2, 3, 5]));
    filters[dimension] = random.chance(0.25) ? { not: values } : values;
  }
  return filters;
}

/** Instants that the events name: windows begin and end at them, or a millisecond beside them. */
function namedInstants(events: SentEvent[]): number[] {
  const texts = events.flatMap((event) =>
    Object.entries(event.data).flatMap(([name, value]) => (/(^a|A)t$/.test(name) && value ? [value as string] : [])),
  );
  return texts.map(instant);
}

function randomWindow(random: Random, events: SentEvent[], occasion: Occasion): Window {
  const instants = namedInstants(events);
  const edge = (): number =>
    instants.length > 0 && random.chance(0.4)
      ? random.pick(instants) + random.integer(-1, 1)
      : random.chance(0.3)
        ? occasion.at
        : instantNear(random, occasion.at);
  const wide = instants.length > 0 && random.chance(0.3);
  if (wide) {
    return {
      from: Math.min(...instants) + random.integer(-1, 1),
      to: Math.max(...instants) + random.integer(0, 1) + 2,
    };
  }
  const [one, other] = random.chance(0.2)
    ? [occasion.at - random.integer(0, 60) * DAY, occasion.at + random.integer(1, 60) * DAY]
    : [edge(), edge()];
  if (one === other) return { from: one, to: one + random.pick([1, HOUR, DAY]) };
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

function listQuery(random: Random, world: World): Query {
  const session = FAMILIES[1]![1];
  const query: Query = { refId: 'A', view: 'sessions', filters: randomFilters(random, world, session.filters) };
  if (random.chance(0.7)) query.orderBy = random.pick(SESSION_COLUMNS);
  return query;
}

function contrastQuery(random: Random, world: World): Query {
  const name = random.pick(['tool', 'role', 'model', ...ALL_FILTERS]);
  const given = (VALUES[name] ?? attributeValues(name)).slice();
  const values: FilterValues = random.some([...given, null], random.pick([1, 1, 2, 3]));
  return {
    ...{ refId: 'A', view: 'contrast', filters: randomFilters(random, world, ALL_FILTERS) },
    ...(random.chance(0.8) ? { of: random.pick(['sessions', 'work_items'] as const) } : {}),
    by: { [name]: random.chance(0.2) ? { not: values } : values },
  };
}

function sourcesQuery(random: Random): Query {
  const view = random.pick(['total', 'table'] as const);
  const order = random.chance(0.5) ? { orderBy: random.pick(['source', 'source_age']) } : {};
  return { refId: 'A', view, metrics: ['source_age'], groupBy: ['source'], ...order };
}

function knownQuery(random: Random, world: World): Query {
  const view = random.pick(['total', 'table'] as const);
  const groupBy = random.some(['user', 'team'], random.pick([0, 1, 2]));
  const filters = randomFilters(random, world, ['user', 'team']);
  const metrics = random.some(['known_users', 'adoption_rate', 'quiet_users'], random.pick([0, 1]));
  return {
    ...{ refId: 'A', view, filters, metrics: [...new Set(['known_users', ...metrics])] },
    ...(groupBy.length > 0 ? { groupBy } : {}),
  };
}

/** A question about now, which no series, comparison or drawing can be of. */
export function liveQuery(random: Random, world: World): Query {
  const metrics = random.some(Object.keys(LIVE_METRICS), random.pick([1, 2, 4]));
  const groupBy = random.some(ALL_FILTERS, random.pick([0, 1, 1, 2]));
  const order = random.chance(0.5) ? { orderBy: random.pick([...metrics, ...groupBy]) } : {};
  const query = { refId: 'A', view: random.pick(['total', 'table'] as const), metrics };
  const filters = randomFilters(random, world, ALL_FILTERS);
  return { ...query, filters, ...(groupBy.length > 0 ? { groupBy, ...order } : {}) };
}

function metricQuery(random: Random, world: World): Query {
  if (random.chance(0.02)) return { refId: 'A', view: 'total', metrics: ['data_age'] };
  if (random.chance(0.03)) return sourcesQuery(random);
  if (random.chance(0.03)) return knownQuery(random, world);
  if (random.chance(0.03)) return liveQuery(random, world);
  const family = random.weighted(FAMILIES);
  const view = random.pick(['total', 'series', 'table'] as const);
  const metrics = random.some(family.metrics, random.pick([1, 1, 2, 4, 8]));
  const groupBy = random.some(family.groups, random.pick(family.always ? [0, 1] : [0, 1, 1, 2]));
  if (family.always) groupBy.splice(random.integer(0, groupBy.length), 0, family.always);
  const query: Query = { refId: 'A', view, metrics, filters: randomFilters(random, world, family.filters) };
  if (groupBy.length > 0) query.groupBy = groupBy;
  if (groupBy.length > 0 && random.chance(0.5)) {
    query.orderBy = random.pick([random.pick(family.metrics), random.pick(metrics), ...groupBy]);
  }
  if (view === 'series') {
    query.interval = random.pick(['auto', 'hour', 'day', 'day', 'week', 'month']);
    if (random.chance(0.5)) query.maxDataPoints = random.pick([100, 200, 1000]);
  } else if (random.chance(0.3)) {
    query.compare = random.pick(['previous', 'same_weekdays']);
  }
  draw(random, query, family);
  return query;
}

/** What a panel draws beside the numbers. */
function draw(random: Random, query: Query, { metrics, always }: Family): void {
  if (query.view === 'series') {
    if (random.chance(0.2)) query.bounds = true;
    return;
  }
  // what is compared with the usual takes no long window
  const trends = metrics.filter((id) => id !== 'cost_to_usual');
  if (query.view === 'table' && random.chance(0.2)) query.trend = random.pick(trends);
  const hasShare = query.metrics!.some((id) => SHARES.includes(id));
  if (query.view === 'table' && random.chance(hasShare ? 0.4 : 0.02)) query.intervals = 'wilson95';
  const isCard = query.view === 'total' && !query.groupBy && !always && !query.metrics!.includes('cost_to_usual');
  if (isCard && random.chance(0.4)) query.sparkline = true;
}

/** A valid question about a world: any view, metrics, groups, filters, order, page, window and zone. */
export function randomQuestion(random: Random, world: World, events: SentEvent[], occasion: Occasion): Question {
  const query = random.weighted<() => Query>([
    [2, () => listQuery(random, world)],
    [1, () => contrastQuery(random, world)],
    [7, () => metricQuery(random, world)],
  ])();
  if (random.chance(0.5)) query.direction = random.pick(['asc', 'desc']);
  const hasPages = query.view === 'sessions' || query.groupBy !== undefined;
  if (hasPages && random.chance(0.3)) query.limit = random.pick([1, 2, 3, 10]);
  if (hasPages && random.chance(0.2)) query.offset = random.pick([0, 1, 2, 5]);
  const window = randomWindow(random, events, occasion);
  const isShort = query.metrics?.includes('cost_to_usual') && random.chance(0.9);
  return {
    window: isShort ? { ...window, to: Math.min(window.to, window.from + 7 * DAY) } : window,
    timezone: random.chance(0.7) ? occasion.timezone : random.pick(OCCASIONS).timezone,
    query,
  };
}

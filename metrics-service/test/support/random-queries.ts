import { SHARES } from '../oracle/interval.js';
import { SESSION_DIMENSIONS } from '../oracle/dimensions.js';
import { GROUPED_NOW } from '../oracle/live.js';
import { LIVE_METRICS } from '../oracle/metrics.js';
import { SESSION_COLUMNS } from '../oracle/sessions-list.js';
import type { FilterValues, Query, Question, SentEvent, Window, World } from '../oracle/types.js';
import { instant } from '../oracle/values.js';
import type { Random } from './random.js';
import { ALL_FILTERS, CLOCK_FAMILY, FAMILIES, type Family } from './random-families.js';
import { attributeValues } from './random-fields.js';
import { randomFilters, VALUES } from './random-filters.js';
import { instantNear, type Occasion, OCCASIONS } from './random-times.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
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

function distributionQuery(random: Random, world: World): Query {
  return {
    ...{ refId: 'A', view: 'distribution', filters: randomFilters(random, world, ALL_FILTERS) },
    ...(random.chance(0.8) ? { of: random.pick(['duration', 'cost', 'tokens'] as const) } : {}),
    ...(random.chance(0.5) ? { interval: random.pick(['auto', 'hour', 'day', 'week', 'month']) } : {}),
  };
}

function punchcardQuery(random: Random, world: World): Query {
  const filters = randomFilters(random, world, ALL_FILTERS);
  return { refId: 'A', view: 'punchcard', metrics: [random.pick(CLOCK_FAMILY)], filters };
}

function sourcesQuery(random: Random, world: World): Query {
  const view = random.pick(['total', 'table'] as const);
  const order = random.chance(0.5) ? { orderBy: random.pick(['source', 'source_age']) } : {};
  const filters = randomFilters(random, world, ['source']);
  return { refId: 'A', view, metrics: ['source_age'], groupBy: ['source'], filters, ...order };
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
  const grouped = random.chance(0.4) ? random.pick(Object.keys(GROUPED_NOW)) : null;
  const always = grouped === null ? [] : [random.pick(GROUPED_NOW[grouped]!)];
  const ofRuns = grouped !== null && !SESSION_DIMENSIONS.includes(always[0]!);
  const plain = Object.keys(LIVE_METRICS).filter(
    (id) => !(id in GROUPED_NOW) && !(ofRuns && id === 'runaway_sessions_now'),
  );
  const metrics = [...random.some(plain, random.pick([1, 2, 4])), ...(grouped === null ? [] : [grouped])];
  const taken = metrics.includes('runaway_sessions_now') ? SESSION_DIMENSIONS : ALL_FILTERS;
  const others = taken.filter((name) => !always.includes(name));
  const groupBy = [...always, ...random.some(others, random.pick(grouped === null ? [0, 1, 1, 2] : [0, 1]))];
  const order = random.chance(0.5) ? { orderBy: random.pick([...metrics, ...groupBy]) } : {};
  const query = { refId: 'A', view: random.pick(['total', 'table'] as const), metrics };
  const filters = randomFilters(random, world, taken);
  return { ...query, filters, ...(groupBy.length > 0 ? { groupBy, ...order } : {}) };
}

function metricQuery(random: Random, world: World): Query {
  if (random.chance(0.02)) return { refId: 'A', view: 'total', metrics: ['data_age'] };
  if (random.chance(0.03)) return sourcesQuery(random, world);
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
    [1, () => distributionQuery(random, world)],
    [0.5, () => punchcardQuery(random, world)],
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

import { RUN_METRICS, SESSION_METRICS } from '../oracle/metrics.js';
import { TOOL_METRICS } from '../oracle/tools.js';
import type { Query, Question } from '../oracle/types.js';
import type { Random } from '../support/random.js';
import { attributeValues } from '../support/random-fields.js';
import { VALUES } from '../support/random-filters.js';
import { SPLIT_METRICS } from '../support/random-families.js';

const MEASURES = Object.keys(RUN_METRICS).filter((id) => !/failure_share|phase|counter|usual/.test(id));
const PERCENTILES = MEASURES.filter((id) => /p\d\d/.test(id));
const PEOPLE = ['new_users', 'known_users', 'quiet_users', 'adoption_rate'];
const RANKED_BY = ['model', 'status', 'failure_category', 'runtime'];
const OF_SESSIONS = Object.keys(SESSION_METRICS);
export const DIMENSIONS = [
  ...['user', 'team', 'repo', 'runtime', 'model', 'status', 'failure_category', 'agent', 'task_type', 'stage'],
  'work_item_type',
];

/** Most of them as they are asked most: metrics of runs, by one thing or none. */
export function simplified(random: Random, question: Question): Question {
  const { filters = {}, ...query } = { ...question.query };
  if (random.chance(0.2) || query.view === 'sessions') return question;
  if (random.chance(0.4)) return { ...question, query: ofSessions(random, query) };
  if (random.chance(0.07)) return { ...question, query: ofPeople(random, query) };
  if (random.chance(0.14)) return { ...question, query: ofCalls(random, query) };
  const isRanked = random.chance(0.3);
  if (random.chance(0.13)) return { ...question, query: ofParts(random, query) };
  if (random.chance(0.35)) return { ...question, query: byTwo(random, query) };
  const dimension = random.pick([null, ...(isRanked ? RANKED_BY : DIMENSIONS)]);
  const isGrouped = dimension !== null && random.chance(0.6);
  const isFiltered = dimension !== null && (!isGrouped || random.chance(0.3));
  query.metrics = random.some(isRanked ? PERCENTILES : MEASURES, random.pick([1, 3, 8]));
  without(query, ['groupBy', 'orderBy', 'trend', 'sparkline', 'intervals']);
  if (isGrouped) query.groupBy = dimension === 'user' && random.chance(0.3) ? ['team', 'user'] : [dimension];
  const values = Object.values(filters).flatMap((given) => ('not' in given ? given.not : given));
  const known = dimension === null ? [] : (VALUES[dimension] ?? attributeValues(dimension));
  const pool = [...values, ...known, ...known, '(none)'];
  const some = random.some(pool, random.integer(1, 3));
  return {
    ...question,
    query: isFiltered ? { ...query, filters: { [dimension]: chosen(random, some) } } : query,
  };
}

/** Who is new, and who is known: as of now, so at no points. */
function ofPeople(random: Random, given: Omit<Query, 'filters'>): Query {
  const query: Query = { ...given, metrics: random.some(PEOPLE, random.pick([1, 2, 4])) };
  without(query, ['groupBy', 'orderBy', 'trend', 'sparkline', 'intervals']);
  return query;
}

/** What the parts of runs have, by their model. */
function ofParts(random: Random, given: Omit<Query, 'filters'>): Query {
  const query: Query = { ...given, metrics: random.some(SPLIT_METRICS, 2), groupBy: ['call_model'] };
  without(query, ['orderBy', 'trend', 'sparkline', 'intervals']);
  if (random.chance(0.7)) return query;
  const models = random.some([...(VALUES.call_model ?? []), '(none)'], random.integer(1, 2));
  return { ...query, filters: { call_model: chosen(random, models) } };
}

/** What tool calls have, in all or by their tool. */
function ofCalls(random: Random, given: Omit<Query, 'filters'>): Query {
  const query: Query = { ...given, metrics: random.some(Object.keys(TOOL_METRICS), random.pick([1, 2, 4])) };
  without(query, ['groupBy', 'orderBy', 'trend', 'sparkline', 'intervals']);
  if (random.chance(0.6)) query.groupBy = ['tool'];
  if (random.chance(0.7)) return query;
  const tools = random.some([...(VALUES.tool ?? []), '(none)'], random.integer(1, 2));
  return { ...query, filters: { tool: chosen(random, tools) } };
}

/** By two things, each as a filter, a group or both. */
function byTwo(random: Random, given: Omit<Query, 'filters'>): Query {
  const query: Query = { ...given, metrics: random.some(MEASURES, random.pick([1, 3, 8])) };
  without(query, ['groupBy', 'orderBy', 'trend', 'sparkline', 'intervals']);
  const two = random.some(DIMENSIONS, 2);
  const groupBy = two.filter(() => random.chance(0.5));
  if (groupBy.length > 0) query.groupBy = groupBy;
  const filters = two
    .filter((name) => !groupBy.includes(name) || random.chance(0.3))
    .map((name) => {
      const some = random.some([...(VALUES[name] ?? attributeValues(name)), '(none)'], random.integer(1, 3));
      return [name, chosen(random, some)] as const;
    });
  return filters.length > 0 ? { ...query, filters: Object.fromEntries(filters) } : query;
}

function ofSessions(random: Random, given: Omit<Query, 'filters'>): Query {
  const some = random.some([...OF_SESSIONS, 'runs', 'active_users'], random.pick([1, 2, 4]));
  const query = { ...given, metrics: random.chance(0.5) ? [...new Set([...some, 'avg_session_lifespan'])] : some };
  without(query, ['groupBy', 'orderBy', 'trend', 'intervals']);
  if (random.chance(0.2)) return { refId: 'A', view: random.pick(['findings', 'headline']) } as unknown as Query;
  return random.chance(0.5) ? listOfSessions(random) : query;
}

/** By what they have most of, of all or of some; or those without a work item. */
function listOfSessions(random: Random): Query {
  const dimension = random.pick(['agent', 'status', 'user', 'repo', 'stage']);
  const values = random.some([...(VALUES[dimension] ?? attributeValues(dimension)), '(none)'], random.integer(1, 2));
  return {
    refId: 'A',
    view: random.weighted([
      [5, 'sessions'],
      [1, 'unlinked_sessions'],
    ]),
    limit: random.pick([1, 2, 3]),
    offset: random.pick([0, 0, 1]),
    ...random.pick([{}, ...['total_cost', 'total_tokens', 'runs'].map((orderBy) => ({ orderBy }))]),
    ...(random.chance(0.3) ? { filters: { [dimension]: chosen(random, values) } } : {}),
  } as unknown as Query;
}

function without(
  query: Query,
  members: readonly ('groupBy' | 'orderBy' | 'trend' | 'sparkline' | 'intervals')[],
): void {
  for (const member of members) delete query[member];
}

/** These values, or all but these. */
function chosen<T>(random: Random, values: T[]): T[] | { not: T[] } {
  return random.chance(0.3) ? { not: values } : values;
}

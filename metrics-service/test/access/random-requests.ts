import { ASKED } from '../support/random-families.js';
import type { Random } from '../support/random.js';
import { WORLD } from '../support/random-fields.js';
import type { Filters, Query, Question } from '../oracle/types.js';

/** One request of any route that answers from the data: its path, and its body if it has one. */
export interface DataRequest {
  path: string;
  body?: unknown;
}

const LISTS = [
  'sessions',
  'runs',
  'handoffs',
  'annotations',
  'data_quality',
  'work_items',
  'unlinked_sessions',
  'escalations',
  'tool_calls',
  'files',
  'live',
];
const OF_ONE = ['session', 'activity', 'timeline'];
const ORDERS: Record<string, readonly string[]> = {
  sessions: ['last_active_at', 'total_cost', 'user', 'session', 'runs', 'lifespan'],
  runs: ['started_at', 'user', 'run', 'total_cost', 'duration', 'session'],
  tool_calls: ['started_at', 'tool', 'duration', 'run', 'output_bytes'],
  files: ['changed_at', 'path', 'session', 'lines_added'],
  live: ['started_at', 'user', 'elapsed', 'state', 'total_cost'],
  handoffs: ['occurred_at', 'user', 'runs_after', 'method'],
};

/** Lists of what is no session and has none take no filter on what happened to one. */
const WITHOUT_FLAGS = ['work_items', 'escalations', 'tool_calls', 'files', 'live'];
const FLAGS = ['local_handoff', 'post_handoff_iteration'];

function ofList(random: Random, view: string, filters: Filters): Record<string, unknown> {
  const taken = Object.entries(filters).filter(([name]) => !WITHOUT_FLAGS.includes(view) || !FLAGS.includes(name));
  return {
    refId: 'A',
    view,
    filters: Object.fromEntries(taken),
    ...(view in ORDERS && random.chance(0.6) ? { orderBy: random.pick(ORDERS[view]!) } : {}),
    ...(random.chance(0.5) ? { direction: random.pick(['asc', 'desc']) } : {}),
    ...(random.chance(0.3) ? { limit: random.pick([1, 2, 5]) } : {}),
    ...(random.chance(0.2) ? { offset: random.pick([1, 2, 5]) } : {}),
    ...(view === 'annotations' && random.chance(0.5)
      ? { kinds: random.some(['handoff', 'failed_run', 'first_model_use'], 2) }
      : {}),
  };
}

function ofBudgets(random: Random): Record<string, unknown> {
  const filters = random.chance(0.3) ? { budget: random.some([...WORLD.budgets, 'Core'], 2) } : {};
  if (random.chance(0.5)) return { refId: 'A', view: 'budgets', filters };
  return { refId: 'A', view: 'table', metrics: ['budget_use', 'budget_projected_use'], groupBy: ['budget'], filters };
}

function asQuery({ window, timezone, query }: Question, asked: object = query): DataRequest {
  return { path: '/v1/query', body: { ...window, timezone, queries: [asked] } };
}

function exported(random: Random, { window, timezone, query }: Question): DataRequest {
  const { view: asked } = query;
  const list = asked === 'contrast' || asked === 'distribution' ? asked : random.pick(['sessions', 'runs']);
  const view = query.metrics ? 'table' : list;
  const { filters = {}, metrics, groupBy, direction, limit, of, by, interval } = query;
  const flags = new Set(view === 'table' ? [] : ['local_handoff', 'post_handoff_iteration']);
  const given = new URLSearchParams({
    from: String(window.from),
    to: String(window.to),
    timezone,
    filters: JSON.stringify(Object.fromEntries(Object.entries(filters).filter(([name]) => !flags.has(name)))),
    ...(direction ? { direction } : {}),
    ...(limit ? { limit: String(limit) } : {}),
    ...(of ? { of } : {}),
    ...(view === 'distribution' && interval ? { interval } : {}),
    ...(by ? { by: JSON.stringify(by) } : {}),
  });
  for (const metric of metrics ?? []) given.append('metrics', metric);
  for (const group of groupBy ?? []) given.append('groupBy', group);
  return { path: `/v1/export/${view}.csv?${given.toString()}` };
}

function values(random: Random, { window, query: { filters = {} } }: Question): DataRequest {
  const name = random.pick([...ASKED.groups, ...ASKED.filters]);
  const given = new URLSearchParams({
    ...(random.chance(0.5) ? { from: String(window.from), to: String(window.to) } : {}),
    ...(random.chance(0.4) ? { filters: JSON.stringify(filters) } : {}),
    ...(random.chance(0.3) ? { search: random.pick(['a', 'A', 's', 'o', '😀', 'r1']) } : {}),
    ...(random.chance(0.3) ? { limit: random.pick(['1', '3']) } : {}),
  });
  return { path: `/v1/dimensions/${name}/values?${given.toString()}` };
}

function tool(random: Random, { window, query }: Question): DataRequest {
  const span = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() };
  const filters = random.chance(0.5) ? { user: [random.pick([...WORLD.users, ...WORLD.names])] } : undefined;
  const [name, given] = random.pick<[string, object]>([
    ['recent_runs', { ...span, filters }],
    ['failures', { ...span, filters }],
    ['session', { ...span, session: random.pick(WORLD.sessions) }],
    ['agent_record', { ...span, agent: random.pick(WORLD.agents) }],
    ['compare', { ...span, filters, by: random.pick(['model', 'agent', 'team']) }],
    ['compare', { ...span, with: { model: random.pick(WORLD.models) }, of: random.pick(['sessions', 'work_items']) }],
    [
      'query',
      {
        ...span,
        filters,
        metrics: (query.metrics ?? ['runs', 'total_cost']).slice(0, 3),
        group_by: query.groupBy ?? ['user'],
      },
    ],
  ]);
  return { path: '/mcp', body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } } };
}

/** A request of any view and route, from a question that could be asked as it is. */
export function randomRequest(random: Random, question: Question): DataRequest {
  const { filters = {} } = question.query;
  const item = { work_item: [random.pick([...WORLD.workItems, 'nothing'])] };
  const session = { session: [random.pick([...WORLD.sessions, 'nothing'])] };
  return random.weighted<() => DataRequest>([
    [4, () => asQuery(question)],
    [3, () => asQuery(question, ofList(random, random.pick(LISTS), filters))],
    [3, () => asQuery(question, ofList(random, random.pick(OF_ONE), session))],
    [1, () => asQuery(question, ofList(random, 'work_item', item))],
    [2, () => asQuery(question, { refId: 'A', view: random.pick(['headline', 'findings']), filters })],
    [1, () => asQuery(question, ofBudgets(random))],
    [3, () => exported(random, question)],
    [4, () => values(random, question)],
    [1, () => tool(random, question)],
  ])();
}

/** Whether a request asks for single people or sessions: who sees numbers only is refused, or gets an empty list. */
export function isPersonal({ query }: { query: Query }): boolean {
  const filtered = Object.entries(query.filters ?? {}).filter(
    ([, filter]) => (Array.isArray(filter) ? filter : filter.not).length > 0,
  );
  const names = [...(query.groupBy ?? []), ...filtered.map(([name]) => name), ...Object.keys(query.by ?? {})];
  return query.view === 'sessions' || names.some((name) => name === 'user' || name === 'session');
}

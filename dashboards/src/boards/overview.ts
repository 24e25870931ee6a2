import { AnnotationQueryBuilder, RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import { cards, inPassing, numbers } from '../cards.js';
import { PLAIN, SHADES, STATUS_COLOURS, steps, TOKEN_COLOURS } from '../colours.js';
import { boardLink, field, OVERVIEW, SESSIONS, toBoard } from '../links.js';
import { definitions, metric } from '../metric.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL, type SavedQuery, type Setting } from '../query.js';
import { bar, ID, link, table } from '../tables.js';
import { bars, lines } from '../trends.js';
import { datasource, dimension, filteredBy, SHARED } from '../variables.js';

const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

export const PANELS = {
  good: 1,
  cost: 2,
  neutral: 3,
  friction: 4,
  effort: 5,
  trust: 6,
  runs: 11,
  successRate: 12,
  totalCost: 13,
  tokens: 14,
  activeUsers: 15,
  duration: 16,
  usersByRuns: 21,
  usersByCost: 22,
  usersByTokens: 23,
  failures: 24,
  repositories: 25,
} as const;

const CARDS = {
  good: ['active_users', 'runs', 'run_success_rate'],
  cost: ['total_cost'],
  neutral: ['total_tokens', 'avg_runs_per_session', 'local_handoff_rate'],
  friction: ['cost_per_successful_run', 'p95_run_duration', 'avg_queue_wait', 'post_handoff_iteration_rate'],
  effort: ['avg_agent_time_per_session', 'avg_session_lifespan'],
} as const;
const TRUST = ['cost_coverage', 'token_coverage', 'terminal_runs'];
const AGE = 'data_age';
const DAY_MS = 86_400_000;
// what is not known lies below the first step
const COVERAGE = steps([-Infinity, PLAIN], [0, 'red'], [0.5, 'orange'], [0.9, PLAIN]);

const sessions = toBoard(SESSIONS, { title: 'Sessions' });
const sessionsWith = (title: string, set: Record<string, string>) => toBoard(SESSIONS, { title, set });

const LINKS = {
  runs: sessions,
  active_users: sessions,
  run_success_rate: sessionsWith('Sessions with a failed run', { status: 'FAILED' }),
  total_cost: sessionsWith('Most expensive sessions', { sort: 'total_cost' }),
  total_tokens: sessionsWith('Sessions with most tokens', { sort: 'total_tokens' }),
  avg_runs_per_session: sessionsWith('Sessions with most runs', { sort: 'runs' }),
  local_handoff_rate: sessionsWith('Sessions with a local handoff', { local_handoff: 'true' }),
  cost_per_successful_run: sessionsWith('Most expensive sessions', { sort: 'total_cost' }),
  p95_run_duration: sessionsWith('Sessions with most agent time', { sort: 'agent_active_time' }),
  avg_queue_wait: sessions,
  post_handoff_iteration_rate: sessionsWith('Sessions with post-handoff iteration', { post_handoff_iteration: 'true' }),
  avg_agent_time_per_session: sessionsWith('Sessions with most agent time', { sort: 'agent_active_time' }),
  avg_session_lifespan: sessionsWith('Longest sessions', { sort: 'lifespan' }),
};

function linksOf(metrics: readonly string[]) {
  return Object.fromEntries(Object.entries(LINKS).filter(([name]) => metrics.includes(name)));
}

/** All cards and the strip share the answer to one question: the first asks, the others show parts of it. */
function addCards(to: DashboardBuilder): void {
  const asked = [...Object.values(CARDS).flat(), ...TRUST];
  const card = (name: keyof typeof CARDS, width: number, size: number) =>
    cards({
      id: PANELS[name],
      metrics: CARDS[name],
      width,
      height: size > 30 ? 4 : 3,
      size,
      links: linksOf(CARDS[name]),
    });
  const shared = answersOf(PANELS.good);
  to.withPanel(
    card('good', 10, 34)
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'total', metrics: asked, compare: 'previous' }))
      .withTarget(ask(SETTING, { refId: 'B', view: 'total', metrics: [AGE], filters: {} })),
  )
    .withPanel(card('cost', 4, 34).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('neutral', 10, 34).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('friction', 16, 22).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('effort', 8, 22).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(
      inPassing(numbers({ id: PANELS.trust, metrics: [...TRUST, AGE], width: 24, height: 2 }))
        .overrideByName('cost_coverage', COVERAGE)
        .overrideByName('token_coverage', COVERAGE)
        .overrideByName(AGE, steps([0, PLAIN], [DAY_MS, 'orange'], [7 * DAY_MS, 'red']))
        .datasource(OTHER_PANEL)
        .withTarget(shared),
    );
}

const TRAILING = ['active_users_1d', 'active_users_7d', 'active_users_30d'];
const DURATIONS = ['p95_run_duration', 'p50_run_duration'];

function shades(metrics: readonly string[]) {
  return Object.fromEntries(metrics.map((name, index) => [name, SHADES[index]!]));
}

function addTrends(to: DashboardBuilder): void {
  const size = { width: 8, height: 8 };
  to.withPanel(
    bars(SETTING, {
      id: PANELS.runs,
      title: 'Runs by status',
      metrics: ['runs'],
      query: { groupBy: ['status'] },
      colours: STATUS_COLOURS,
      ...size,
    }),
  )
    .withPanel(
      lines(SETTING, {
        id: PANELS.successRate,
        metrics: ['run_success_rate'],
        colours: { run_success_rate: STATUS_COLOURS.SUCCEEDED! },
        legend: false,
        ...size,
      }).max(1),
    )
    .withPanel(
      bars(SETTING, {
        id: PANELS.totalCost,
        title: 'Cost by model',
        metrics: ['total_cost'],
        query: { groupBy: ['call_model'] },
        ...size,
      }),
    )
    .withPanel(
      bars(SETTING, {
        id: PANELS.tokens,
        title: 'Tokens',
        metrics: Object.keys(TOKEN_COLOURS),
        colours: TOKEN_COLOURS,
        ...size,
      }),
    )
    .withPanel(
      lines(SETTING, {
        id: PANELS.activeUsers,
        title: 'Active users',
        metrics: TRAILING,
        colours: shades(TRAILING),
        ...size,
      }),
    )
    .withPanel(
      lines(SETTING, {
        id: PANELS.duration,
        title: 'Run duration',
        metrics: DURATIONS,
        colours: shades(DURATIONS),
        ...size,
      }).decimals(1),
    );
}

const TOP_USERS = { usersByRuns: 'runs', usersByCost: 'total_cost', usersByTokens: 'total_tokens' } as const;

/** The three lists of users share one request: a query each, of which a table shows its own. */
function addTables(to: DashboardBuilder): void {
  const lists = Object.entries(TOP_USERS) as [keyof typeof TOP_USERS, string][];
  const refIds = ['A', 'B', 'C'];
  lists.forEach(([name, by], index) => {
    const { title, definition } = metric(by);
    const built = table(PANELS[name], `Top users by ${title.toLowerCase()}`, { width: 8, height: 12 })
      .description(definition)
      .withTransformation({ id: 'filterByRefId', options: { include: refIds[index] } })
      .overrideByName('user', link(sessionsWith('Sessions of ${__value.text}', { user: field('user_id') })))
      .overrideByName('user_id', ID)
      .overrideByName(by, bar());
    const asking = lists.reduce(
      (panel, [, metricId], at) =>
        panel.withTarget(
          ask(SETTING, { refId: refIds[at]!, view: 'table', metrics: [metricId], groupBy: ['user'], limit: 10 }),
        ),
      built.datasource(CHOSEN),
    );
    to.withPanel(index === 0 ? asking : built.datasource(OTHER_PANEL).targets([answersOf(PANELS.usersByRuns)]));
  });
  to.withPanel(
    table(PANELS.failures, 'Why runs failed', { width: 10, height: 12 })
      .description(definitions(['failed_runs', 'failure_share']))
      .datasource(CHOSEN)
      .withTarget(
        ask(SETTING, {
          view: 'table',
          metrics: ['failed_runs', 'failure_share'],
          groupBy: ['failure_category'],
          limit: 10,
        }),
      )
      .overrideByName(
        'failure_category',
        link(sessionsWith('Sessions with it', { failure_category: field('failure_category') })),
      )
      .overrideByName('failure_share', bar()),
  ).withPanel(
    table(PANELS.repositories, 'Top repositories', { width: 14, height: 12 })
      .description(definitions(['runs', 'run_success_rate', 'total_cost']))
      .datasource(CHOSEN)
      .withTarget(
        ask(SETTING, {
          view: 'table',
          metrics: ['runs', 'run_success_rate', 'total_cost', 'cost_per_successful_run'],
          groupBy: ['repo'],
          limit: 10,
        }),
      )
      .overrideByName('repo', link(sessionsWith('Sessions in ${__value.text}', { repo: field('repo') })))
      .overrideByName('runs', bar()),
  );
}

const PROVIDER_FAILURES = { ...SETTING.filters, failure_category: ['provider_error', 'rate_limited'] };

function mark(name: string, query: Partial<SavedQuery>, colour: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(CHOSEN)
    .enable(false)
    .iconColor(colour)
    .target(ask(SETTING, { refId: 'Anno', view: 'annotations', limit: 200, ...query }));
}

export function overview(): DashboardBuilder {
  const built = board(
    OVERVIEW,
    'Runboard overview',
    'How the coding agents are used, how often they succeed, what they cost',
  )
    .variables([datasource, ...SHARED.map(dimension)])
    .link(boardLink('Sessions', SESSIONS))
    .annotation(mark('Handoffs', { kinds: ['handoff'] }, 'purple'))
    .annotation(mark('Provider failures', { kinds: ['failed_run'], filters: PROVIDER_FAILURES }, 'red'));
  addCards(built);
  built.withRow(new RowBuilder('Trends'));
  addTrends(built);
  built.withRow(new RowBuilder('Who, where, why'));
  addTables(built);
  return built;
}

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { cards, inPassing, numbers } from '../../cards.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { AGE, coloured, TRUST } from '../../trust.js';
import { PANELS, sessionsWith, SETTING } from './setting.js';

const CARDS = {
  good: ['active_users', 'runs', 'run_success_rate'],
  cost: ['total_cost'],
  neutral: ['total_tokens', 'avg_runs_per_session', 'local_handoff_rate'],
  friction: ['cost_per_successful_run', 'p95_run_duration', 'avg_queue_wait', 'post_handoff_iteration_rate'],
  effort: ['avg_agent_time_per_session', 'avg_session_lifespan'],
} as const;
const TITLES = {
  good: 'Use and success',
  cost: 'Cost',
  neutral: 'Volume',
  friction: 'Price and waiting',
  effort: 'Sessions',
} as const;

const sessions = sessionsWith('Sessions');

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
export function addCards(to: DashboardBuilder): void {
  const asked = [...Object.values(CARDS).flat(), ...TRUST];
  const card = (name: keyof typeof CARDS, width: number, size: number) =>
    cards({
      id: PANELS[name],
      title: TITLES[name],
      metrics: CARDS[name],
      width,
      height: 4,
      size,
      links: linksOf(CARDS[name]),
    });
  const shared = answersOf(PANELS.good);
  to.withPanel(
    card('good', 9, 34)
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'total', metrics: asked, compare: 'previous' }))
      .withTarget(ask(SETTING, { refId: 'B', view: 'total', metrics: [AGE], filters: {} })),
  )
    .withPanel(card('cost', 4, 34).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('neutral', 11, 34).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('friction', 16, 22).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(card('effort', 8, 22).datasource(OTHER_PANEL).withTarget(shared))
    .withPanel(
      coloured(
        inPassing(
          numbers({
            id: PANELS.trust,
            title: 'How far to trust this',
            metrics: [...TRUST, AGE],
            width: 24,
            height: 3,
          }),
        ),
        { leads: true },
      )
        .datasource(OTHER_PANEL)
        .withTarget(shared),
    );
}

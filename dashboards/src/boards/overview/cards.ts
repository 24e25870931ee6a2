import { RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { inPassing, linksProperty, numbers, sharedCards, type Cards } from '../../cards.js';
import { OVERVIEW, toBoard } from '../../links.js';
import { definitions } from '../../metric.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { AGE, coloured, TRUST } from '../../trust.js';
import { filteredBy } from '../../variables.js';
import { PANELS, runsWith, sessionsWith, SETTING } from './setting.js';
import { tokens } from './trends.js';

/** The seven numbers, in two rows: of four, and of three. */
const FIRST: Cards = {
  active_users: sessionsWith('Sessions'),
  runs: sessionsWith('Sessions with most runs', { sort: 'runs' }),
  run_success_rate: runsWith('Show failed runs', { status: 'FAILED' }),
  total_cost: sessionsWith('Most expensive sessions', { sort: 'total_cost' }),
};
const SECOND: Cards = {
  total_tokens: sessionsWith('Sessions with most tokens', { sort: 'total_tokens' }),
  avg_runs_per_session: sessionsWith('Sessions with most runs', { sort: 'runs' }),
  local_handoff_rate: sessionsWith('Sessions with a local handoff', { local_handoff: 'true' }),
};
const IN_SIGHT = Object.keys({ ...FIRST, ...SECOND }).length;
const LESS_USED: Cards = {
  cost_per_successful_run: sessionsWith('Most expensive sessions', { sort: 'total_cost' }),
  p95_run_duration: runsWith('Show the longest runs', { first: 'duration' }),
  avg_queue_wait: runsWith('Show the runs that waited longest', { first: 'queue_wait' }),
  post_handoff_iteration_rate: sessionsWith('Sessions with post-handoff iteration', { post_handoff_iteration: 'true' }),
  avg_agent_time_per_session: sessionsWith('Sessions with most agent time', { sort: 'agent_active_time' }),
  avg_session_lifespan: sessionsWith('Longest sessions', { sort: 'lifespan' }),
};
const OUTPUT = ['files_changed', 'lines_added', 'lines_deleted', 'tests_run', 'test_pass_rate', 'cache_read_ratio'];

/** New users are of runs, which every filter narrows; the others are of people, who have a team only. */
const OF_RUNS = ['new_users'];
const OF_PEOPLE = ['adoption_rate', 'known_users', 'quiet_users'];
const ADOPTION = [...OF_PEOPLE, ...OF_RUNS];

export function addCards(to: DashboardBuilder): void {
  for (const panel of sharedCards(SETTING, PANELS.cards, [FIRST, SECOND], { height: 4 })) to.withPanel(panel);
}

/** How far the numbers can be trusted, and how many of the known people there are; the second shows what the first asks. */
export function addStrips(to: DashboardBuilder): void {
  const place = { width: 12, height: 3 };
  const strip = numbers({ id: PANELS.trust, title: 'How far to trust this', metrics: [...TRUST, AGE], ...place });
  to.withPanel(
    coloured(inPassing(strip), { leads: true })
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'total', metrics: TRUST }))
      .withTarget(ask(SETTING, { refId: 'B', view: 'total', metrics: [AGE], filters: {} }))
      .withTarget(
        ask(SETTING, { refId: 'C', view: 'total', metrics: OF_PEOPLE, filters: filteredBy(['user', 'team']) }),
      )
      .withTarget(ask(SETTING, { refId: 'D', view: 'total', metrics: OF_RUNS })),
  );
  const adoption = inPassing(numbers({ id: PANELS.adoption, title: 'Adoption', metrics: ADOPTION, ...place }))
    .description(`${definitions(ADOPTION)}\n\nOf the filters, all but new users follow those of teams and users only.`)
    .datasource(OTHER_PANEL)
    .withTarget(answersOf(PANELS.trust));
  const who = toBoard(OVERVIEW, { title: 'Show who ran, for how much' });
  const link = linksProperty([{ ...who, url: `${who.url}&viewPanel=panel-${PANELS.usersByCost}` }]);
  to.withPanel(ADOPTION.reduce((built, name) => built.overrideByName(name, [link]), adoption));
}

/** What is read now and then: folded, and asked for only when it is opened. */
export function addLessUsed(to: DashboardBuilder): void {
  const row = new RowBuilder('More numbers').collapsed(true);
  for (const panel of sharedCards(SETTING, PANELS.cards + IN_SIGHT, [LESS_USED], { height: 5 })) row.withPanel(panel);
  row.withPanel(
    numbers({ id: PANELS.output, title: 'Output', metrics: OUTPUT, width: 24, height: 4 })
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'total', metrics: OUTPUT })),
  );
  row.withPanel(tokens());
  to.withRow(row);
}

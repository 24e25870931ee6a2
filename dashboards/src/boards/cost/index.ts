import { RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { sharedCards, type Cards } from '../../cards.js';
import { boardLink, COST, OF_POINT, OVERVIEW, PERFORMANCE, RUNS, SESSIONS, toBoard } from '../../links.js';
import { alerts, budgetChanges } from '../../marks.js';
import { link } from '../../tables.js';
import { bars } from '../../trends.js';
import { behind, datasource, dimension, oneOf, SHARED } from '../../variables.js';
import { contrastOf } from '../compare/contrast.js';
import { WITH } from '../compare/setting.js';
import { outcomes } from './outcomes.js';
import { PANELS, runsWith, sessionsWith, SETTING } from './setting.js';
import { byGroup, byModel, dearRuns, dearSessions } from './tables.js';

const CARDS: readonly Cards[] = [
  {
    total_cost: sessionsWith('Most expensive sessions', {}),
    cost_per_run: runsWith('Runs, dearest first', {}),
    cost_per_successful_run: runsWith('Runs that succeeded, dearest first', { status: 'SUCCEEDED' }),
  },
  {
    cost_per_million_tokens: sessionsWith('Sessions with most tokens', { sort: 'total_tokens' }),
    unsuccessful_cost: runsWith('Runs that failed, dearest first', { status: 'FAILED' }),
    cache_savings: toBoard(PERFORMANCE, { title: 'Performance: tokens and the cache', set: {} }),
  },
];

/** Where the money goes, and what it buys. */
export function cost(): DashboardBuilder {
  const ofDay = toBoard(SESSIONS, {
    title: 'Sessions of this time, dearest first',
    set: { sort: 'total_cost' },
    range: OF_POINT,
  });
  const built = board(COST, 'Runboard cost', 'Where the money goes, what it buys, and what is lost')
    .variables([
      datasource,
      ...['team', 'user', 'repo'].map(dimension),
      oneOf(WITH.name, WITH.label, 'role'),
      ...SHARED.slice(3).map((name) => behind(dimension(name))),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS))
    .annotation(alerts())
    .annotation(budgetChanges().enable(true));
  for (const panel of sharedCards(SETTING, PANELS.cards, CARDS, { height: 4 })) built.withPanel(panel);
  return built
    .withPanel(
      bars(SETTING, {
        id: PANELS.daily,
        title: 'Cost by model',
        metrics: ['total_cost'],
        query: { groupBy: ['call_model'] },
        total: true,
        link: link({ ...ofDay, oneClick: true }),
        ...{ width: 14, height: 9 },
      }),
    )
    .withPanel(outcomes())
    .withPanel(byModel())
    .withPanel(
      bars(SETTING, {
        id: PANELS.cache,
        metrics: ['cache_savings'],
        query: { groupBy: ['model'] },
        ...{ total: true, signed: true, width: 10, height: 8 },
      }),
    )
    .withPanel(byGroup(PANELS.teams, 'By team', 'team', 12))
    .withPanel(byGroup(PANELS.repos, 'By repository', 'repo', 12))
    .withPanel(byGroup(PANELS.roles, 'By role', 'role', 8))
    .withPanel(byGroup(PANELS.tasks, 'By kind of task', 'task_type', 8))
    .withPanel(byGroup(PANELS.agents, 'By agent', 'agent', 8))
    .withRow(new RowBuilder('The dearest'))
    .withPanel(dearRuns())
    .withPanel(dearSessions())
    .withRow(new RowBuilder('With and without a role'))
    .withPanel(contrastOf('work_items', 'Work items with and without the role', 'Work items', SETTING))
    .withPanel(contrastOf('sessions', 'Sessions with and without the role', 'Sessions', SETTING));
}

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { sharedCards } from '../../cards.js';
import { AGENTS, boardLink, COMPARE, field, OVERVIEW, RUNS, WORK_ITEMS } from '../../links.js';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { bar, link, table, width, WRAPPED } from '../../tables.js';
import { bars } from '../../trends.js';
import { behind, carried, datasource, dimension } from '../../variables.js';
import { escalationsTable } from './escalations.js';
import { agentsWith, ALL, openAgent } from './setting.js';
import { agentsTable } from './table.js';

export const PANELS = { list: 1, models: 2, closed: 3, escalations: 4, roles: 5, cards: 11 } as const;

const CARDS = ['closed_work_items', 'rework_rate', 'run_success_rate', 'cost_per_work_item'];
const OF_GROUP = ['runs', 'run_success_rate', 'total_cost', 'cost_per_successful_run'];

function byModel() {
  return table(PANELS.models, 'Agents by model', { width: 12, height: 9, metrics: OF_GROUP })
    .description(`By the model that wrote most of a run. ${definitions(OF_GROUP)}`)
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'table', metrics: OF_GROUP, groupBy: ['agent', 'model'], limit: 200 }))
    .overrideByName('agent', [WRAPPED, ...link(openAgent)])
    .overrideByName('model', [
      WRAPPED,
      ...link(agentsWith('Show agents with ${__value.text}', { model: field('model') })),
    ])
    .overrideByName('runs', [width(70)])
    .overrideByName('total_cost', bar());
}

/** Who does what, how well, and for how much. */
export function agents(): DashboardBuilder {
  const built = board(AGENTS, 'Runboard agents', 'Which agents close work, how well, for how much, and when they call')
    .variables([
      datasource,
      ...['project', 'role'].map(dimension),
      ...['work_item_type', 'runtime', 'model'].map((name) => behind(dimension(name))),
      ...['team', 'user', 'repo'].map(carried),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Work items', WORK_ITEMS))
    .link(boardLink('Runs', RUNS))
    .link(boardLink('Compare', COMPARE));
  const links = Object.fromEntries(CARDS.map((name) => [name, undefined]));
  return sharedCards(ALL, PANELS.cards, [links], { height: 4 })
    .reduce((made, card) => made.withPanel(card), built)
    .withPanel(agentsTable(PANELS.list, { title: 'Agents', width: 24, height: 10 }))
    .withPanel(
      bars(ALL, {
        id: PANELS.closed,
        title: 'Closed work items by agent',
        metrics: ['closed_work_items'],
        query: { groupBy: ['agent'], limit: 10 },
        width: 12,
        height: 9,
      }),
    )
    .withPanel(byModel())
    .withPanel(escalationsTable(PANELS.escalations, ALL, { width: 24, height: 8 }));
}

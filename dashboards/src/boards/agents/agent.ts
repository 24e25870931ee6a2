import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { sharedCards } from '../../cards.js';
import {
  AGENT,
  AGENTS,
  boardLink,
  field,
  OF_POINT,
  OVERVIEW,
  RUNS,
  SESSION,
  toBoard,
  WORK_ITEM,
  WORK_ITEMS,
} from '../../links.js';
import { ask, CHOSEN } from '../../query.js';
import { runsTable } from '../../runs-table.js';
import { atLeast, EMPTY, inOrder, link, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../../tables.js';
import { bars, lines } from '../../trends.js';
import { carried, datasource, SHARED, text } from '../../variables.js';
import { BANDED } from '../work-items/setting.js';
import { escalationsTable } from './escalations.js';
import { KEPT, ONE } from './setting.js';
import { agentsTable } from './table.js';

export const PANELS = {
  log: 1,
  closed: 2,
  success: 3,
  cost: 4,
  escalations: 5,
  runs: 6,
  others: 7,
  cards: 11,
} as const;

const CARDS = ['closed_work_items', 'rework_rate', 'run_success_rate', 'cost_per_work_item'];
const LOG = [
  'Work item',
  'Title',
  'Type',
  'First run',
  'Last run',
  'Closed',
  'Time to close',
  'Quality',
  'Models',
  'Runs',
  'Total tokens',
  'Total cost',
  'Escalations',
];

function workLog() {
  return table(PANELS.log, 'Work log', { width: 24, height: 11, metrics: ['total_cost', 'total_tokens'] })
    .description(
      'Work items that its runs of the range are about, the latest first. Models, runs, tokens and cost are those of its ' +
        'runs; when a work item was begun and closed, and its quality, are of the whole, whoever else worked on it.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'work_items', orderBy: 'last_run_at', direction: 'desc', limit: 500 }))
    .withTransformation(only([NOTE, ...LOG]))
    .withTransformation(inOrder(LOG))
    .overrideByName('work_item', [
      width(120),
      WRAPPED,
      ...link(toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } })),
    ])
    .overrideByName('title', [WRAPPED, EMPTY, atLeast(130)])
    .overrideByName('type', [width(75), EMPTY])
    .overrideByName('first_run_at', SHORT_TIME)
    .overrideByName('last_run_at', SHORT_TIME)
    .overrideByName('closed_at', [...SHORT_TIME, { id: 'noValue', value: 'open' }])
    .overrideByName('time_to_close', [width(95)])
    .overrideByName('quality', [width(95), WRAPPED, EMPTY])
    .overrideByName('models', [atLeast(130), WRAPPED, EMPTY])
    .overrideByName('runs', [width(60)])
    .overrideByName('total_tokens', [width(75)])
    .overrideByName('total_cost', [width(80), ...BANDED])
    .overrideByName('escalations', [width(95)]);
}

function runs() {
  return runsTable(PANELS.runs, 'Latest runs', {
    width: 24,
    height: 9,
    columns: [
      'Run',
      'Status',
      'Started',
      'Duration',
      'Total cost',
      'Work item',
      'Stage',
      'Role',
      'Model',
      'Error summary',
    ],
    run: link(
      toBoard(SESSION, {
        title: 'Show run ${__value.text} in its session',
        set: { session: field('session'), run: field('run') },
      }),
    ),
  })
    .description('Its latest 100 runs of the range; **Runs** at the top of the board has all of them')
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'runs', limit: 100 }))
    .overrideByName('work_item', [
      width(110),
      WRAPPED,
      EMPTY,
      ...link(toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } })),
    ])
    .overrideByName('stage', [width(115), EMPTY])
    .overrideByName('role', [width(80), EMPTY]);
}

/** One agent: what it worked on, how that went, and when it called for a person. */
export function agent(): DashboardBuilder {
  const built = board(AGENT, 'Runboard agent', 'What one agent worked on, how well, and when it called for a person')
    .variables([datasource, text('agent'), ...[...SHARED, ...KEPT].map(carried)])
    .link(boardLink('Agents', AGENTS))
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Work items', WORK_ITEMS))
    .link(boardLink('Runs', RUNS));
  const size = { width: 8, height: 8 };
  const ofDay = link(
    toBoard(RUNS, {
      title: 'Runs of this time, dearest first',
      set: { agent: '${agent}', first: 'total_cost' },
      range: OF_POINT,
    }),
  );
  const cards = Object.fromEntries(CARDS.map((name) => [name, undefined]));
  return sharedCards(ONE, PANELS.cards, [cards], { height: 4 })
    .reduce((made, card) => made.withPanel(card), built)
    .withPanel(workLog())
    .withPanel(bars(ONE, { id: PANELS.closed, metrics: ['closed_work_items'], legend: false, ...size }))
    .withPanel(
      lines(ONE, { id: PANELS.success, metrics: ['run_success_rate'], legend: false, link: ofDay, ...size }).max(1),
    )
    .withPanel(
      bars(ONE, {
        id: PANELS.cost,
        title: 'Cost by model',
        metrics: ['total_cost'],
        query: { groupBy: ['call_model'] },
        total: true,
        link: ofDay,
        ...size,
      }),
    )
    .withPanel(escalationsTable(PANELS.escalations, ONE, { width: 16, height: 9, isOfOne: true }))
    .withPanel(
      agentsTable(PANELS.others, {
        title: 'Choose an agent',
        width: 8,
        height: 9,
        metrics: ['closed_work_items', 'rework_rate', 'run_success_rate'],
      }),
    )
    .withPanel(runs());
}

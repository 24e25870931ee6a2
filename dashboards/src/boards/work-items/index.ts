import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { sharedCards } from '../../cards.js';
import {
  AGENTS,
  boardLink,
  field,
  OVERVIEW,
  RUNS,
  SESSION,
  SESSIONS,
  toBoard,
  WORK_ITEM,
  WORK_ITEMS,
} from '../../links.js';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { atLeast, bar, EMPTY, ID, inOrder, link, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../../tables.js';
import { lines } from '../../trends.js';
import { behind, choice, datasource, dimension } from '../../variables.js';
import { ROWS } from '../../lists.js';
import { ALL, BANDED, BY, byVariable, CLOSED, KEPT, UNLINKED } from './setting.js';

export const PANELS = { list: 1, costs: 2, epics: 3, unlinked: 4, ofRuns: 11, ofClosed: 21 } as const;

const SHOWN = [
  'Work item',
  'Title',
  'Type',
  'Epic',
  'State',
  'Sessions',
  'Runs',
  'Total tokens',
  'Total cost',
  'Time to close',
  'Quality',
  'Escalations',
];
const OF_EPIC = ['total_cost', 'work_items', 'cost_per_work_item'];

const here = (title: string, set: Record<string, string>) =>
  toBoard(WORK_ITEMS, { title, set, keep: [...KEPT, 'rows'] });
const open = toBoard(WORK_ITEM, {
  title: 'Open work item ${__value.text}',
  set: { work_item: field('work_item') },
  keep: KEPT,
});

function list() {
  return table(PANELS.list, 'Work items', { width: 24, height: 13, metrics: ['total_cost', 'total_tokens'] })
    .description(
      'Work items that runs of the range are about; sessions, runs, tokens and cost are those of the range. **First** ' +
        'orders all of them; a click on a column orders the rows that are loaded. A cost is green below 5 ' +
        'dollars, yellow below 20, orange below 50, red from there.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'work_items', orderBy: `$${BY}`, direction: 'desc', limit: '$rows' }))
    .withTransformation(only([NOTE, ...SHOWN]))
    .withTransformation(inOrder(SHOWN))
    .overrideByName('work_item', [width(110), WRAPPED, ...link(open)])
    .overrideByName('title', [WRAPPED, EMPTY, atLeast(150)])
    .overrideByName('type', [width(80), EMPTY])
    .overrideByName('epic', [
      width(90),
      WRAPPED,
      EMPTY,
      ...link(here('Show work items of ${__value.text}', { epic: field('epic') })),
    ])
    .overrideByName('state', [width(65)])
    .overrideByName('sessions', [width(75)])
    .overrideByName('runs', [width(60)])
    .overrideByName('total_tokens', [width(80)])
    .overrideByName('total_cost', [width(85), ...BANDED])
    .overrideByName('time_to_close', [width(100)])
    .overrideByName('quality', [width(95), WRAPPED, EMPTY])
    .overrideByName('escalations', [width(95)]);
}

function epics() {
  return table(PANELS.epics, 'Where the money goes', { width: 12, height: 8, metrics: OF_EPIC })
    .description(`By epic, the topmost parent of a work item. ${definitions(OF_EPIC)}`)
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'table', metrics: OF_EPIC, groupBy: ['epic'], limit: 50 }))
    .overrideByName('epic', [...link(here('Show work items of ${__value.text}', { epic: field('epic') }))])
    .overrideByName('total_cost', bar());
}

function unlinked() {
  const columns = ['Session', 'User', 'Repository', 'Branch', 'Last active', 'Runs', 'Total cost', 'Link it'];
  return table(PANELS.unlinked, 'Unlinked work', { width: 24, height: 9, metrics: ['total_cost'] })
    .description(
      'Sessions with runs that are about no work item, the dearest first. The command links one: put the work item in the ' +
        'place of ITEM. Project, type and epic do not filter them.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(UNLINKED, { view: 'unlinked_sessions', limit: '$rows' }))
    .withTransformation(only([NOTE, ...columns, 'User id']))
    .withTransformation(inOrder(columns))
    .overrideByName('session', [
      width(170),
      WRAPPED,
      ...link(toBoard(SESSION, { title: 'Open session ${__value.text}', set: { session: field('session') } })),
    ])
    .overrideByName('user', [
      width(120),
      WRAPPED,
      ...link(toBoard(SESSIONS, { title: 'Sessions of ${__value.text}', set: { user: field('user_id') } })),
    ])
    .overrideByName('user_id', ID)
    .overrideByName('repo', [width(140), WRAPPED])
    .overrideByName('branch', [width(140), WRAPPED, EMPTY])
    .overrideByName('last_active_at', SHORT_TIME)
    .overrideByName('runs', [width(60)])
    .overrideByName('total_cost', [width(85)])
    .overrideByName('command', [WRAPPED, atLeast(300), { id: 'custom.inspect', value: true }]);
}

/** What pieces of work cost, and whether they came back. */
export function workItems(): DashboardBuilder {
  const built = board(
    WORK_ITEMS,
    'Runboard work items',
    'What pieces of work cost, which are dear, and whether they came back',
  )
    .variables([
      datasource,
      ...['team', 'project'].map(dimension),
      byVariable(),
      ...['work_item_type', 'epic', 'user', 'repo', 'runtime', 'model'].map((name) => behind(dimension(name))),
      behind(choice('rows', ROWS.label, ROWS.options)),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS))
    .link(boardLink('Agents', AGENTS));
  const size = { width: 6, height: 4 };
  const cards = [
    ...sharedCards(
      ALL,
      PANELS.ofRuns,
      [
        {
          work_items: here('Show those with most runs', { by: 'runs' }),
          cost_per_work_item: here('Show the dearest', { by: 'total_cost' }),
        },
      ],
      size,
    ),
    ...sharedCards(
      CLOSED,
      PANELS.ofClosed,
      [{ p50_time_to_close: here('Show those open longest', { by: 'time_to_close' }), rework_rate: undefined }],
      size,
    ),
  ];
  return cards
    .reduce((made, card) => made.withPanel(card), built)
    .withPanel(list())
    .withPanel(
      lines(ALL, {
        id: PANELS.costs,
        title: 'Cost per work item',
        metrics: ['cost_per_work_item'],
        query: { groupBy: ['work_item_type'], limit: 6 },
        width: 12,
        height: 8,
      }),
    )
    .withPanel(epics())
    .withPanel(unlinked());
}

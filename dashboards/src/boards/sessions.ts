import {
  VariableHide,
  type CustomVariableBuilder,
  type DashboardBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { SESSION_COLUMNS } from '../../../metrics-service/src/query/statements/sessions-list.js';
import { findMetric } from '../../../metrics-service/src/catalogue/index.js';
import { board } from '../board.js';
import { numbers } from '../cards.js';
import {
  boardLink,
  field,
  OVERVIEW,
  RUNS,
  SESSION,
  SESSIONS,
  toBoard,
  WORK_ITEM,
  WORK_ITEMS,
  type Link,
} from '../links.js';
import { download, FLAGS, LISTED, LISTS, ROWS } from '../lists.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../query.js';
import { atLeast, EMPTY, ID, inOrder, link, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../tables.js';
import { behind, choice, datasource, dimension, flag, SHARED } from '../variables.js';

const titleOf = ({ name, title }: { name: string; title?: string }) => title ?? findMetric(name)!.title;
const sortable = SESSION_COLUMNS.filter(({ name }) => name !== 'last_active_at').map(
  (column) => [titleOf(column), column.name] as const,
);

const ORDER: Readonly<Record<string, { label: string; options: readonly (readonly [string, string])[] }>> = {
  sort: { label: 'Sort by', options: [['Last active', 'last_active_at'], ...sortable] },
  direction: {
    label: 'Order',
    options: [
      ['Descending', 'desc'],
      ['Ascending', 'asc'],
    ],
  },
  rows: ROWS,
};

/** Which part of the list, in which order: over all sessions, not only those that are loaded. */
export function orderVariables(hide = VariableHide.DontHide): CustomVariableBuilder[] {
  return Object.entries(ORDER).map(([name, { label, options }]) => choice(name, label, options).hide(hide));
}

/** This board's variables besides the shared ones. */
export const OWN_FILTERS = [...LISTS, ...FLAGS];
export const OWN = [...OWN_FILTERS, ...Object.keys(ORDER)];

/** Three beside each other: on a phone, too. */
const EFFORT = ['active_sessions', 'avg_runs_per_session', 'avg_agent_time_per_session'];
const FRICTION = ['max_session_cost', 'local_handoff_rate', 'post_handoff_iteration_rate'];

export const PANELS = { effort: 1, list: 2, friction: 3 } as const;

const here = (title: string, set: Record<string, string>): Link => toBoard(SESSIONS, { title, set, keep: OWN });

/** What fits beside a docked menu at 1440 pixels; the file has all columns, and the session's board. */
const SHOWN = [
  'Session',
  'User',
  'Repository',
  'Work item',
  'Last active',
  'Runs',
  'Failed runs',
  'Why runs failed',
  'Total cost',
  'Agent active time',
  'Lifespan',
  'Handoffs',
];

function list() {
  const metrics = SESSION_COLUMNS.map(({ name }) => name);
  return table(PANELS.list, 'Sessions', { width: 24, height: 22, metrics })
    .description(
      'Sessions with a run, message or handoff in the range. **Sort by** orders all of them; a click on a column orders ' +
        'the rows that are loaded. The downloaded file has all columns.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(LISTED, { view: 'sessions', orderBy: '$sort', direction: '$direction', limit: '$rows' }))
    .withTransformation(only([NOTE, ...SHOWN, 'User id']))
    .withTransformation(inOrder(SHOWN))
    .overrideByName('session', [
      atLeast(120),
      WRAPPED,
      ...link(
        toBoard(SESSION, { title: 'Open session ${__value.text}', set: { session: field('session') }, keep: OWN }),
      ),
    ])
    .overrideByName('user', [
      width(110),
      WRAPPED,
      ...link(here('Sessions of ${__value.text}', { user: field('user_id') })),
    ])
    .overrideByName('user_id', ID)
    .overrideByName('repo', [
      width(125),
      WRAPPED,
      ...link(here('Sessions in ${__value.text}', { repo: field('repo') })),
    ])
    .overrideByName('work_item', [
      width(95),
      WRAPPED,
      EMPTY,
      ...link(toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } })),
    ])
    .overrideByName('last_active_at', SHORT_TIME)
    .overrideByName('runs', [width(60)])
    .overrideByName('failed_runs', [width(65)])
    .overrideByName('failure_reasons', [WRAPPED, EMPTY, atLeast(120)])
    .overrideByName('total_cost', [width(85)])
    .overrideByName('agent_active_time', [width(90)])
    .overrideByName('lifespan', [width(80)])
    .overrideByName('handoffs', [width(85)]);
}

/** The filters of one row; the rest is behind a control. */
const IN_SIGHT = ['team', 'user', 'repo', 'status'];

export function sessions(): DashboardBuilder {
  const [order, ...part] = orderVariables();
  const hidden = [...SHARED, ...LISTS].filter((name) => !IN_SIGHT.includes(name));
  return board(
    SESSIONS,
    'Runboard sessions',
    'Every session of the range: who, where, how much, and whether it was taken over by hand',
  )
    .variables(
      [datasource, ...IN_SIGHT.map(dimension), order!, ...hidden.map(dimension), ...FLAGS.map(flag), ...part].map(
        (variable, at) => (at > IN_SIGHT.length + 1 ? behind(variable) : variable),
      ),
    )
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Runs', RUNS))
    .link(boardLink('Work items', WORK_ITEMS))
    .link(download('sessions', 'orderBy=${sort}&direction=${direction}'))
    .withPanel(
      numbers({ id: PANELS.effort, title: 'Sessions in numbers', metrics: EFFORT, width: 12, height: 3, size: 22 })
        .datasource(CHOSEN)
        .withTarget(ask(LISTED, { view: 'total', metrics: [...EFFORT, ...FRICTION] })),
    )
    .withPanel(
      numbers({ id: PANELS.friction, title: 'Cost and handoffs', metrics: FRICTION, width: 12, height: 3, size: 22 })
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.effort)),
    )
    .withPanel(list());
}

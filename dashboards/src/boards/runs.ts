import {
  VariableHide,
  type CustomVariableBuilder,
  type DashboardBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import {
  AGENT,
  boardLink,
  field,
  OVERVIEW,
  RUNS,
  SESSION,
  SESSIONS,
  toBoard,
  WORK_ITEM,
  WORK_ITEMS,
} from '../links.js';
import { download, FLAGS, LISTED, LISTS, ROWS } from '../lists.js';
import { ask, CHOSEN } from '../query.js';
import { runsTable } from '../runs-table.js';
import { atLeast, EMPTY, ID, link, width, WRAPPED } from '../tables.js';
import { behind, choice, datasource, dimension, flag } from '../variables.js';

export const PANELS = { list: 1 } as const;

/** The variable that orders them: not that of sessions, which have other columns. */
export const FIRST = 'first';

/** What one looks for first. */
export function firstVariable(hide = VariableHide.DontHide): CustomVariableBuilder {
  return choice(FIRST, 'First', [
    ['Latest', 'started_at'],
    ['Slowest', 'duration'],
    ['Dearest', 'total_cost'],
    ['Longest in the queue', 'queue_wait'],
    ['Longest waiting for a person', 'await'],
  ]).hide(hide);
}

/** What one looks for comes first: beside a docked menu at 1440 pixels all up to the user is in sight. */
const COLUMNS = [
  'Run',
  'Status',
  'Started',
  'Duration',
  'Queue wait',
  'Waited for a person',
  'Total cost',
  'Failure category',
  'Error summary',
  'User',
  'Repository',
  'Model',
  'Team',
  'Session',
  'Work item',
  'Stage',
  'Role',
  'Agent',
];

/** Runs of all sessions: the slow, the dear, the failed, those that waited. */
export function runs(): DashboardBuilder {
  const ofSession = { session: field('session') };
  const here = (title: string, set: Record<string, string>) =>
    toBoard(RUNS, { title, set, keep: [...LISTS, ...FLAGS, FIRST, 'rows'] });
  const keep = [...LISTS, ...FLAGS, FIRST, 'rows'];
  return board(RUNS, 'Runboard runs', 'Runs of all sessions: the slow, the dear, the failed, and those that waited')
    .variables([
      datasource,
      ...['team', 'user', 'repo', 'status'].map(dimension),
      firstVariable(),
      ...['runtime', 'model', 'failure_category', 'agent'].map((name) => behind(dimension(name))),
      ...FLAGS.map((name) => behind(flag(name))),
      behind(choice('rows', ROWS.label, ROWS.options)),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Work items', WORK_ITEMS))
    .link(download('runs', 'orderBy=${first}&direction=desc'))
    .withPanel(
      runsTable(PANELS.list, 'Runs', {
        width: 24,
        height: 24,
        columns: COLUMNS,
        run: link(
          toBoard(SESSION, {
            title: 'Show run ${__value.text} in its session',
            set: { ...ofSession, run: field('run') },
            keep,
          }),
        ),
      })
        .description(
          'Runs that started in the range. **First** orders all of them; a click on a column orders the rows that are ' +
            'loaded. A click on a run shows it in its session. For the failed ones choose them under **Status**. The downloaded file has all columns.',
        )
        .datasource(CHOSEN)
        .withTarget(ask(LISTED, { view: 'runs', orderBy: '$first', direction: 'desc', limit: '$rows' }))
        .overrideByName('user', [
          width(95),
          WRAPPED,
          ...link(here('Show runs of ${__value.text}', { user: field('user_id') })),
        ])
        .overrideByName('user_id', ID)
        .overrideByName('error_summary', [atLeast(200)])
        .overrideByName('repo', [
          width(125),
          WRAPPED,
          ...link(here('Show runs in ${__value.text}', { repo: field('repo') })),
        ])
        .overrideByName('team', [width(80)])
        .overrideByName('session', [
          width(150),
          WRAPPED,
          ...link(toBoard(SESSION, { title: 'Open session ${__value.text}', set: ofSession, keep })),
        ])
        .overrideByName('work_item', [
          width(110),
          WRAPPED,
          EMPTY,
          ...link(
            toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } }),
          ),
        ])
        .overrideByName('stage', [width(115), EMPTY])
        .overrideByName('role', [width(80), EMPTY])
        .overrideByName('agent', [
          width(110),
          WRAPPED,
          EMPTY,
          ...link(toBoard(AGENT, { title: 'Open agent ${__value.text}', set: { agent: field('agent') } })),
        ]),
    );
}

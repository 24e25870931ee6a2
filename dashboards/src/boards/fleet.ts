import { PanelBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import { card, numbers } from '../cards.js';
import { STATUS_MAPPING, steps } from '../colours.js';
import { AGENT, boardLink, field, FLEET, OVERVIEW, RUNS, SESSION, toBoard } from '../links.js';
import { definitions, metric } from '../metric.js';
import { ask, CHOSEN, type Setting } from '../query.js';
import { runsTable } from '../runs-table.js';
import {
  atLeast,
  COLOURED_TEXT,
  EMPTY,
  HIDDEN,
  inOrder,
  link,
  NOTE,
  only,
  SHORT_TIME,
  table,
  width,
  WITHOUT_VALUE,
  WRAPPED,
} from '../tables.js';
import { behind, datasource, dimension, filteredBy, SHARED } from '../variables.js';

export const PANELS = { now: 1, spent: 2, live: 3, roles: 4, teams: 5, ended: 6, alerts: 7, queue: 8, use: 9 } as const;

const RUNS_OF_NOW = ['queued_runs_now', 'in_flight_runs_now', 'stuck_runs_now'];
const USE_OF_NOW = ['burn_rate_now', 'max_context_use_now'];
const FILTERS = [...SHARED, 'role'];
const ALL: Setting = { datasource: CHOSEN, filters: filteredBy(FILTERS), live: true };
const ENDED: Setting = { ...ALL, filters: { ...ALL.filters, status: { not: ['IN_FLIGHT'] } } };
/** A context that is this full is soon too small. */
const [NEARLY_FULL, FULL] = [0.8, 0.95];

const COLUMNS = [
  ...[
    'Run',
    'State',
    'Elapsed',
    'Agent',
    'Role',
    'Activity',
    'Phase',
    'Step',
    'Of steps',
    'Total cost',
    'Total tokens',
  ],
  ...['Context use', 'Model', 'Repository', 'User', 'Last sign of life'],
];
const openRun = toBoard(SESSION, {
  title: 'Show run ${__value.text} in its session',
  set: { session: field('session'), run: field('run') },
});

/** A state in the colour of what has to be done about it. */
const STATES = {
  id: 'mappings',
  value: [
    {
      type: 'value',
      options: {
        queued: { index: 0, text: 'Queued', color: 'blue' },
        running: { index: 1, text: 'Running', color: 'text' },
        stuck: { index: 2, text: 'Stuck', color: 'red' },
      },
    },
  ],
};

/** A small bar of the share of its context that a run has used. */
const CONTEXT_GAUGE = [
  width(90),
  EMPTY,
  { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' } },
  { id: 'min', value: 0 },
  { id: 'max', value: 1 },
  { id: 'decimals', value: 0 },
  ...steps([0, 'green'], [NEARLY_FULL, 'orange'], [FULL, 'red']),
];

function liveTable() {
  return table(PANELS.live, 'Runs now', { width: 24, height: 12, metrics: ['total_cost'] })
    .description(
      'Runs that are queued or in flight, whatever the range. **Stuck**: nothing was heard for ten minutes (or what the organization has set), no tool call explains it, and it waits for nobody. Where only time and model ' +
        'are known the cost is an estimate, with a ~ before it. A run that was not heard of for 24 hours is left out; the sign next to the title says how many.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'live', orderBy: 'started_at', limit: 1_000 }))
    .withTransformation(only([NOTE, ...COLUMNS, 'Session']))
    .withTransformation(inOrder(COLUMNS))
    .overrideByName('run', [width(125), WRAPPED, ...link(openRun)])
    .overrideByName('state', [width(75), STATES, COLOURED_TEXT])
    .overrideByName('elapsed', [width(75)])
    .overrideByName('agent', [
      width(70),
      WRAPPED,
      EMPTY,
      ...link(toBoard(AGENT, { title: 'Open agent ${__value.text}', set: { agent: field('agent') } })),
    ])
    .overrideByName('role', [width(75), EMPTY])
    .overrideByName('activity', [atLeast(125), WRAPPED, EMPTY])
    .overrideByName('phase', [width(65), EMPTY])
    .overrideByName('step', [width(45), EMPTY])
    .overrideByName('steps', [width(55), EMPTY])
    .overrideByName('total_cost', [width(65)])
    .overrideByName('total_tokens', [width(65)])
    .overrideByName('context_use', CONTEXT_GAUGE)
    .overrideByName('model', [width(140), WRAPPED, EMPTY])
    .overrideByName('repo', [width(125), WRAPPED, EMPTY])
    .overrideByName('user', [width(92), WRAPPED, EMPTY])
    .overrideByName('last_heard_at', SHORT_TIME)
    .overrideByName('session', HIDDEN);
}

function byGroup(id: number, name: 'role' | 'team') {
  const metrics = [...RUNS_OF_NOW, 'burn_rate_now'];
  return table(id, `By ${name}`, { width: 12, height: 7, metrics })
    .description(definitions(metrics))
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'table', metrics, groupBy: [name], orderBy: 'in_flight_runs_now' }))
    .overrideByName(name, [WITHOUT_VALUE]);
}

/** What holds runs up, by the workflow that they belong to. */
function queue() {
  const metrics = ['queued_runs_now', 'avg_queue_wait', 'p95_queue_wait', 'await_share'];
  return table(PANELS.queue, 'Queue and waiting', { width: 12, height: 7, metrics })
    .description(`${definitions(metrics)} All but the first: of the range.`)
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'table', metrics, groupBy: ['workflow'], orderBy: 'queued_runs_now' }))
    .overrideByName('workflow', [WITHOUT_VALUE]);
}

/** Grafana's own list of what fires. */
function alerts(): PanelBuilder {
  return new PanelBuilder()
    .id(PANELS.alerts)
    .type('alertlist')
    .title('Firing alerts')
    .description('Alert rules of this Grafana that fire or are pending.')
    .span(12)
    .height(7)
    .options({
      viewMode: 'list',
      groupMode: 'default',
      maxItems: 20,
      sortOrder: 1,
      stateFilter: { firing: true, pending: true, noData: false, normal: false, error: true },
    });
}

/** A few each, so that they are legible on a phone. */
function ofNow(id: number, title: string, metrics: string[]) {
  return numbers({ id, title, metrics, width: 9, height: 4 })
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'total', metrics }));
}

function spent() {
  return card({ id: PANELS.spent, metric: 'total_cost', width: 6, height: 4 })
    .title('Total cost today')
    .description(`${metric('total_cost').definition} Of the runs that started today.`)
    .datasource(CHOSEN)
    .timeFrom('now/d')
    .hideTimeOverride(true)
    .withTarget(ask(ALL, { view: 'total', metrics: ['total_cost'], sparkline: true }));
}

/** What is going on: which runs wait, which go on and at what, and which hang. */
export function fleet(): DashboardBuilder {
  return board(FLEET, 'Runboard fleet', 'What is going on now: which runs wait, which go on and at what, which hang')
    .variables([
      datasource,
      ...['team', 'user', 'repo', 'role'].map(dimension),
      ...['runtime', 'model'].map((name) => behind(dimension(name))),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Runs', RUNS))
    .withPanel(ofNow(PANELS.now, 'Now', RUNS_OF_NOW).overrideByName('stuck_runs_now', steps([0, 'text'], [1, 'red'])))
    .withPanel(
      ofNow(PANELS.use, 'What they use', USE_OF_NOW).overrideByName(
        'max_context_use_now',
        steps([0, 'text'], [NEARLY_FULL, 'orange'], [FULL, 'red']),
      ),
    )
    .withPanel(spent())
    .withPanel(liveTable())
    .withPanel(byGroup(PANELS.roles, 'role'))
    .withPanel(byGroup(PANELS.teams, 'team'))
    .withPanel(queue())
    .withPanel(alerts())
    .withPanel(
      runsTable(PANELS.ended, 'Ended last', {
        width: 24,
        height: 8,
        columns: [
          'Run',
          'Status',
          'Completed',
          'Duration',
          'Queue wait',
          'Total cost',
          'Failure category',
          'Error summary',
          'Agent',
          'Model',
        ],
        run: link(openRun),
      })
        .description('The runs of the range that ended last.')
        .datasource(CHOSEN)
        .withTarget(ask(ENDED, { view: 'runs', orderBy: 'completed_at', direction: 'desc', limit: 20 }))
        .overrideByName('status', [width(88), STATUS_MAPPING, COLOURED_TEXT])
        .overrideByName('completed_at', SHORT_TIME)
        .overrideByName('agent', [width(100), WRAPPED, EMPTY]),
    );
}

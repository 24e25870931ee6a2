import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { AGENTS, boardLink, COMPARE, OVERVIEW, RUNS } from '../../links.js';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { atLeast, bar, INTERVALS, link, table, width, withInterval, WRAPPED } from '../../tables.js';
import { bars, lines } from '../../trends.js';
import { behind, datasource, dimension, oneOf } from '../../variables.js';
import { contrastOf } from './contrast.js';
import { costs, durations, points } from './charts.js';
import { OF, OF_WORK, ofVariable, PANELS, runsOfRow, SETTING, WITH } from './setting.js';

const COLUMNS = {
  runs: 75,
  run_success_rate: 85,
  p50_run_duration: 95,
  p95_run_duration: 95,
  cost_per_run: 85,
  cost_per_successful_run: 140,
  tokens_per_run: 90,
  total_cost: 100,
} as const;
const OF_TASK = {
  runs: 75,
  run_success_rate: 85,
  p50_run_duration: 110,
  cost_per_successful_run: 140,
  total_cost: 140,
};

function comparison(id: number, title: string, columns: Record<string, number>, groupBy: readonly string[]) {
  const metrics = Object.keys(columns);
  const built = table(id, title, { width: 24, height: 9, metrics })
    .description(`${INTERVALS}\n\n${definitions(metrics)}`)
    .datasource(CHOSEN)
    .overrideByFieldType('string', [atLeast(130), WRAPPED, ...link(runsOfRow)]);
  const sized = metrics.reduce((made, name) => made.overrideByName(name, [width(columns[name]!)]), built);
  return withInterval(sized, 'run_success_rate')
    .overrideByName('cost_per_successful_run', [...bar(), width(columns.cost_per_successful_run!)])
    .withTarget(
      ask(SETTING, {
        ...{ view: 'table', metrics, groupBy, intervals: 'wilson95' },
        ...(groupBy.length > 1 ? { orderBy: groupBy[0]!, direction: 'asc', limit: 200 } : { limit: 50 }),
      }),
    );
}

function tasks() {
  return comparison(PANELS.tasks, 'By kind of work', OF_TASK, ['task_type', `$${OF}`]).overrideByName('task_type', [
    width(140),
    ...link(),
  ]);
}

/** Which model or runtime does this kind of work best, and what that costs. */
export function compare(): DashboardBuilder {
  const size = { width: 12, height: 9 };
  return board(COMPARE, 'Runboard compare', 'Which model or runtime does which work best, for how much')
    .variables([
      datasource,
      ofVariable,
      ...['team', 'task_type'].map(dimension),
      oneOf(WITH.name, WITH.label, 'role'),
      ...['user', 'repo', 'runtime', 'model', ...OF_WORK.slice(1)].map((name) => behind(dimension(name))),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Agents', AGENTS))
    .link(boardLink('Runs', RUNS))
    .withPanel(comparison(PANELS.list, 'How they do', COLUMNS, [`$${OF}`]))
    .withPanel(points())
    .withPanel(durations())
    .withPanel(costs())
    .withPanel(tasks())
    .withPanel(
      bars(SETTING, {
        id: PANELS.daily,
        title: 'Cost over time',
        metrics: ['total_cost'],
        query: { groupBy: [`$${OF}`], limit: 12 },
        total: true,
        ...size,
      }),
    )
    .withPanel(
      lines(SETTING, {
        id: PANELS.success,
        title: 'Success over time',
        metrics: ['run_success_rate'],
        query: { groupBy: [`$${OF}`], orderBy: 'runs', limit: 6 },
        ...size,
      }).max(1),
    )
    .withPanel(contrastOf('work_items', 'Work items with and without the role', 'Work items'))
    .withPanel(contrastOf('sessions', 'Sessions with and without the role', 'Sessions'));
}

import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { sharedCards } from '../../cards.js';
import { ACCENT, SHADES, TOKEN_COLOURS } from '../../colours.js';
import { boardLink, field, FLEET, OVERVIEW, PERFORMANCE, RUNS, toBoard } from '../../links.js';
import { definitions } from '../../metric.js';
import { ask, CHOSEN, type SavedQuery } from '../../query.js';
import { atLeast, bar, link, table, width, WRAPPED } from '../../tables.js';
import { bars, lines } from '../../trends.js';
import { behind, datasource, dimension, SHARED } from '../../variables.js';
import { PANELS, SETTING } from './setting.js';
import { heatMap, histogram, peakHours } from './shapes.js';

/** Which runs they are, the slowest first. */
const slowest = toBoard(RUNS, { title: 'Runs of the range, slowest first', set: { first: 'duration' } });
const queued = toBoard(RUNS, { title: 'Longest in the queue first: runs', set: { first: 'queue_wait' } });
const awaited = toBoard(RUNS, { title: 'Longest waiting for a person first: runs', set: { first: 'await' } });
const CARDS = {
  p50_run_duration: slowest,
  p95_run_duration: slowest,
  p95_queue_wait: queued,
  await_share: awaited,
};

/** In the queue, and for a person. */
const WAITED = ['queue_share', 'await_share'];
/** What passes from a run's being wanted to its end, from the bottom of a bar to its top. */
const SPENT = { avg_queue_wait: 'dark-orange', avg_agent_time: ACCENT, avg_await: 'light-purple' };

const OF_TASKS = {
  runs: 80,
  run_success_rate: 100,
  p50_run_duration: 115,
  p95_run_duration: 115,
  avg_queue_wait: 115,
  await_share: 115,
  tokens_per_run: 115,
  cache_read_ratio: 115,
};
const OF_TOOLS = { tool_calls: 90, avg_tool_duration: 120, p95_tool_duration: 120, tool_failure_rate: 100 };

/** A row a group, its metrics beside each other; a bar where the greatest is looked for. */
function groups(
  id: number,
  title: string,
  columns: Readonly<Record<string, number>>,
  { width: span, longest, ...query }: Partial<SavedQuery> & { width: number; longest: string },
) {
  const metrics = Object.keys(columns);
  const built = table(id, title, { width: span, height: 9, metrics })
    .description(definitions(metrics))
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics, orderBy: longest, ...query }))
    .overrideByFieldType('string', [atLeast(130), WRAPPED]);
  return metrics
    .reduce((made, name) => made.overrideByName(name, [width(columns[name]!)]), built)
    .overrideByName(longest, [...bar(), width(columns[longest]! + 40)]);
}

function shades(metrics: readonly string[]): Record<string, string> {
  return Object.fromEntries(metrics.map((name, index) => [name, SHADES[index]!]));
}

/** Queue, agent and person against each other: what an average run's time went to, in each day of the range. */
function spent(size: { width: number; height: number }) {
  const metrics = Object.keys(SPENT);
  return bars(SETTING, { id: PANELS.spent, title: 'Queue, agent, person', metrics, colours: SPENT, ...size })
    .description(
      `What the time of an average run went to, by when it started. The legend has the mean and the greatest of the bars.\n\n${definitions(metrics)}`,
    )
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['mean', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None));
}

/** How long runs take and what that time is spent on: queue, agent, tools, people. */
export function performance(): DashboardBuilder {
  const [third, half] = [
    { width: 8, height: 8 },
    { width: 12, height: 9 },
  ];
  const line = (id: number, title: string, metrics: readonly string[], size = half) =>
    lines(SETTING, { id, title, metrics, colours: shades(metrics), ...size });
  const alone = toBoard(PERFORMANCE, { title: 'Show ${__value.text} alone', set: { task_type: field('task_type') } });
  const built = board(PERFORMANCE, 'Runboard performance', 'How long runs take, and what that time is spent on')
    .variables([
      datasource,
      ...['team', 'repo', 'task_type'].map(dimension),
      ...SHARED.filter((name) => name !== 'team' && name !== 'repo').map((name) => behind(dimension(name))),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Fleet', FLEET))
    .link(boardLink('Runs', RUNS));
  for (const panel of sharedCards(SETTING, PANELS.cards, [CARDS], { height: 4 })) built.withPanel(panel);
  return built
    .withPanel(histogram())
    .withPanel(heatMap())
    .withPanel(spent(half))
    .withPanel(
      line(PANELS.shares, 'Share of time waited', WAITED)
        .description(`${definitions(WAITED)}\n\nThe rest is the agent's own work.`)
        .max(1),
    )
    .withPanel(line(PANELS.durations, 'Run duration', ['p95_run_duration', 'p50_run_duration']))
    .withPanel(line(PANELS.queue, 'Queue wait', ['p95_queue_wait', 'avg_queue_wait']))
    .withPanel(peakHours())
    .withPanel(
      groups(PANELS.tasks, 'By kind of work', OF_TASKS, {
        ...{ width: 24, longest: 'p95_run_duration', groupBy: ['task_type'], limit: 50 },
      }).overrideByName('task_type', [atLeast(130), WRAPPED, ...link(alone)]),
    )
    .withPanel(
      groups(
        PANELS.phases,
        'Phases',
        { avg_phase_duration: 130 },
        {
          ...{ width: 8, longest: 'avg_phase_duration', groupBy: ['phase'], limit: 50 },
        },
      ),
    )
    .withPanel(
      groups(PANELS.tools, 'Tools', OF_TOOLS, {
        ...{ width: 16, longest: 'p95_tool_duration', groupBy: ['tool'], limit: 50 },
      }),
    )
    .withPanel(
      bars(SETTING, {
        id: PANELS.tokens,
        title: 'Tokens',
        metrics: Object.keys(TOKEN_COLOURS),
        colours: TOKEN_COLOURS,
        ...third,
      }),
    )
    .withPanel(line(PANELS.cache, 'Cache efficiency', ['cache_read_ratio'], third).max(1))
    .withPanel(
      bars(SETTING, {
        id: PANELS.savings,
        metrics: ['cache_savings'],
        ...{ colours: shades(['cache_savings']), signed: true, legend: false, ...third },
      }),
    );
}

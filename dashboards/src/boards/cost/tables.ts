import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { runsTable } from '../../runs-table.js';
import { field, SESSION, toBoard } from '../../links.js';
import { atLeast, bar, EMPTY, ID, inOrder, link, NOTE, only, table, width, WRAPPED } from '../../tables.js';
import { ofGroup, PANELS, SETTING } from './setting.js';

/** Their widths beside a name: of half a row, and of a third. */
const WHOLE = { total_cost: 125, cost_per_run: 75, cost_per_successful_run: 88, unsuccessful_cost: 108 };
const SHORT = { total_cost: 125, cost_per_successful_run: 88 };
const OF_MODELS = { total_cost: 130, runs: 65, cost_per_million_tokens: 95, cache_read_ratio: 85, cache_savings: 85 };
const MOST = 10;

/** What each group costs, in all and per piece, the dearest first. */
export function byGroup(id: number, title: string, name: string, columns: number) {
  return groups(id, title, name, { columns, height: 10, widths: columns < 12 ? SHORT : WHOLE });
}

/** The same of models, and what the cache saves. */
export function byModel() {
  const described = definitions(Object.keys(OF_MODELS));
  return groups(PANELS.models, 'By model', 'model', { columns: 14, height: 8, widths: OF_MODELS }).description(
    `Runs by the model that wrote most of their output.\n\n${described}`,
  );
}

function groups(
  id: number,
  title: string,
  name: string,
  { columns, height, widths }: { columns: number; height: number; widths: Readonly<Record<string, number>> },
) {
  const metrics = Object.keys(widths);
  const built = table(id, title, { width: columns, height, metrics })
    .description(definitions(metrics))
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics, groupBy: [name], orderBy: 'total_cost', limit: MOST }))
    .overrideByName(name, [atLeast(100), WRAPPED, ...link(ofGroup(name))]);
  return metrics
    .reduce((made, metric) => made.overrideByName(metric, [width(widths[metric]!)]), built)
    .overrideByName('total_cost', [width(widths.total_cost!), ...bar()]);
}

/** The ten dearest runs. */
export function dearRuns() {
  const openRun = toBoard(SESSION, {
    title: 'Show run ${__value.text} in its session',
    set: { session: field('session'), run: field('run') },
  });
  return runsTable(PANELS.runs, 'Dearest runs', {
    ...{ width: 13, height: 10 },
    columns: ['Run', 'Status', 'Started', 'Total cost', 'Model', 'Agent'],
    run: link(openRun),
  })
    .description('The ten runs of the range that cost most.')
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'runs', orderBy: 'total_cost', direction: 'desc', limit: MOST }))
    .overrideByName('agent', [atLeast(90), WRAPPED, EMPTY]);
}

/** The ten dearest sessions. */
export function dearSessions() {
  const columns = ['Session', 'User', 'Repository', 'Runs', 'Total cost'];
  const open = toBoard(SESSION, { title: 'Open session ${__value.text}', set: { session: field('session') } });
  return table(PANELS.dearSessions, 'Dearest sessions', { width: 11, height: 10, metrics: ['total_cost'] })
    .description('The ten sessions that cost most in the range.')
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'sessions', orderBy: 'total_cost', direction: 'desc', limit: MOST }))
    .withTransformation(only([NOTE, ...columns, 'User id']))
    .withTransformation(inOrder(columns))
    .overrideByName('session', [atLeast(105), WRAPPED, ...link(open)])
    .overrideByName('user', [width(100), WRAPPED])
    .overrideByName('user_id', ID)
    .overrideByName('repo', [width(125), WRAPPED])
    .overrideByName('runs', [width(60)])
    .overrideByName('total_cost', [width(85)]);
}

import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import {
  atLeast,
  EMPTY,
  headings,
  INTERVALS,
  link,
  NOTE,
  only,
  table,
  width,
  withInterval,
  WRAPPED,
} from '../../tables.js';
import { ALL, openAgent } from './setting.js';

/** What is said of an agent, and how wide it is. */
const COLUMNS = {
  closed_work_items: 65,
  p50_time_to_close: 75,
  quality_rate: 65,
  rework_rate: 65,
  run_success_rate: 70,
  cost_per_work_item: 75,
  escalations: 95,
  sessions_with_runs: 75,
  runs: 60,
  agent_active_time: 80,
} as const;
export type Said = keyof typeof COLUMNS;

/** The models of its runs, as the answer calls them. */
const MODELS = 'Model (values)';
const SHARES: readonly Said[] = ['quality_rate', 'rework_rate', 'run_success_rate'];

interface Place {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** all, and intervals, if nothing is said */
  readonly metrics?: readonly Said[];
}

/** A row for each agent, those that closed most first. */
export function agentsTable(id: number, { title, metrics: some, ...size }: Place): PanelBuilder {
  const metrics = some ?? (Object.keys(COLUMNS) as Said[]);
  const titles = metrics.flatMap((name) => headings(name, !some && SHARES.includes(name)));
  const built = table(id, title, { ...size, metrics })
    .description(
      `Agents with runs in the range, by the name that these state. ${some ? '' : `${INTERVALS}\n\n`}${definitions(metrics)}`,
    )
    .datasource(CHOSEN)
    .withTarget(
      ask(ALL, {
        view: 'table',
        metrics,
        groupBy: ['agent'],
        limit: 200,
        ...(!some && { intervals: 'wilson95', values: 'model' }),
      }),
    )
    .withTransformation(only([NOTE, 'Agent', ...titles, ...(some ? [] : [MODELS])]))
    .overrideByName('agent', [atLeast(110), WRAPPED, ...link(openAgent)]);
  const sized = metrics.reduce((made, name) => made.overrideByName(name, [width(COLUMNS[name])]), built);
  if (some) return sized;
  return SHARES.reduce(withInterval, sized).overrideByName('model_values', [
    { id: 'displayName', value: 'Models' },
    // wrapped, they would make rows high whose end is not in sight
    width(320),
    { id: 'custom.inspect', value: true },
    EMPTY,
  ]);
}

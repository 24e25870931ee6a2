import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { atLeast, link, NOTE, only, table, width, WRAPPED } from '../../tables.js';
import { metric } from '../../metric.js';
import { ALL, openAgent } from './setting.js';

/** What is said of an agent, and how wide it is. */
const COLUMNS = {
  closed_work_items: 75,
  p50_time_to_close: 85,
  quality_rate: 75,
  rework_rate: 75,
  run_success_rate: 85,
  cost_per_work_item: 85,
  escalations: 95,
  sessions_with_runs: 85,
  runs: 70,
  agent_active_time: 90,
} as const;
export type Said = keyof typeof COLUMNS;

interface Place {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly metrics?: readonly Said[];
}

/** A row for each agent, those that closed most first. */
export function agentsTable(
  id: number,
  { title, metrics = Object.keys(COLUMNS) as Said[], ...size }: Place,
): PanelBuilder {
  const titles = metrics.map((name) => metric(name).title);
  const built = table(id, title, { ...size, metrics })
    .description(`Agents with runs in the range, by the name that these state. ${definitions(metrics)}`)
    .datasource(CHOSEN)
    .withTarget(ask(ALL, { view: 'table', metrics, groupBy: ['agent'], limit: 200 }))
    .withTransformation(only([NOTE, 'Agent', ...titles]))
    .overrideByName('agent', [atLeast(120), WRAPPED, ...link(openAgent)]);
  return metrics.reduce((made, name) => made.overrideByName(name, [width(COLUMNS[name])]), built);
}

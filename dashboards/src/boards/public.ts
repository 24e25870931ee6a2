import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import { cards } from '../cards.js';
import { PUBLIC } from '../links.js';
import { definitions } from '../metric.js';
import { ask, PROVISIONED, type Setting } from '../query.js';
import { runTrends } from '../run-trends.js';
import { bar, table } from '../tables.js';

/** No variables, no links, no panel that reads another's answer: a public dashboard knows none of them. */
const SETTING: Setting = { datasource: PROVISIONED, filters: {} };

export const PANELS = { use: 1, cost: 2, neutral: 3, runs: 4, successRate: 5, totalCost: 6, failures: 7 } as const;

const CARDS = [
  { id: PANELS.use, title: 'Use and success', metrics: ['runs', 'run_success_rate'], width: 10 },
  { id: PANELS.cost, title: 'Cost and time', metrics: ['total_cost', 'p95_run_duration'], width: 9 },
  { id: PANELS.neutral, title: 'Volume', metrics: ['total_tokens'], width: 5 },
];

export function publicBoard(): DashboardBuilder {
  const built = board(PUBLIC, 'Runboard public', 'A small overview without names, to be shown to everybody');
  for (const { id, title, metrics, width } of CARDS) {
    built.withPanel(
      cards({ id, title, metrics, width, height: 4 })
        .datasource(PROVISIONED)
        .withTarget(ask(SETTING, { view: 'total', metrics, compare: 'previous' })),
    );
  }
  const size = { width: 12, height: 8 };
  const failures = ['failed_runs', 'failure_share'];
  for (const panel of runTrends(SETTING, PANELS, size)) built.withPanel(panel);
  return built.withPanel(
    table(PANELS.failures, 'Why runs failed', { ...size, metrics: failures })
      .description(definitions(failures))
      .datasource(PROVISIONED)
      .withTarget(
        ask(SETTING, {
          view: 'table',
          metrics: failures,
          groupBy: ['failure_category'],
          filters: { status: ['FAILED'] },
          limit: 10,
        }),
      )
      .overrideByName('failure_share', bar()),
  );
}

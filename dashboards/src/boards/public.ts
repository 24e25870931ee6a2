import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import { askForCards, card } from '../cards.js';
import { PUBLIC } from '../links.js';
import { definitions } from '../metric.js';
import { ask, PROVISIONED, type Setting } from '../query.js';
import { runTrends } from '../run-trends.js';
import { bar, HIDDEN, table, WRAPPED } from '../tables.js';

/** No variables, no links, no panel that reads another's answer: a public dashboard knows none of them. */
const SETTING: Setting = { datasource: PROVISIONED, filters: {}, audience: 'public' };

export const PANELS = {
  headline: 8,
  findings: 9,
  runs: 4,
  successRate: 5,
  totalCost: 6,
  failures: 7,
  cards: 11,
} as const;

const CARDS = ['runs', 'run_success_rate', 'total_cost', 'total_tokens'];

/** What stands in the place of what is about too few people to be shown. */
const NOT_SHOWN =
  'What is about fewer than five people is told as one, (not shown), with the smallest of the others where that would be fewer again';

export function publicBoard(): DashboardBuilder {
  const built = board(PUBLIC, 'Runboard public', 'A small overview without names, to be shown to everybody');
  built.withPanel(
    table(PANELS.headline, 'What changed', { width: 24, height: 5 })
      .showHeader(false)
      .datasource(PROVISIONED)
      .withTarget(ask(SETTING, { view: 'headline' }))
      // it leads nowhere, whoever looks
      .overrideByName('headline', [WRAPPED, { id: 'links', value: [] }])
      .overrideByName('link', HIDDEN)
      .overrideByName('markdown', HIDDEN),
  );
  CARDS.forEach((metric, index) => {
    built.withPanel(
      card({ id: PANELS.cards + index, metric, width: 6, height: 4 })
        .datasource(PROVISIONED)
        .withTarget(askForCards(SETTING, [metric])[0]!),
    );
  });
  const size = { width: 12, height: 8 };
  const failures = ['failed_runs', 'failure_share'];
  for (const panel of runTrends(SETTING, PANELS, size)) built.withPanel(panel);
  return built.withPanel(
    table(PANELS.failures, 'Why runs failed', { ...size, metrics: failures })
      .description(`${definitions(failures)}\n\n${NOT_SHOWN}`)
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

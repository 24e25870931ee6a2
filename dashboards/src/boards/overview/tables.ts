import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { field } from '../../links.js';
import { definitions, metric } from '../../metric.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { bar, ID, link, table, width } from '../../tables.js';
import { PANELS, sessionsWith, SETTING } from './setting.js';

const FAILURES = ['failed_runs', 'failure_share'];
const OF_REPOSITORY = ['runs', 'run_success_rate', 'total_cost', 'cost_per_successful_run'];
const TOP_USERS = { usersByRuns: 'runs', usersByCost: 'total_cost', usersByTokens: 'total_tokens' } as const;

/** The three lists of users share one request: a query each, of which a table shows its own. */
export function addTables(to: DashboardBuilder): void {
  const lists = Object.entries(TOP_USERS) as [keyof typeof TOP_USERS, string][];
  const refIds = ['A', 'B', 'C'];
  lists.forEach(([name, by], index) => {
    const { title, definition } = metric(by);
    const built = table(PANELS[name], `Top users by ${title.toLowerCase()}`, { width: 8, height: 12, metrics: [by] })
      .description(definition)
      .withTransformation({ id: 'filterByRefId', options: { include: refIds[index] } })
      .overrideByName('user', link(sessionsWith('Sessions of ${__value.text}', { user: field('user_id') })))
      .overrideByName('user_id', ID)
      .overrideByName(by, bar());
    const asking = lists.reduce(
      (panel, [, metricId], at) =>
        panel.withTarget(
          ask(SETTING, { refId: refIds[at]!, view: 'table', metrics: [metricId], groupBy: ['user'], limit: 10 }),
        ),
      built.datasource(CHOSEN),
    );
    to.withPanel(index === 0 ? asking : built.datasource(OTHER_PANEL).targets([answersOf(PANELS.usersByRuns)]));
  });
  to.withPanel(
    table(PANELS.failures, 'Why runs failed', { width: 10, height: 13, metrics: FAILURES })
      .description(definitions(FAILURES))
      .datasource(CHOSEN)
      .withTarget(
        ask(SETTING, {
          view: 'table',
          metrics: FAILURES,
          groupBy: ['failure_category'],
          filters: { ...SETTING.filters, status: ['FAILED'] },
          limit: 10,
        }),
      )
      .overrideByName(
        'failure_category',
        link(
          sessionsWith('Sessions that failed with ${__value.text}', {
            failure_category: '${__value.raw:percentencode}',
          }),
        ),
      )
      .overrideByName('failure_share', bar()),
  ).withPanel(
    table(PANELS.repositories, 'Top repositories', { width: 14, height: 13, metrics: OF_REPOSITORY })
      .description(definitions(OF_REPOSITORY))
      .datasource(CHOSEN)
      .withTarget(
        ask(SETTING, {
          view: 'table',
          metrics: OF_REPOSITORY,
          groupBy: ['repo'],
          limit: 10,
        }),
      )
      .overrideByName('repo', [
        width(150),
        ...link(sessionsWith('Sessions in ${__value.text}', { repo: field('repo') })),
      ])
      .overrideByName('runs', bar())
      .overrideByName('cost_per_successful_run', [width(130)]),
  );
}

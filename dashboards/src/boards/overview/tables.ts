import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { field } from '../../links.js';
import { definitions } from '../../metric.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { atLeast, bar, HIDDEN, ID, link, SPARKLINE, table, width, WRAPPED } from '../../tables.js';
import { PANELS, sessionsWith, SETTING } from './setting.js';

const FAILURES = ['failed_runs', 'failure_share', 'total_cost'];
const OF_GROUP = ['runs', 'run_success_rate', 'total_cost', 'cost_per_successful_run'];
const OF_USER = ['total_cost', 'runs', 'run_success_rate', 'total_tokens'];

/** A row for each team: how much, how well, for how much, and what changed. */
export function addTeams(to: DashboardBuilder): void {
  const panel = table(PANELS.teams, 'Teams', { width: 24, height: 9, metrics: OF_GROUP })
    .description(`${definitions(OF_GROUP)}\n\nChanges are against the same weekdays before.`)
    .datasource(CHOSEN)
    .withTarget(
      ask(SETTING, {
        view: 'table',
        metrics: OF_GROUP,
        groupBy: ['team'],
        compare: 'same_weekdays',
        trend: 'runs',
        orderBy: 'total_cost',
        limit: 20,
      }),
    )
    .overrideByName('team', link(sessionsWith('Sessions of ${__value.text}', { team: field('team') })))
    .overrideByName('total_cost', bar())
    .overrideByName('runs_trend', SPARKLINE);
  for (const metric of OF_GROUP) panel.overrideByName(`${metric}_previous`, HIDDEN);
  panel.overrideByName('cost_per_successful_run_change', HIDDEN);
  to.withPanel(panel);
}

const shown = (refId: string) => ({ id: 'filterByRefId', options: { include: refId } });

/** Three tables that share one request: a query each, of which a table shows its own. */
export function addTables(to: DashboardBuilder): void {
  const shared = answersOf(PANELS.usersByCost);
  to.withPanel(
    table(PANELS.usersByCost, 'Who', { width: 12, height: 12, metrics: OF_USER })
      .description(definitions(OF_USER))
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { refId: 'who', view: 'table', metrics: OF_USER, groupBy: ['user'], limit: 10 }))
      .withTarget(
        ask(SETTING, {
          ...{ refId: 'where', view: 'table', metrics: OF_GROUP, groupBy: ['repo'], orderBy: 'total_cost', limit: 10 },
        }),
      )
      .withTarget(
        ask(SETTING, {
          ...{ refId: 'why', view: 'table', metrics: FAILURES, groupBy: ['failure_category'], limit: 10 },
          ...{ compare: 'same_weekdays', trend: 'failed_runs' },
          filters: { ...SETTING.filters, status: ['FAILED'] },
        }),
      )
      .withTransformation(shown('who'))
      .overrideByName('user', [
        atLeast(130),
        WRAPPED,
        ...link(
          sessionsWith('Sessions of ${__value.text}, dearest first', { user: field('user_id'), sort: 'total_cost' }),
        ),
      ])
      .overrideByName('runs', [width(70)])
      .overrideByName('total_tokens', [width(75)])
      .overrideByName('user_id', ID)
      .overrideByName('total_cost', bar()),
  );
  to.withPanel(
    table(PANELS.repositories, 'Where', { width: 12, height: 12, metrics: OF_GROUP })
      .description(definitions(OF_GROUP))
      .datasource(OTHER_PANEL)
      .withTarget(shared)
      .withTransformation(shown('where'))
      .overrideByName('repo', [
        atLeast(150),
        WRAPPED,
        ...link(
          sessionsWith('Sessions in ${__value.text}, dearest first', { repo: field('repo'), sort: 'total_cost' }),
        ),
      ])
      .overrideByName('total_cost', bar()),
  );
  const why = table(PANELS.failures, 'Why runs failed', { width: 24, height: 11, metrics: FAILURES })
    .description(definitions(FAILURES))
    .datasource(OTHER_PANEL)
    .withTarget(shared)
    .withTransformation(shown('why'))
    .overrideByName(
      'failure_category',
      link(
        sessionsWith('Sessions that failed with ${__value.text}', { failure_category: '${__value.raw:percentencode}' }),
      ),
    )
    .overrideByName('failure_share', bar())
    .overrideByName('failed_runs_trend', SPARKLINE);
  for (const metric of FAILURES) why.overrideByName(`${metric}_previous`, HIDDEN);
  to.withPanel(why.overrideByName('failure_share_change', HIDDEN).overrideByName('total_cost_change', HIDDEN));
}

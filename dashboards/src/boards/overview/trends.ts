import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { SHADES, TOKEN_COLOURS } from '../../colours.js';
import { runTrends } from '../../run-trends.js';
import { bars, lines } from '../../trends.js';
import { PANELS, sessionsOfPoint, SETTING } from './setting.js';

const TRAILING = ['active_users_1d', 'active_users_7d', 'active_users_30d'];
const DURATIONS = ['p95_run_duration', 'p50_run_duration'];

/** Tokens by what became of them. */
export function tokens() {
  return bars(SETTING, {
    id: PANELS.tokens,
    title: 'Tokens',
    metrics: Object.keys(TOKEN_COLOURS),
    colours: TOKEN_COLOURS,
    width: 24,
    height: 8,
  });
}

function shades(metrics: readonly string[]) {
  return Object.fromEntries(metrics.map((name, index) => [name, SHADES[index]!]));
}

/** What changes from day to day, or hour, week, month: as the range allows. */
export function addTrends(to: DashboardBuilder): void {
  const size = { width: 8, height: 8 };
  const ofDay = sessionsOfPoint();
  const ofStatus = sessionsOfPoint({ status: '${__field.labels.status}' });
  for (const panel of runTrends(SETTING, PANELS, { ...size, ofDay, ofStatus })) to.withPanel(panel);
  to.withPanel(
    bars(SETTING, {
      id: PANELS.outcomes,
      title: 'Cost by outcome',
      metrics: ['total_cost'],
      query: { groupBy: ['status'] },
      total: true,
      link: ofStatus,
      ...size,
    }),
  );
  to.withPanel(
    lines(SETTING, {
      id: PANELS.activeUsers,
      title: 'Active users',
      metrics: TRAILING,
      colours: shades(TRAILING),
      ...size,
    }),
  ).withPanel(
    lines(SETTING, {
      id: PANELS.duration,
      title: 'Run duration',
      metrics: DURATIONS,
      colours: shades(DURATIONS),
      ...size,
    }),
  );
}

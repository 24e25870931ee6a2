import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { OUTCOME_COLOURS } from './colours.js';
import type { Setting } from './query.js';
import { bars, lines } from './trends.js';

interface Links {
  /** where a click on a day leads to */
  readonly ofDay?: DynamicConfigValue[];
  /** the same, where the series are statuses */
  readonly ofStatus?: DynamicConfigValue[];
}

/** How many runs there are, how they end, and what they cost over time: the same on every overview. */
export function runTrends(
  setting: Setting,
  ids: { runs: number; successRate: number; totalCost: number },
  { ofDay, ofStatus, ...size }: { width: number; height: number } & Links,
) {
  return [
    bars(setting, {
      id: ids.runs,
      title: 'Runs by status',
      metrics: ['runs'],
      query: { groupBy: ['status'] },
      total: true,
      ...(ofStatus && { link: ofStatus }),
      ...size,
    }).noValue(
      'No runs here that you may see: choose a longer range, or fewer filters. None at all yet? runboard import brings some',
    ),
    lines(setting, {
      id: ids.successRate,
      metrics: ['run_success_rate'],
      colours: { run_success_rate: OUTCOME_COLOURS.SUCCEEDED! },
      legend: false,
      ...(ofDay && { link: ofDay }),
      ...size,
    }).max(1),
    bars(setting, {
      id: ids.totalCost,
      title: 'Cost by model',
      metrics: ['total_cost'],
      query: { groupBy: ['call_model'] },
      total: true,
      ...(ofDay && { link: ofDay }),
      ...size,
    }),
  ];
}

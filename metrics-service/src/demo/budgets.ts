import type { CloudEvent } from '../contract/cloud-event.js';
import type { Calendar } from './calendar.js';
import { demoEvent } from './event.js';
import { HANDOFF_TEAM, OWN_MODEL_TEAM } from './people.js';

/** What was set on which day: two limits are raised, when the last teams have begun. */
const SET: readonly [day: number, budgetId: string, data: Readonly<Record<string, unknown>>][] = [
  [3, 'everything', { name: 'Everything', limitUsd: 2500, period: 'month' }],
  [80, 'everything', { name: 'Everything', limitUsd: 5000, period: 'month' }],
  [40, 'everything-daily', { name: 'Everything, a day', limitUsd: 150, period: 'day' }],
  [100, 'everything-daily', { name: 'Everything, a day', limitUsd: 200, period: 'day' }],
  [50, 'kraken', { name: 'Team kraken', limitUsd: 100, period: 'week', filters: { team: [HANDOFF_TEAM] } }],
  [60, 'opus', { name: 'Opus', limitUsd: 2000, period: 'month', filters: { model: ['claude-opus-4-6'] } }],
  [70, 'yeti', { name: 'Team yeti', limitUsd: 200, period: 'month', filters: { team: [OWN_MODEL_TEAM] } }],
];

const MORNING_MS = 9 * 3_600_000;

/** The budgets of the demo organization. */
export function budgetEvents({ days }: Calendar): CloudEvent[] {
  return SET.map(([day, budgetId, data]) =>
    demoEvent('budget.set', `${budgetId}/${day}`, days[day]! + MORNING_MS, { budgetId, ...data }),
  );
}

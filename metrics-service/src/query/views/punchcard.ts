import { answerGroups, checkValues, planGrouped, type GroupedPlan } from '../groups.js';
import { WHOLE } from '../grid.js';
import type { Cut } from '../cut.js';
import { numberColumn, type FrameColumn } from '../frames.js';
import { InvalidQuery } from '../invalid.js';
import { planCut } from '../plan.js';
import { metricConfig } from './metric-fields.js';
import type { View } from './view.js';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** One metric of runs by weekday, a row each, and hour of the day, a column each, of the query's zone. */
export const punchcard: View<GroupedPlan & { readonly cut: Cut }> = {
  name: 'punchcard',
  title: 'Punch card',
  members: ['metrics', 'filters'],
  filters: null,
  plan({ metrics, filters, view, version, from, to, timezone }, settings) {
    if ((metrics ?? []).length > 1) throw new InvalidQuery(`punchcard takes one metric, not ${metrics!.length}`);
    const groupBy = ['day_of_week', 'hour_of_day'];
    const question = { metrics, filters, view, version, from, to, timezone, groupBy, orderBy: 'day_of_week' };
    const grouped = planGrouped(question, settings, Infinity);
    const cut = planCut(grouped.rows, null);
    checkValues(grouped, 1, cut);
    return { ...grouped, cut };
  },
  async answer(context, plan) {
    const { grid, notices, reason } = await answerGroups(context, plan, plan.cut);
    const [{ metric, value }] = plan.asked as [(typeof plan.asked)[0]];
    const hours = HOURS.map((hour) =>
      DAYS.map((_, day) => grid.value(value, grid.group([String(day + 1), hour], null), WHOLE)),
    );
    // one scale of colours for all columns
    const max = Math.max(...hours.flat().map((one) => one ?? 0));
    const scale = max > 0 ? { min: 0, max } : {};
    const columns = HOURS.map((hour, index): FrameColumn =>
      numberColumn(`h${hour}`, hours[index]!, {
        config: { ...metricConfig(metric), displayNameFromDS: hour, ...scale },
      }),
    );
    return { frames: [{ visualisation: 'table', columns: [dayColumn(), ...columns] }], notices, reason };
  },
};

function dayColumn(): FrameColumn {
  const options = Object.fromEntries(DAYS.map((text, index) => [index + 1, { text, index }]));
  return numberColumn(
    'day_of_week',
    DAYS.map((_, index) => index + 1),
    { config: { displayNameFromDS: 'Day of week', mappings: [{ type: 'value', options }] } },
  );
}

import type { Notice } from '../../contract/frames.js';
import { numberColumn, timeColumn } from '../frames.js';
import { answerGroups, checkValues, labelsOf, planGrouped } from '../groups.js';
import { isCompared, planCut } from '../plan.js';
import { groupColours, groupTitle, metricConfig } from './metric-fields.js';
import type { TablePlan } from './table.js';
import type { View } from './view.js';

/** One number per metric and group; with `compare` two points in time, at the start of each window. */
export const total: View<TablePlan> = {
  name: 'total',
  title: 'Total',
  members: ['metrics', 'groupBy', 'filters', 'compare', 'orderBy', 'direction', 'limit', 'offset', 'legend'],
  filters: null,
  plan(question, settings) {
    const grouped = planGrouped(question, settings, Infinity);
    const compared = isCompared(question);
    const cut = planCut(question, grouped.rows);
    checkValues(grouped, 1, cut);
    return { ...grouped, compared, cut };
  },
  async answer(context, plan) {
    const { grid, groups, notices, reason } = await answerGroups(context, plan, plan.cut);
    checkValues(plan, groups.length, plan.cut);
    const { slices } = plan.cut;
    const colourOf = groupColours(plan, groups);
    const all = groups.flatMap((named) =>
      plan.asked.map(({ metric, value }) =>
        numberColumn(
          metric.id,
          slices.map((_, slice) => grid.value(value, named.group, slice)),
          {
            labels: labelsOf(named, plan.groups),
            config: { ...metricConfig(metric, groupTitle(metric, plan, named)), ...colourOf(named) },
          },
        ),
      ),
    );
    // each would be a "No data" of its own, which Grafana's default sends as an alert
    const isLeftOut = context.settings.isForAlert && plan.groups.length > 0;
    const numbers = isLeftOut ? all.filter(({ values }) => values.some((value) => value !== null)) : all;
    const times = slices.map(({ from }) => from);
    const time = plan.compared && numbers.length > 0 ? [timeColumn('time', times)] : [];
    const type = plan.compared ? 'timeseries-wide' : 'numeric-wide';
    const leftOut = leftOutNotice(all.length - numbers.length);
    return { frames: [{ type, columns: [...time, ...numbers] }], notices: [...notices, ...leftOut], reason };
  },
};

function leftOutNotice(count: number): Notice[] {
  if (count === 0) return [];
  const text = `${count} unknown ${count === 1 ? 'value is' : 'values are'} left out, which an alert rule would take for "No data"`;
  return [{ severity: 'info', text }];
}

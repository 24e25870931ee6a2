import { numberColumn, timeColumn } from '../frames.js';
import { answerGroups, checkValues, labelsOf, planGrouped } from '../groups.js';
import { isCompared, planCut } from '../plan.js';
import { groupTitle, metricConfig } from './metric-fields.js';
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
    const { grid, groups, notices } = await answerGroups(context, plan, plan.cut);
    checkValues(plan, groups.length, plan.cut);
    const { slices } = plan.cut;
    const numbers = groups.flatMap((named) =>
      plan.asked.map(({ metric, value }) =>
        numberColumn(
          metric.id,
          slices.map((_, slice) => grid.value(value, named.group, slice)),
          {
            labels: labelsOf(named, plan.groups),
            config: metricConfig(metric, groupTitle(metric, plan, named)),
          },
        ),
      ),
    );
    const times = slices.map(({ from }) => from);
    const time = plan.compared && numbers.length > 0 ? [timeColumn('time', times)] : [];
    const type = plan.compared ? 'timeseries-wide' : 'numeric-wide';
    return { frames: [{ type, columns: [...time, ...numbers] }], notices };
  },
};

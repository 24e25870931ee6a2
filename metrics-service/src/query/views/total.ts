import { numberColumn, timeColumn } from '../frames.js';
import { answerer, labelsOf, planGrouped } from '../groups.js';
import { isCompared, planCut } from '../plan.js';
import { groupTitle, metricConfig } from './metric-fields.js';
import type { View } from './view.js';

/** One number per metric and group; with `compare` two points in time, each at its window's start. */
export const total: View = {
  name: 'total',
  title: 'Total',
  members: ['metrics', 'groupBy', 'filters', 'compare', 'orderBy', 'direction', 'limit', 'offset', 'legend'],
  filters: null,
  plan(query, defaults) {
    const planned = planGrouped(query, defaults, Infinity);
    const compared = isCompared(query);
    const cut = planCut(query, planned.rows);
    const { slices } = cut;
    const answerGroups = answerer(planned, () => cut);
    return {
      rows: planned.rows,
      async answer(context, rows) {
        const { grid, groups, notices } = await answerGroups(context, rows);
        const numbers = groups.flatMap((named) =>
          planned.asked.map(({ metric, value }) =>
            numberColumn(
              metric.id,
              slices.map((_, slice) => grid.value(value, named.group, slice)),
              {
                labels: labelsOf(named, planned.groups),
                config: metricConfig(metric, groupTitle(metric, planned, named)),
              },
            ),
          ),
        );
        const time = compared
          ? timeColumn(
              'time',
              slices.map(({ from }) => from),
            )
          : null;
        const type = compared ? 'timeseries-wide' : 'numeric-wide';
        return { frames: [{ type, columns: [...(time && numbers.length > 0 ? [time] : []), ...numbers] }], notices };
      },
    };
  },
};

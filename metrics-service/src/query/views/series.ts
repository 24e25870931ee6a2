import { numberColumn, timeColumn, type FrameBody } from '../frames.js';
import { answerer, labelsOf, planGrouped } from '../groups.js';
import { planBuckets } from '../plan.js';
import { groupTitle, metricConfig } from './metric-fields.js';
import type { View } from './view.js';

const DEFAULT_GROUPS = 50;

/** A point per bucket of the window: one frame per group and metric. */
export const series: View = {
  name: 'series',
  title: 'Time series',
  members: [
    'metrics',
    'groupBy',
    'filters',
    'interval',
    'maxDataPoints',
    'orderBy',
    'direction',
    'limit',
    'offset',
    'legend',
  ],
  filters: null,
  plan(query, defaults) {
    const planned = planGrouped(query, defaults, DEFAULT_GROUPS);
    const answerGroups = answerer(planned, (groups) => {
      const { interval, slices } = planBuckets(query, planned.rows, groups * planned.asked.length);
      // the whole window is what groups are put in order by
      return { interval, slices, whole: slices.length > 1 && planned.groups.length > 0, asked: 'all' };
    });
    return {
      rows: planned.rows,
      async answer(context, rows) {
        const { cut, grid, groups, notices } = await answerGroups(context, rows);
        const { interval, slices } = cut;
        const times = slices.map(({ from }) => from);
        const frames = groups.flatMap((named) =>
          planned.asked.map(({ metric, value }): FrameBody => {
            const points = slices.map((_, slice) => grid.value(value, named.group, slice));
            const labels = labelsOf(named, planned.groups);
            const config = metricConfig(metric, groupTitle(metric, planned, named));
            return {
              type: 'timeseries-multi',
              columns: [timeColumn('time', times), numberColumn(metric.id, points, { labels, config })],
            };
          }),
        );
        return { interval, frames: frames.length > 0 ? frames : [{ type: 'timeseries-multi', columns: [] }], notices };
      },
    };
  },
};

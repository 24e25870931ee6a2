import type { GroupedAnswer } from '../groups.js';
import type { Asked } from '../asked.js';
import { numberColumn, type FrameColumn } from '../frames.js';
import { intervalOf } from '../interval-ends.js';
import { metricConfig } from './metric-fields.js';

const ENDS = [
  { end: 'low', word: 'Lower' },
  { end: 'high', word: 'Upper' },
] as const;

/** The ends of a share's interval, a row each: `<metric>_low` and `<metric>_high`. */
export function intervalColumns(asked: Asked, { grid, groups }: GroupedAnswer): FrameColumn[] {
  const { metric } = asked;
  const intervals = groups.map(({ group }) => intervalOf(asked, grid, group));
  return ENDS.map(({ end, word }) =>
    numberColumn(
      `${metric.id}_${end}`,
      intervals.map((bounds) => bounds && bounds[end]),
      {
        config: {
          ...metricConfig(metric, `${metric.title} (${end})`),
          description: `${word} end of the 95 % Wilson interval.`,
        },
      },
    ),
  );
}

import type { Interval } from '../buckets.js';
import { numberColumn, timeColumn, type FrameBody, type FrameColumn } from '../frames.js';
import { InvalidQuery } from '../invalid.js';
import { answerGroups, checkValues, labelsOf, planGrouped, type GroupedPlan } from '../groups.js';
import { planBuckets } from '../plan.js';
import type { Question } from '../question.js';
import { groupColours, groupTitle, metricConfig } from './metric-fields.js';
import type { View } from './view.js';
import type { Cut } from '../cut.js';

const DEFAULT_GROUPS = 50;

interface SeriesPlan extends GroupedPlan {
  readonly question: Question;
  /** the window's points for a single group */
  readonly cut: CutInto;
}

interface CutInto extends Cut {
  readonly interval: Interval;
}

/** One point per bucket of the window, one frame per group and metric. */
export const series: View<SeriesPlan> = {
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
    'bounds',
  ],
  filters: null,
  plan(question, settings) {
    if (question.bounds && settings.isForAlert) {
      throw new InvalidQuery('bounds are for links in panels: an alert rule leaves them out');
    }
    const grouped = planGrouped(question, settings, DEFAULT_GROUPS);
    const cut = cutFor(question, grouped, 1);
    checkValues(grouped, 1, cut);
    return { ...grouped, question, cut };
  },
  async answer(context, plan) {
    const first = await answerGroups(context, plan, plan.cut);
    const cut = cutFor(plan.question, plan, Math.max(first.groups.length, 1));
    checkValues(plan, first.groups.length, cut);
    // more groups leave room for fewer points each
    const isSame = cut.slices.length === plan.cut.slices.length;
    const { grid, groups, notices, reason } = isSame ? first : await answerGroups(context, plan, cut);
    const times = cut.slices.map(({ from }) => from);
    const ends = plan.question.bounds ? [untilColumn(cut)] : [];
    const colourOf = groupColours(plan, groups);
    const frames = groups.flatMap((named) =>
      plan.asked.map(({ metric, value }): FrameBody => {
        const points = cut.slices.map((_, slice) => grid.value(value, named.group, slice));
        const labels = labelsOf(named, plan.groups);
        const config = { ...metricConfig(metric, groupTitle(metric, plan, named)), ...colourOf(named) };
        return {
          type: 'timeseries-multi',
          columns: [timeColumn('time', times), numberColumn(metric.id, points, { labels, config }), ...ends],
        };
      }),
    );
    return {
      interval: cut.interval,
      frames: frames.length > 0 ? frames : [{ type: 'timeseries-multi', columns: [] }],
      notices,
      reason,
    };
  },
};

/** Where each point ends, for links; a number, since links show times as text in the board's zone. It is drawn nowhere. */
function untilColumn({ slices }: Cut): FrameColumn {
  const config = { custom: { hideFrom: { viz: true, legend: true, tooltip: true } } };
  return numberColumn(
    'until',
    slices.map(({ to }) => to),
    { config },
  );
}

/** Fewer points for more groups, to stay within an answer's limit. */
function cutFor(question: Question, { rows, asked, groups }: GroupedPlan, groupCount: number): CutInto {
  const { interval, slices } = planBuckets(question, rows, groupCount * asked.length);
  // groups are sorted by the whole window
  return { interval, slices, whole: slices.length > 1 && groups.length > 0, asked: 'all' };
}

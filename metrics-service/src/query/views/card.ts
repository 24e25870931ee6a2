import { showMetric, type Metric } from '../../catalogue/index.js';
import { NOTHING } from '../../format/values.js';
import { changeBetween, changeInWords, runsBehind, type Change } from '../changes.js';
import type { Earlier } from '../compare.js';
import type { QuestionContext, Settings } from '../context.js';
import type { Cut } from '../cut.js';
import { evaluate } from '../evaluate.js';
import { numberColumn, timeColumn, type FrameBody } from '../frames.js';
import { WHOLE } from '../grid.js';
import { answerGroups, checkValues, type GroupedPlan } from '../groups.js';
import { InvalidQuery } from '../invalid.js';
import type { Question } from '../question.js';
import { planPoints } from '../trend.js';
import { checkUsual } from '../usual.js';
import { groupTitle, metricConfig } from './metric-fields.js';
import type { ViewAnswer } from './view.js';

/** A card: the points that are drawn; the number beside them is that of the whole window. */
export interface Card {
  readonly cut: Cut;
}

/** The card that `sparkline` asks for; null without. @throws InvalidQuery for an alert rule, and for groups */
export function planCard(question: Question, plan: GroupedPlan, settings: Settings): Card | null {
  if (!question.sparkline) return null;
  if (settings.isForAlert) {
    throw new InvalidQuery('sparkline is for panels that people look at: an alert rule asks for the total without it');
  }
  if (plan.groups.length > 0) {
    throw new InvalidQuery('sparkline draws one number: leave groupBy out, or ask for a table with trend');
  }
  const live = plan.asked.find(({ metric }) => metric.live);
  if (live) throw new InvalidQuery(`metric ${live.metric.id} is as of now, whatever the window: it takes no sparkline`);
  const cut = { ...planPoints(question, plan), whole: true };
  checkValues(plan, 1, cut);
  if (plan.asked.some(({ value }) => value.base === 'usual')) checkUsual([plan.rows.window], plan.rows.timezone);
  // one point is the whole
  return { cut: { ...cut, whole: cut.slices.length > 1 } };
}

/**
 * A frame per metric for a stat panel: the points, which it draws, and in place of their last the shown text of the whole
 * window with its change. It is a mapping that matches every number, since Grafana can show only what it reduces.
 */
export async function answerCard(
  context: QuestionContext,
  plan: GroupedPlan & { readonly earlier: Earlier | null },
  { cut }: Card,
): Promise<ViewAnswer> {
  const { rows, asked, earlier } = plan;
  const { grid, notices, reason, isComparable } = await answerGroups(context, plan, cut);
  const filtered = rows.filters.map(({ dimension }) => dimension);
  const behind = asked.map((one) => runsBehind(one, filtered));
  const before = earlier
    ? await evaluate(context, {
        values: asked.map(({ value }) => value),
        extraMeasures: behind,
        groups: [],
        rows,
        cut: { slices: [earlier.window], whole: false, asked: 'all' },
      })
    : null;
  const group = grid.groups[0]!;
  const frames = asked.map((one, index): FrameBody => {
    const { metric, value } = one;
    const now = { grid, group, slice: WHOLE };
    const then = before && { grid: before, group: before.groups[0]!, slice: 0 };
    const change = then && isComparable ? changeBetween(one, now, then, behind[index]!) : null;
    const total = grid.value(value, group, WHOLE);
    const previous = then && then.grid.value(value, then.group, 0);
    const name = grid.isBlind ? 'not shown to you' : comparedInWords(earlier, change, previous);
    const points = cut.slices.map((_, slice) => grid.value(value, group, slice));
    const title = plan.legend ? groupTitle(metric, plan, { group, names: [] }) : (name ?? metric.title);
    return {
      type: 'timeseries-multi',
      columns: [
        timeColumn(
          'time',
          cut.slices.map(({ from }) => from),
        ),
        numberColumn(metric.id, points, {
          config: { ...metricConfig(metric, title), mappings: shownAs(metric, total, change), ...lowerHalf(points) },
        }),
      ],
      custom: {
        total,
        ...(earlier ? { previous, change: change?.value ?? null } : {}),
      },
    };
  });
  return { frames, notices, reason, compared: earlier && { ...earlier, isCutOff: !isComparable } };
}

/** Room for the number above the line: Grafana would draw the points as high as the panel. */
function lowerHalf(points: readonly (number | null)[]): { min: number; max: number } | object {
  const most = points.reduce((greatest: number, value) => Math.max(greatest, value ?? 0), 0);
  return most > 0 ? { min: 0, max: most * 1.6 } : {};
}

/** What the number is compared with, or why it is not; null if nothing was asked to be. */
function comparedInWords(earlier: Earlier | null, change: Change | null, previous: number | null): string | null {
  if (earlier === null) return null;
  if (change === null) return 'no data from so long before';
  if (isShown(change)) return earlier.short;
  if (!change.isEnough) return 'too few runs to compare';
  return `${previous === 0 ? 'none' : 'unknown'} in ${earlier.short.replace('against ', '')}`;
}

function isShown({ value, isEnough }: Change): boolean {
  return isEnough && value !== null;
}

/** The text in place of whatever number the panel takes, and of none: the last point may be unknown where the total is not. */
function shownAs(metric: Metric, total: number | null, change: Change | null) {
  const changed = change && isShown(change) ? ` ${changeInWords(metric, change.value!)}` : '';
  const text = total === null ? NOTHING : `${showMetric(metric, total)}${changed}`;
  const result = { text, color: total === null ? 'text' : (change?.colour ?? 'text') };
  return [
    { type: 'range' as const, options: { from: null, to: null, result: { ...result, index: 0 } } },
    { type: 'special' as const, options: { match: 'null' as const, result: { ...result, index: 1 } } },
  ];
}

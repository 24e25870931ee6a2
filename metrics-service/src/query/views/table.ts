import type { Dimension } from '../../catalogue/index.js';
import { NOT_SHOWN } from '../../contract/query.js';
import { numberColumn, textColumn, type FrameBody, type FrameColumn } from '../frames.js';
import { answerGroups, checkValues, hasId, planGrouped, type GroupedAnswer, type GroupedPlan } from '../groups.js';
import { WHOLE } from '../grid.js';
import { changeBetween, runsBehind, type Change } from '../changes.js';
import { planEarlier, type Earlier } from '../compare.js';
import { planCut } from '../plan.js';
import { planIntervals } from '../interval-ends.js';
import { toldApartNotices } from '../told-apart.js';
import { planTrend, trendColumn, type Trend } from '../trend.js';
import { changeColumn } from './change-columns.js';
import { intervalColumns } from './interval-columns.js';
import { metricConfig, shownInWords } from './metric-fields.js';
import { planValues, valuesColumn } from '../values-column.js';
import type { View } from './view.js';
import type { Asked } from '../asked.js';
import type { Cut } from '../cut.js';

const DEFAULT_GROUPS = 50;

export interface TablePlan extends GroupedPlan {
  readonly cut: Cut;
  readonly earlier: Earlier | null;
}

interface WholeTablePlan extends TablePlan {
  /** the metrics that have an interval, where those are asked for */
  readonly shares: readonly Asked[];
  readonly trend: Trend | null;
  /** the dimension whose values each group names */
  readonly values: Dimension | null;
}

/**
 * One row per group, one column per metric; `compare` adds the window before and the change, `intervals` the ends of those
 * of shares.
 */
export const table: View<WholeTablePlan> = {
  name: 'table',
  title: 'Table',
  members: [
    'metrics',
    'groupBy',
    'filters',
    'compare',
    'intervals',
    'trend',
    'values',
    'interval',
    'maxDataPoints',
    'orderBy',
    'direction',
    'limit',
    'offset',
  ],
  filters: null,
  saysWhyEmpty: true,
  plan(question, settings) {
    const grouped = planGrouped(question, settings, DEFAULT_GROUPS);
    const earlier = planEarlier(question, grouped.rows);
    const cut = planCut(grouped.rows, earlier);
    checkValues(grouped, 1, cut);
    const shares = planIntervals(question, grouped.asked);
    const trend = planTrend(question, grouped, settings);
    return { ...grouped, earlier, cut, shares, trend, values: planValues(question, grouped, settings) };
  },
  async answer(context, plan) {
    const answer = await answerGroups(context, plan, plan.cut);
    checkValues(plan, answer.groups.length, plan.cut);
    const names = plan.groups.flatMap((dimension, index) => [
      groupColumn(
        dimension,
        answer.groups.map((named) => named.names[index]!),
      ),
      ...(hasId(dimension) ? [textColumn(`${dimension.name}_id`, keysAt(answer, index))] : []),
    ]);
    const numbers = plan.asked.flatMap((one) => [
      ...metricColumns(one, answer, plan),
      ...(plan.shares.includes(one) ? intervalColumns(one, answer) : []),
    ]);
    const trend = plan.trend ? [await trendColumn(context, plan, plan.trend, answer)] : [];
    const values = plan.values ? [await valuesColumn(context, plan, plan.values, answer)] : [];
    return {
      frames: [{ columns: [...names, ...numbers, ...trend, ...values], ...casesOf(plan, answer) }],
      notices: [...answer.notices, ...toldApartNotices(plan.shares, answer, plan.groups)],
      reason: answer.reason,
      compared: comparedWith(plan, answer),
    };
  },
};

/** How many cases each share with an interval is of, a row each, for programs; null where that is not shown. */
function casesOf({ shares }: WholeTablePlan, { grid, groups }: GroupedAnswer): Pick<FrameBody, 'custom'> {
  if (shares.length === 0) return {};
  const cases = shares.map(({ metric, value }) => [
    metric.id,
    groups.map(({ group }) => (group === grid.remainder ? null : (grid.cases(value, group, WHOLE)?.of ?? null))),
  ]);
  return { custom: { cases: Object.fromEntries(cases) as object } };
}

function groupColumn({ name, title, ofClock }: Dimension, names: (string | null)[]): FrameColumn {
  const config = { displayNameFromDS: title, ...shownInWords(name) };
  if (!ofClock) return textColumn(name, names, config);
  const numbers = names.map((text) => (text === NOT_SHOWN ? null : Number(text)));
  const mappings = names.includes(NOT_SHOWN) ? { mappings: [NOT_SHOWN_HERE] } : {};
  return numberColumn(name, numbers, { config: { ...config, ...mappings } });
}

/** A number has no word of its own. */
const NOT_SHOWN_HERE = { type: 'special', options: { match: 'null', result: { text: NOT_SHOWN, index: 0 } } } as const;

function keysAt({ groups }: GroupedAnswer, index: number): (string | null)[] {
  return groups.map(({ group }) => group.key[index]!);
}

/** What an answer was compared with. */
export function comparedWith({ earlier }: Pick<TablePlan, 'earlier'>, { isComparable }: GroupedAnswer) {
  return earlier && { ...earlier, isCutOff: !isComparable };
}

function metricColumns(
  asked: Asked,
  { grid, groups, isComparable }: GroupedAnswer,
  { earlier, groups: dimensions, rows }: TablePlan,
): FrameColumn[] {
  const { metric, value } = asked;
  const now = groups.map(({ group }) => grid.value(value, group, WHOLE));
  const config = metricConfig(metric);
  const column = numberColumn(metric.id, now, { config });
  if (!earlier) return [column];
  const previous = groups.map(({ group }) => grid.value(value, group, 0));
  const behind = runsBehind(asked, [...dimensions, ...rows.filters.map(({ dimension }) => dimension)]);
  const changes = groups.map(({ group }) => {
    const at = (slice: number) => ({ grid, group, slice });
    return isComparable && group !== grid.remainder ? changeBetween(asked, at(WHOLE), at(0), behind) : UNTOLD;
  });
  return [
    column,
    numberColumn(`${metric.id}_previous`, previous, {
      config: { ...config, displayNameFromDS: `${metric.title} (previous)` },
    }),
    changeColumn(metric, changes, earlier.words),
  ];
}

const UNTOLD: Change = { value: null, colour: 'text', isEnough: false };

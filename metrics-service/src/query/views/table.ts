import type { Dimension } from '../../catalogue/index.js';
import { numberColumn, textColumn, type FrameColumn } from '../frames.js';
import {
  answerGroups,
  changeOf,
  checkValues,
  hasId,
  planGrouped,
  type GroupedAnswer,
  type GroupedPlan,
} from '../groups.js';
import { WHOLE } from '../grid.js';
import { isCompared, planCut } from '../plan.js';
import { metricConfig, shownInWords } from './metric-fields.js';
import type { View } from './view.js';
import type { Asked } from '../asked.js';
import type { Cut } from '../cut.js';

const DEFAULT_GROUPS = 50;

export interface TablePlan extends GroupedPlan {
  readonly cut: Cut;
  readonly compared: boolean;
}

/** One row per group, one column per metric; `compare` adds the window before and the change. */
export const table: View<TablePlan> = {
  name: 'table',
  title: 'Table',
  members: ['metrics', 'groupBy', 'filters', 'compare', 'orderBy', 'direction', 'limit', 'offset'],
  filters: null,
  plan(question, settings) {
    const grouped = planGrouped(question, settings, DEFAULT_GROUPS);
    const compared = isCompared(question);
    const cut = planCut(question, grouped.rows);
    checkValues(grouped, 1, cut);
    return { ...grouped, compared, cut };
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
    const numbers = plan.asked.flatMap((one) => metricColumns(one, answer, plan.compared));
    return { frames: [{ columns: [...names, ...numbers] }], notices: answer.notices, reason: answer.reason };
  },
};

function groupColumn({ name, title, ofClock }: Dimension, names: (string | null)[]): FrameColumn {
  const config = { displayNameFromDS: title, ...shownInWords(name) };
  return ofClock ? numberColumn(name, names.map(Number), { config }) : textColumn(name, names, config);
}

function keysAt({ groups }: GroupedAnswer, index: number): (string | null)[] {
  return groups.map(({ group }) => group.key[index]!);
}

function metricColumns({ metric, value }: Asked, { grid, groups }: GroupedAnswer, compared: boolean): FrameColumn[] {
  const now = groups.map(({ group }) => grid.value(value, group, WHOLE));
  const config = metricConfig(metric);
  const column = numberColumn(metric.id, now, { config });
  if (!compared) return [column];
  const previous = groups.map(({ group }) => grid.value(value, group, 0));
  const change = now.map((current, index) => changeOf(previous[index]!, current));
  return [
    column,
    numberColumn(`${metric.id}_previous`, previous, {
      config: { ...config, displayNameFromDS: `${metric.title} (previous)` },
    }),
    numberColumn(`${metric.id}_change`, change, {
      config: {
        displayNameFromDS: `${metric.title} (change)`,
        description: 'Change against the window of the same length before: a ratio.',
        unit: 'percentunit',
      },
    }),
  ];
}

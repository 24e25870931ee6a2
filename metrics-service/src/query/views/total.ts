import type { Notice } from '../../contract/frames.js';
import { numberColumn, timeColumn } from '../frames.js';
import { answerGroups, checkValues, labelsOf, planGrouped } from '../groups.js';
import { planEarlier } from '../compare.js';
import { planCut } from '../plan.js';
import { groupColours, groupTitle, metricConfig } from './metric-fields.js';
import { answerCard, planCard, type Card } from './card.js';
import { comparedWith, type TablePlan } from './table.js';
import type { View } from './view.js';

/** One number per metric and group; with `compare` two points in time, at the start of each window. */
export const total: View<TablePlan & { readonly card: Card | null }> = {
  name: 'total',
  title: 'Total',
  members: [
    'metrics',
    'groupBy',
    'filters',
    'compare',
    'sparkline',
    'interval',
    'maxDataPoints',
    'orderBy',
    'direction',
    'limit',
    'offset',
    'legend',
  ],
  filters: null,
  plan(question, settings) {
    const grouped = planGrouped(question, settings, Infinity);
    const earlier = planEarlier(question, grouped.rows);
    const cut = planCut(grouped.rows, earlier);
    checkValues(grouped, 1, cut);
    return { ...grouped, earlier, cut, card: planCard(question, grouped, settings) };
  },
  async answer(context, plan) {
    if (plan.card) return answerCard(context, plan, plan.card);
    const answer = await answerGroups(context, plan, plan.cut);
    const { grid, groups, notices, reason } = answer;
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
    const time = plan.earlier && numbers.length > 0 ? [timeColumn('time', times)] : [];
    const type = plan.earlier ? 'timeseries-wide' : 'numeric-wide';
    const leftOut = leftOutNotice(all.length - numbers.length);
    const frames = [{ type, columns: [...time, ...numbers] }] as const;
    return { frames, notices: [...notices, ...leftOut], reason, compared: comparedWith(plan, answer) };
  },
};

function leftOutNotice(count: number): Notice[] {
  if (count === 0) return [];
  const text = `${count} unknown ${count === 1 ? 'value is' : 'values are'} left out, which an alert rule would take for "No data"`;
  return [{ severity: 'info', text }];
}

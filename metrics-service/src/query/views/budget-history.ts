import { divide } from '../../catalogue/exact.js';
import { UNITS } from '../../catalogue/units.js';
import { minimumGroupSize } from '../../access/viewer-scope.js';
import { compareUtf8 } from '../../text-order.js';
import { pastPeriods, spentIn, whyNoPeriod, wordsOfChosen, type PastPeriod } from '../budgets/history.js';
import { stateOf } from '../budgets/state.js';
import type { Cost } from '../budgets/measured-costs.js';
import { unknownName } from '../invalid.js';
import { planDirection, readRows } from '../plan.js';
import type { Direction } from '../rows.js';
import type { ListColumn, ListRow } from '../statements/list.js';
import { asUsd, checkBudgetFilters } from './budgets.js';
import { cutNotices, listColumns, planLimit } from './list.js';
import type { Planned, View } from './view.js';

const DEFAULT_PERIODS = 100;

const COLUMNS: readonly ListColumn[] = [
  { name: 'budget', type: 'text', title: 'Budget' },
  { name: 'name', type: 'text', title: 'Name' },
  { name: 'period', type: 'text', title: 'Per' },
  { name: 'period_start', type: 'time', title: 'From' },
  { name: 'period_end', type: 'time', title: 'Until' },
  { name: 'limit', type: 'number', title: 'Limit', unit: UNITS.USD },
  { name: 'spent', type: 'number', title: 'Spent', unit: UNITS.USD },
  { name: 'use', type: 'number', title: 'Use', unit: UNITS.ratio },
  { name: 'state', type: 'text', title: 'State' },
  { name: 'limit_before', type: 'number', title: 'Limit at its start', unit: UNITS.USD },
  { name: 'changed_at', type: 'time', title: 'Last change' },
  { name: 'changed_by', type: 'text', title: 'Changed by' },
];
/** What each row is known by before its cost is asked for. */
const ORDER = 'period_start';

interface HistoryPlan extends Planned {
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** One row per budget and period of the window that is over, with the limit that held at its end, the latest first. */
export const budgetHistory: View<HistoryPlan> = {
  name: 'budget_history',
  title: 'Budgets, past periods',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  filters: ['budget'],
  saysWhyEmpty: true,
  columns: COLUMNS.filter(({ name }) => name === ORDER),
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkBudgetFilters(question);
    if (question.orderBy && question.orderBy !== ORDER) throw unknownName('orderBy', question.orderBy, [ORDER]);
    const direction = planDirection(question);
    return { rows, direction, ...planLimit(question, 'budget_history', DEFAULT_PERIODS) };
  },
  async answer(context, { rows, direction, limit, offset }) {
    const words = await wordsOfChosen(context, rows.filters);
    const past = pastPeriods(words, rows.window, context);
    const sign = direction === 'asc' ? 1 : -1;
    const ordered = [...past].sort(
      (one, other) =>
        sign * (one.period.from - other.period.from) ||
        one.period.to - other.period.to ||
        compareUtf8(one.budget.id, other.budget.id),
    );
    const page = ordered.slice(offset, offset + limit);
    const spent = page.length === 0 ? new Map<PastPeriod, Cost>() : await spentIn(context, page);
    const shown = page.map((one) => rowOf(one, spent.get(one)!));
    // where few are hidden, a cost that is not told may be theirs
    const told = minimumGroupSize(context.scope) > 0 ? shown.filter((row) => row.spent !== null) : shown;
    return {
      frames: [{ visualisation: 'table', columns: listColumns(COLUMNS, told) }],
      notices: cutNotices(page.length, offset, past.length, ' periods'),
      reason: past.length === 0 ? whyNoPeriod(words, { only: rows.filters, timezone: rows.timezone }, context) : null,
    };
  },
};

function rowOf({ budget, period, changes, limitBefore }: PastPeriod, spent: Cost): ListRow {
  const use = spent === null ? null : divide(spent, budget.limitNanos);
  const last = changes.at(-1);
  return {
    ...{ budget: budget.id, name: budget.name, period: budget.period },
    ...{ period_start: period.from, period_end: period.to },
    ...{ limit: asUsd(budget.limitNanos), spent: asUsd(spent), use, state: stateOf(use, budget.thresholds) },
    ...{ limit_before: asUsd(limitBefore), changed_at: last?.at ?? null, changed_by: last?.by ?? null },
  };
}

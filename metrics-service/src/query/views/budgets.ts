import { usdOf } from '../../catalogue/exact.js';
import { UNITS } from '../../catalogue/units.js';
import type { Notice } from '../../contract/frames.js';
import { compareUtf8 } from '../../text-order.js';
import type { ReadBudget } from '../budgets/budget.js';
import { budgetsNow, type BudgetNow } from '../budgets/now.js';
import { statesFrom } from '../budgets/state.js';
import { unmatchedNotices } from '../budgets/unmatched.js';
import { whyNoBudget } from '../budgets/why-none.js';
import { InvalidQuery, quoted, unknownName } from '../invalid.js';
import { nullsLast } from '../order.js';
import { planDirection, readRows } from '../plan.js';
import type { Question } from '../question.js';
import type { Direction } from '../rows.js';
import { valueIn, type ListColumn, type ListRow } from '../statements/list.js';
import { cutNotices, listColumns, planLimit } from './list.js';
import type { Planned, View } from './view.js';

const DEFAULT_BUDGETS = 100;

const COLUMNS: readonly ListColumn[] = [
  { name: 'budget', type: 'text', title: 'Budget' },
  { name: 'name', type: 'text', title: 'Name' },
  { name: 'period', type: 'text', title: 'Per' },
  { name: 'period_start', type: 'time', title: 'From' },
  { name: 'period_end', type: 'time', title: 'Until' },
  { name: 'limit', type: 'number', title: 'Limit', unit: UNITS.USD },
  { name: 'spent', type: 'number', title: 'Spent', unit: UNITS.USD },
  { name: 'use', type: 'number', title: 'Use', unit: UNITS.ratio },
  { name: 'projected', type: 'number', title: 'Projected', unit: UNITS.USD },
  { name: 'projected_use', type: 'number', title: 'Projected use', unit: UNITS.ratio },
  { name: 'state', type: 'text', title: 'State' },
  { name: 'warn_from', type: 'number', title: 'Warn from', unit: UNITS.ratio },
  { name: 'near_from', type: 'number', title: 'Near from', unit: UNITS.ratio },
  { name: 'reached_at', type: 'time', title: 'Limit reached' },
];

interface BudgetsPlan extends Planned {
  readonly order: ListColumn;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** One row per budget that holds now: how its current period stands, whatever the window. */
export const budgets: View<BudgetsPlan> = {
  name: 'budgets',
  title: 'Budgets',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  filters: ['budget'],
  saysWhyEmpty: true,
  isOfNow: true,
  columns: COLUMNS,
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkBudgetFilters(question);
    const name = question.orderBy || 'use';
    const order = COLUMNS.find((column) => column.name === name);
    if (!order)
      throw unknownName(
        'orderBy',
        name,
        COLUMNS.map((column) => column.name),
      );
    return { rows, order, direction: planDirection(question), ...planLimit(question, 'budgets', DEFAULT_BUDGETS) };
  },
  async answer(context, { rows, order, direction, limit, offset }) {
    const { found, broken } = await budgetsNow(context, rows.filters, { withInstants: true });
    const sorted = found
      .map(rowOf)
      .sort(
        (one, other) =>
          nullsLast(valueIn(order, one), valueIn(order, other), direction, compareValues) ||
          compareUtf8(one.budget as string, other.budget as string),
      );
    const shown = sorted.slice(offset, offset + limit);
    const ids = new Set(shown.map((row) => row.budget));
    return {
      frames: [{ visualisation: 'table', columns: listColumns(COLUMNS, shown) }],
      notices: [
        ...cutNotices(shown.length, offset, found.length, ' budgets'),
        ...brokenNotices(broken),
        ...(await unmatchedNotices(
          context,
          found.filter(({ budget }) => ids.has(budget.id)),
        )),
      ],
      reason: found.length === 0 ? whyNoBudget(context, rows.filters) : null,
    };
  },
};

/** Refuses filters of anything but budgets. */
export function checkBudgetFilters({ filters }: Pick<Question, 'filters'>): void {
  const other = filters.find(({ dimension }) => dimension.name !== 'budget');
  if (!other) return;
  const how = 'each budget has filters of its own; it takes budget';
  throw new InvalidQuery(`budgets do not take the filter ${other.dimension.name}: ${how}`);
}

function rowOf({ budget, period, state, use, projectedUse, reachedAt, ...costs }: BudgetNow): ListRow {
  const { warn, near } = statesFrom(budget.thresholds);
  const [limit, spent, projected] = [budget.limitNanos, costs.spent, costs.projected].map(asUsd) as [
    number,
    number | null,
    number | null,
  ];
  return {
    ...{ budget: budget.id, name: budget.name, period: budget.period },
    ...{ period_start: period.from, period_end: period.to },
    ...{ limit, spent, use, projected, projected_use: projectedUse, state, reached_at: reachedAt },
    ...{ warn_from: warn, near_from: near },
  };
}

export function asUsd(nanos: bigint | null): number | null {
  return nanos === null ? null : usdOf(String(nanos));
}

function compareValues(one: ReturnType<typeof valueIn>, other: ReturnType<typeof valueIn>): number {
  return typeof one === 'number' && typeof other === 'number' ? one - other : compareUtf8(String(one), String(other));
}

/** More of them are not named. */
const MOST_NAMED = 5;

export function brokenNotices(broken: readonly ReadBudget[]): Notice[] {
  if (broken.length === 0) return [];
  const named = broken.slice(0, MOST_NAMED).map(({ id }) => quoted(id));
  const which = `${named.join(', ')}${broken.length > MOST_NAMED ? ' …' : ''}`;
  const text = `left out: ${which}, whose filters name what is not one thing here, such as a name that two people have: set them by ids`;
  return [{ severity: 'warning', text }];
}

import { usdOf } from '../../catalogue/exact.js';
import { showMoney } from '../../format/numbers.js';
import type { Budget } from './budget.js';
import type { BudgetChange } from './changes.js';

/** What became of the budget, in one word. */
export function whatOf({ before, after }: BudgetChange): 'Set' | 'Changed' | 'Ended' {
  if (after === null) return 'Ended';
  return before === null ? 'Set' : 'Changed';
}

/** "Budget changed: Core". */
export function titleOf(change: BudgetChange): string {
  const { id, before, after } = change;
  return `Budget ${whatOf(change).toLowerCase()}: ${(after ?? before)?.name ?? id}`;
}

/** "$10.00 per month, before: $4.00 per week", and who said it. */
export function textOf({ before, after, by }: BudgetChange): string {
  const [was, is] = [before, after].map((one) => one && limitOf(one));
  const limit = was === null || is === null || was === is ? (is ?? was) : `${is}, before: ${was}`;
  const filters = after !== null && before !== null && was === is ? ', other filters, thresholds or name' : '';
  return `${limit}${filters}\nby ${by}`;
}

function limitOf({ limitNanos, period }: Budget): string {
  return `${showMoney(usdOf(String(limitNanos))!)} per ${period}`;
}

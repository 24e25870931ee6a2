import { minimumGroupSize } from '../../access/viewer-scope.js';
import { compareTexts } from '../order.js';
import type { QuestionContext } from '../context.js';
import { budgetsNow } from './now.js';
import { seenBudgets } from './visible.js';

/** The budgets that the viewer sees with this text in id or name, ignoring case, by what they are called. */
export async function budgetsNamed(
  context: QuestionContext,
  search: string,
): Promise<{ value: string; label: string }[]> {
  const isOfMany = minimumGroupSize(context.scope) > 0;
  const seen = isOfMany
    ? (await budgetsNow(context)).found.map(({ budget }) => budget)
    : (await seenBudgets(context)).seen;
  const has = (text: string): boolean => text.toLowerCase().includes(search.toLowerCase());
  return seen
    .map(({ id, name }) => ({ value: id, label: name ?? id }))
    .filter(({ value, label }) => has(value) || has(label))
    .sort((one, other) => compareTexts([one.label, one.value], [other.label, other.value]));
}

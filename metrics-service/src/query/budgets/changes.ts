import { isDeepStrictEqual } from 'node:util';
import { compareUtf8 } from '../../text-order.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Budget } from './budget.js';
import { wordsOf, type Word } from './words.js';

/** When what held of a budget became something else; null: it was not there, or not the viewer's to see. */
export interface BudgetChange {
  readonly id: string;
  /** epoch ms */
  readonly at: number;
  readonly by: string;
  readonly before: Budget | null;
  readonly after: Budget | null;
}

/** The changes of budgets in the window, the earliest first, then by id. Who sets again what holds already changes nothing. */
export async function budgetChanges(context: QuestionContext, { from, to }: Window): Promise<BudgetChange[]> {
  const all = [...(await wordsOf(context))].flatMap(([, words]) => changesOf(words));
  return all
    .filter(({ at }) => at >= from && at < to)
    .sort((one, other) => one.at - other.at || compareUtf8(one.id, other.id));
}

function changesOf(words: readonly Word[]): BudgetChange[] {
  return words.flatMap(({ id, at, by, budget: after }, index): BudgetChange[] => {
    const before = words[index - 1]?.budget ?? null;
    return isDeepStrictEqual(before, after) ? [] : [{ id, at, by, before, after }];
  });
}

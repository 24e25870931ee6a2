import type { Notice } from '../../contract/frames.js';
import { plural } from '../../format/numbers.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { quoted } from '../invalid.js';
import { matchesNothing, unknownValues } from '../reasons.js';
import type { Budget } from './budget.js';
import type { Cost } from './measured-costs.js';

/** More are not looked up: each takes a statement. */
const MOST_FILTERS = 20;
/** More budgets are not named. */
const MOST_NAMED = 5;

/**
 * A warning of each budget with a filter on what is not known here, such as a name that is misspelled: it would be well for
 * ever. Those of which anything is spent are not looked at.
 */
export async function unmatchedNotices(
  context: QuestionContext,
  budgets: readonly { readonly budget: Budget; readonly spent: Cost }[],
): Promise<Notice[]> {
  // what is known at all is for who sees all
  if (context.scope.kind !== 'organization') return [];
  const unspent = budgets.flatMap(({ budget, spent }) => (spent === 0n ? [budget] : []));
  const filters = new Map(unspent.flatMap((one) => one.filters.map((filter) => [keyOf(filter), filter] as const)));
  const faults = new Map<string, string>();
  for (const [key, filter] of [...filters].slice(0, MOST_FILTERS)) {
    const unknown = await unknownValues(context, filter);
    if (unknown.length > 0) faults.set(key, `${matchesNothing(filter, unknown)}. Check how it is written`);
  }
  const found = unspent.flatMap((one): Notice[] => {
    const fault = one.filters.map((filter) => faults.get(keyOf(filter))).find((text) => text !== undefined);
    return fault === undefined ? [] : [{ severity: 'warning', text: `budget ${quoted(one.id)}: ${fault}` }];
  });
  const more = found.length - MOST_NAMED;
  if (more <= 0) return found;
  const text = `${plural(more, 'more budget')} with a filter that matches nothing`;
  return [...found.slice(0, MOST_NAMED), { severity: 'warning', text }];
}

function keyOf({ dimension, values, none, negated }: Filter): string {
  return JSON.stringify([dimension.name, values, none, negated]);
}

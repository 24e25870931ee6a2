import type { Base } from '../../catalogue/bases/base.js';
import { runsBase } from '../../catalogue/bases/runs.js';
import { toolCallsBase } from '../../catalogue/bases/tool-calls.js';
import { isStorable } from '../../contract/values.js';
import type { Filter } from '../filters.js';
import { expressionOf, filterCondition } from './conditions.js';
import type { Draft } from './statement.js';

/** Conditions: the row of a base whose rows are like runs passes the filters. */
export function runConditions(filters: readonly Filter[], draft: Draft, base: Base = runsBase): string[] {
  return filters.flatMap((filter) => [
    filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft),
    ...impliedBy(filter, base, draft),
  ]);
}

/**
 * What holds for every row that passes, too: that its few rows are found by an index is not to be seen from the condition itself,
 * which is about the first of several columns that is known.
 */
function impliedBy({ dimension, values, negated, none }: Filter, base: Base, draft: Draft): string[] {
  if (negated || none) return [];
  const list = (): string => draft.bind(values.filter(isStorable), 'text[]');
  if (dimension.name === 'work_item' && base.from === undefined) {
    const named = list();
    return [
      `(r.work_item_id = any(${named}) or r.session_id = any(array(
    select session_id
    from ${draft.table('sessions')}
    where org_id = $1
      and (work_item_id = any(${named}) or branch_work_item_id = any(${named}))
  )))`,
    ];
  }
  if (dimension.name === 'session' && base === toolCallsBase) {
    const named = list();
    return [
      `(r.told_session_id = any(${named}) or r.told_run_id = any(array(
    select run_id
    from ${draft.table('runs')}
    where org_id = $1
      and session_id = any(${named})
  )))`,
    ];
  }
  return [];
}

import { METRICS } from '../catalogue/index.js';
import { hasInterval } from '../catalogue/metric.js';
import type { Asked } from './asked.js';
import { WHOLE, type Grid, type Group } from './grid.js';
import { wilson, type Bounds } from './intervals.js';
import { InvalidQuery } from './invalid.js';
import type { Question } from './question.js';

/** The metrics of a query that get an interval; none without `intervals`. @throws InvalidQuery if no metric has one */
export function planIntervals({ intervals }: Pick<Question, 'intervals'>, asked: readonly Asked[]): readonly Asked[] {
  if (!intervals) return [];
  const shares = asked.filter(({ metric }) => hasInterval(metric));
  if (shares.length > 0) return shares;
  const ids = asked.map(({ metric }) => metric.id);
  const those = METRICS.filter(hasInterval).map(({ id }) => id);
  const verb = ids.length === 1 ? 'has' : 'have';
  throw new InvalidQuery(`intervals: ${ids.join(', ')} ${verb} none; those that have one are ${those.join(', ')}`);
}

/** The interval of a share in the window; null without cases, or where the share is not shown. */
export function intervalOf({ value }: Asked, grid: Grid, group: Group): Bounds | null {
  if (grid.value(value, group, WHOLE) === null) return null;
  const cases = grid.cases(value, group, WHOLE);
  return cases && wilson(cases);
}

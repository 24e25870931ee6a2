import { minimumGroupSize } from '../access/viewer-scope.js';
import { baseOf } from '../catalogue/bases/index.js';
import type { Measure } from '../catalogue/measure.js';
import type { ToUsual } from '../catalogue/metric.js';
import type { QuestionContext } from './context.js';
import { spanOf } from './cut.js';
import { eventTimes } from './event-times.js';
import { Grid, WHOLE, type Group } from './grid.js';
import { measureRows } from './measure.js';
import type { Measured } from './measured.js';
import { cutBefore, WEEKS } from './usual.js';
import { isWithinWeek } from './weeks.js';

/** Reads the same sums in the weeks before. Windows that begin before the first event, or hold no run, do not count. */
export async function measureUsual(
  context: QuestionContext,
  grid: Grid,
  value: ToUsual,
  { groups, rows, cut }: Measured,
): Promise<void> {
  const { first } = await eventTimes(context);
  if (first === null) return;
  const least = minimumGroupSize(context.scope);
  const [sum, count] = value.measures;
  const base = baseOf('runs');
  const measures = [...new Set([sum, count, ...(least > 0 ? [base.people] : [])])];
  const isLong = cut.whole && !isWithinWeek(spanOf(cut), rows.timezone);
  for (const weeks of WEEKS) {
    const before = cutBefore(cut, weeks, rows.timezone);
    const found = new Grid(groups, before);
    await measureRows(context, found, 'runs', measures, { groups, rows, cut: before });
    const read = (measure: Measure, of: Group, at: number): bigint => BigInt(found.measure(measure, of, at) ?? 0n);
    for (const one of found.groups) {
      const group = grid.existing(one.key);
      if (!group) continue;
      for (const at of [...before.slices.keys(), ...(before.whole ? [WHOLE] : [])]) {
        const slice = at === cut.slices.length ? WHOLE : at;
        const { from } = before.slices[slice === WHOLE ? 0 : slice]!;
        if (from < first || (slice === WHOLE && isLong) || read(count, one, at) === 0n) continue;
        const cost = found.measure(sum, one, at);
        const isTold = least === 0 || read(base.people, one, at) >= BigInt(least);
        if (!isTold) grid.addEarlier(value, group, slice, null);
        else if (typeof cost === 'bigint') grid.addEarlier(value, group, slice, cost);
      }
    }
  }
}

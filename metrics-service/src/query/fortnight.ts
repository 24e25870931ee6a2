import { fortnight, FORTNIGHT_DAYS } from '../catalogue/bases/fortnight.js';
import { runs } from '../catalogue/bases/runs.js';
import type { Measure } from '../catalogue/measure.js';
import type { Cut } from './cut.js';
import type { Rows } from './rows.js';

/** The measures of runs that are measured over the last 14 days: each by that of the same name. */
export const NAMESAKES: ReadonlyMap<Measure, Measure<'runs'>> = new Map(
  Object.entries(fortnight).map(([name, measure]) => [measure, runs[name as keyof typeof fortnight]]),
);

/** The same question about the last 14 days before `now` (epoch ms). */
export function fortnightOf<Q extends { readonly rows: Rows; readonly cut: Cut }>(question: Q, now: number): Q {
  const window = { from: now - FORTNIGHT_DAYS * 86_400_000, to: now };
  return { ...question, rows: { ...question.rows, window }, cut: { slices: [window], whole: false, asked: 'all' } };
}

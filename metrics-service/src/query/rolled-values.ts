import { runs } from '../catalogue/bases/runs.js';
import type { QuestionContext } from './context.js';
import { rolledMeasures } from './rolled.js';
import { groupColumn } from './statements/aggregation.js';
import { rowsOf, type ValuesQuery } from './statements/dimension-values.js';

/** The values of a dimension on the runs that pass, by the sums that they have; null: they have to be read from the runs. */
export async function rolledValues(
  context: QuestionContext,
  { dimension, window, filters }: Pick<ValuesQuery, 'dimension' | 'window' | 'filters'>,
): Promise<readonly (string | null)[] | null> {
  const rows = rowsOf({ window, scope: context.scope, filters });
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const rolled = await rolledMeasures(context, { measures: [runs.runs], groups: [dimension], rows, cut });
  if (!rolled) return null;
  return [...new Set(rolled.parts.map(({ row }) => row[groupColumn(dimension)] as string | null))];
}

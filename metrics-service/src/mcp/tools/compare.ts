import { z } from 'zod';
import { comparedRows, COMPARED, comparisonQuery } from '../../presentation/comparison.js';
import { MEASURED } from '../../query/contrast.js';
import { CONTRASTED } from '../../query/statements/contrast.js';
import { ask, windowOf } from '../asker.js';
import { explain } from '../coverage.js';
import { limit, someFilters, values, windowInputs } from '../inputs.js';
import { around, fit, rowFor } from '../text.js';
import { tool } from '../tool.js';

export const compare = tool({
  name: 'compare',
  title: 'Compare',
  description:
    'Who or what does a kind of work best: models, agents, runtimes … beside each other, success, quality and rework with 95 % ' +
    'intervals (`_low`, `_high`) and numbers of cases (`_cases`), and which are not told apart. With `with`: sessions or work ' +
    'items with and without something, and the difference; that compares what people chose, not what caused it.',
  input: {
    by: z.enum(COMPARED).default('model').describe('what is compared'),
    same: z.enum(COMPARED).optional().describe('compares each kind of work by itself, such as task_type'),
    with: z
      .record(z.string(), values)
      .optional()
      .describe('instead of `by`: one filter of runs, or on tool, such as {"role": "reviewer"}'),
    of: z.enum(CONTRASTED).default('sessions').describe('what `with` tells apart'),
    filters: someFilters,
    ...windowInputs,
    limit: limit(20, 50),
  },
  async answer(engine, { by, same, with: contrasted, of, limit: most, ...asked }) {
    const window = { ...(await windowOf(engine, asked)), limit: most };
    if (contrasted) {
      const query = { view: 'contrast', of, by: contrasted, filters: asked.filters, ...window, limit: undefined };
      const answer = await ask(engine, query);
      return fit('rows', {
        ...around(answer),
        metrics: MEASURED.map(({ name, definition, unit }) => ({ id: name, definition, unit })),
        rows: answer.rows.map((row) => rowFor(answer.columns, row)),
      });
    }
    const query = { ...comparisonQuery({ by, same, filters: asked.filters }), ...window };
    const answer = comparedRows(await ask(engine, query), { same });
    return fit('rows', {
      ...around(answer),
      metrics: await explain(
        engine,
        query.metrics.filter((id) => answer.columns.some(({ name }) => name === id)),
        query,
      ),
      rows: answer.rows.map((row) => rowFor(answer.columns, row)),
    });
  },
});

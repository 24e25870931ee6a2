import { ask, windowOf } from '../asker.js';
import { someFilters, windowInputs } from '../inputs.js';
import { around, fit, rowFor } from '../text.js';
import { tool } from '../tool.js';

export const dataQuality = tool({
  name: 'data_quality',
  title: 'Data quality',
  description:
    'What is missing or wrong in the data, before you trust a number: runs without user, price or end, sessions without ' +
    'repository, models without a price, ids that may be one person, sources gone silent, tokens about to end. A row per ' +
    'check: how many, since when, which, and the command that mends it. null: not shown to this viewer.',
  input: { filters: someFilters, ...windowInputs },
  async answer(engine, asked) {
    const query = { view: 'data_quality', filters: asked.filters, ...(await windowOf(engine, asked)) };
    const answer = await ask(engine, query);
    const shown = answer.columns.filter(({ name }) => name !== 'link');
    return fit('checks', { ...around(answer), checks: answer.rows.map((row) => rowFor(shown, row)) });
  },
});

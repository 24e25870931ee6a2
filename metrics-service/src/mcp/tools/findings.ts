import { ask, windowOf } from '../asker.js';
import { limit, someFilters, windowInputs } from '../inputs.js';
import { around, fit, rowFor, unitsOf } from '../text.js';
import { tool } from '../tool.js';

export const findings = tool({
  name: 'findings',
  title: 'Findings',
  description:
    'Start here for "how is it going?": a headline in sentences (what changed against the same weekdays before, what it ' +
    'cost, what bought nothing) and what to look at, by the money at stake: retry loops, outlier sessions, unusual spend, ' +
    'failures that grew, a team, repository or model far from the others, people and sources gone quiet. Facts by fixed ' +
    'rules; no finding means that nothing stands out.',
  input: { filters: someFilters, ...windowInputs, limit: limit(5, 24) },
  async answer(engine, { limit: most, ...asked }) {
    const query = { filters: asked.filters, ...(await windowOf(engine, asked)) };
    const headline = await ask(engine, { ...query, view: 'headline' });
    const found = await ask(engine, { ...query, view: 'findings', limit: most });
    const shown = found.columns.filter(({ name }) => name !== 'link');
    return fit('findings', {
      ...around(found),
      headline: headline.rows.map((row) => row.headline),
      units: unitsOf(shown),
      findings: found.rows.map((row) => rowFor(shown, row)),
    });
  },
});

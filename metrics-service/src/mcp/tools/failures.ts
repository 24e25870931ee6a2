import { ask, windowOf } from '../asker.js';
import { explain } from '../coverage.js';
import { limit, someFilters, windowInputs } from '../inputs.js';
import { around, fit, rowFor, unitsOf } from '../text.js';
import { tool } from '../tool.js';

const RATES = ['runs', 'terminal_runs', 'failed_runs', 'run_failure_rate', 'run_timeout_rate'];
const BY_CATEGORY = ['failed_runs', 'failure_share'];
const CATEGORIES = 10;

export const failures = tool({
  name: 'failures',
  title: 'Failures',
  description:
    'Which runs failed last and why: how many of the window failed, by failure category, and the failed runs that ' +
    'completed last with their error summaries. A timeout is not a failure: it is counted separately.',
  input: { filters: someFilters, ...windowInputs, limit: limit(5, 50) },
  async answer(engine, { limit: most, ...asked }) {
    const window = await windowOf(engine, asked);
    const others = Object.fromEntries(Object.entries(asked.filters ?? {}).filter(([name]) => name !== 'status'));
    const query = { filters: others, ...window };
    const rates = await ask(engine, { ...query, view: 'total', metrics: RATES });
    const ofFailed = { ...query, filters: { ...others, status: ['FAILED'] } };
    const categories = await ask(engine, {
      ...{ ...ofFailed, view: 'table', metrics: BY_CATEGORY, groupBy: ['failure_category'], limit: CATEGORIES },
    });
    const failed = await ask(engine, { ...ofFailed, view: 'runs', orderBy: 'completed_at', limit: most });
    const notices = [...failed.notices, ...rates.notices, ...categories.notices];
    return fit('failed_runs', {
      ...around({ answered: failed.answered, notices: [...new Map(notices.map((one) => [one.text, one])).values()] }),
      rates: rowFor(rates.columns, rates.rows[0] ?? {}),
      categories: categories.rows.map((row) => rowFor(categories.columns, row)),
      metrics: await explain(engine, [...RATES, ...BY_CATEGORY], query),
      units: unitsOf(failed.columns),
      failed_runs: failed.rows.map((row) => rowFor(failed.columns, row, true)),
    });
  },
});

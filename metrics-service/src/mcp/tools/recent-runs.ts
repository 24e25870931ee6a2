import { z } from 'zod';
import { ask, windowOf } from '../asker.js';
import { explain } from '../coverage.js';
import { limit, someFilters, windowInputs } from '../inputs.js';
import { around, fit, rowFor, unitsOf } from '../text.js';
import { tool } from '../tool.js';

const USUAL = ['runs', 'run_success_rate', 'p50_run_duration', 'p95_run_duration', 'total_cost', 'cost_coverage'];

export const recentRuns = tool({
  name: 'recent_runs',
  title: 'Recent runs',
  description:
    'The runs of a window, the latest first, and what is usual there: success rate, durations, cost. A member that a ' +
    'run has not is unknown. Filter by status for those IN_FLIGHT, SUCCEEDED, FAILED, CANCELED or TIMEOUT.',
  input: {
    filters: someFilters,
    ...windowInputs,
    order_by: z.enum(['started_at', 'completed_at', 'duration', 'total_cost']).optional().describe('largest first'),
    limit: limit(10, 50),
  },
  async answer(engine, { order_by: orderBy, limit: most, ...asked }) {
    const query = { filters: asked.filters, ...(await windowOf(engine, asked)) };
    const runs = await ask(engine, { ...query, view: 'runs', orderBy, limit: most });
    const usual = await ask(engine, { ...query, view: 'total', metrics: USUAL });
    return fit('runs', {
      ...around({ answered: runs.answered, notices: [...runs.notices, ...usual.notices] }),
      usual: rowFor(usual.columns, usual.rows[0] ?? {}),
      metrics: await explain(engine, USUAL, query),
      units: unitsOf(runs.columns),
      runs: runs.rows.map((row) => rowFor(runs.columns, row, true)),
    });
  },
});

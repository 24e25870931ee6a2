import { z } from 'zod';
import { ask, windowOf } from '../asker.js';
import { explain } from '../coverage.js';
import { limit, windowInputs } from '../inputs.js';
import { around, fit, rowFor, unitsOf } from '../text.js';
import { tool } from '../tool.js';

export const session = tool({
  name: 'session',
  title: 'One session',
  description:
    'One session over a window, the last year if not said otherwise: its numbers, handoffs, why it counts as ' +
    'post-handoff iteration, and its runs, the latest first. A member that is not there is unknown.',
  input: {
    session: z.string().min(1).describe("the session's id, as recent_runs and failures name it"),
    ...windowInputs,
    limit: limit(20, 50),
  },
  async answer(engine, { session: id, limit: most, ...asked }) {
    const isOpen = asked.last === undefined && asked.from === undefined;
    const window = await windowOf(engine, isOpen ? { ...asked, last: '1y' } : asked);
    const query = { ...window, filters: { session: [id] } };
    const detail = await ask(engine, { ...query, view: 'session' });
    const runs = await ask(engine, { ...query, view: 'runs', limit: most });
    const names = detail.columns.map(({ name }) => name);
    return fit('runs', {
      ...around({ answered: detail.answered, notices: [...detail.notices, ...runs.notices] }),
      session: detail.rows[0] ? rowFor(detail.columns, detail.rows[0], true) : null,
      metrics: detail.rows[0] ? await explain(engine, names, query) : [],
      units: unitsOf([...detail.columns, ...runs.columns]),
      runs: runs.rows.map((row) => rowFor(runs.columns, row, true)),
    });
  },
});

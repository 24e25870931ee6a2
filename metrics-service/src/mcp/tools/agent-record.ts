import { z } from 'zod';
import { AGENT_METRICS, RECORD_COLUMNS, recordQueries } from '../../presentation/agent-record.js';
import { ask, windowOf, type AnsweredQuestion } from '../asker.js';
import { explain } from '../coverage.js';
import { limit, windowInputs } from '../inputs.js';
import { around, fit, rowFor } from '../text.js';
import { tool } from '../tool.js';

export const agentRecord = tool({
  name: 'agent_record',
  title: "An agent's record",
  description:
    'How one agent did, for example you: work items closed and how long that took, quality, rework and success with 95 % ' +
    'intervals (`_low`, `_high`) and numbers of cases (`_cases`), cost, calls for a person; by model; its latest work items and ' +
    'escalations. null: unknown or nothing.',
  input: {
    agent: z.string().min(1).describe('its name, as its runs state it'),
    ...windowInputs,
    limit: limit(5, 20),
  },
  async answer(engine, { agent, limit: latest, ...asked }) {
    const window = await windowOf(engine, asked);
    const queries = recordQueries(agent, latest);
    const record = await ask(engine, { ...queries.record, ...window });
    const models = await ask(engine, { ...queries.models, ...window });
    const items = await ask(engine, { ...queries.work_items, ...window });
    const escalations = await ask(engine, { ...queries.escalations, ...window });
    const some = ({ columns, rows }: AnsweredQuestion, names: readonly string[]) => {
      const shown = columns.filter(({ name }) => names.includes(name));
      return rows.map((row) => rowFor(shown, row, true));
    };
    return fit('work_items', {
      agent,
      ...around(record),
      record: rowFor(record.columns, record.rows[0]!),
      metrics: await explain(engine, AGENT_METRICS, { ...window, ...queries.record }),
      models: models.rows.map((row) => rowFor(models.columns, row)),
      escalations: some(escalations, RECORD_COLUMNS.escalations),
      work_items: some(items, RECORD_COLUMNS.work_items),
    });
  },
});

import { z } from 'zod';
import { costsOf, NoCosts, wholeLife } from '../../presentation/costs.js';
import { BadQuestion } from '../asker.js';
import { explain } from '../coverage.js';
import { fit } from '../text.js';
import { tool } from '../tool.js';

export const workItemCost = tool({
  name: 'work_item_cost',
  title: 'What a work item cost',
  description:
    'What an issue, ticket or task cost in its whole life: in all, by session (stage, model) and by model. USD; null: unknown.',
  input: { work_item: z.string().min(1).describe('MIN-123, owner/repo#7, a URL') },
  async answer(engine, { work_item: id }) {
    const askAll = async ({ queries, ...window }: Record<string, unknown>) => {
      const results = (queries as { refId: string }[]).map(
        async (query) => [query.refId, await engine.ask({ queries: [{ ...window, ...query }] })] as const,
      );
      return Object.fromEntries(await Promise.all(results));
    };
    const costs = await costsOf(askAll, id, engine.clock()).catch((error: unknown) => {
      throw error instanceof NoCosts ? new BadQuestion(error.message) : error;
    });
    const about = { ...wholeLife(engine.clock()), filters: { work_item: [id] } };
    const metrics = await explain(engine, ['total_cost', 'total_tokens'], about);
    return fit('sessions', { ...costs, metrics });
  },
});

import { z } from 'zod';

const usd = z.number().nullable().meta({ description: 'US dollars; null: unknown' });
const count = z.number().nullable();
const notice = z
  .string()
  .optional()
  .meta({ description: 'where the viewer sees some of the runs only: that this is their part' });

/** What `GET /v1/work-items/{id}/costs` answers. */
export const workItemCosts = z.strictObject({
  workItemId: z.string(),
  totalCost: usd,
  totalTokens: count,
  sessions: z.array(
    z.strictObject({
      id: z.string().nullable(),
      stage: z.string().nullable(),
      model: z.string().nullable(),
      cost: usd,
      tokens: count,
    }),
  ),
  byModel: z.record(z.string(), usd),
  notice,
});
export type WorkItemCosts = z.infer<typeof workItemCosts>;

const period = z.strictObject({
  from: z.number().meta({ description: 'epoch ms: when it began in the zone of the organization' }),
  to: z.number().meta({ description: 'epoch ms: now' }),
  cost: usd,
  tokens: count,
  runs: count,
  coverage: z.number().nullable().meta({ description: 'of how many of the ended runs the cost is known, 0 to 1' }),
});

/** What `GET /v1/costs/summary` answers. */
export const costSummary = z.strictObject({ today: period, week: period, month: period, notice });
export type CostSummary = z.infer<typeof costSummary>;

/** What `GET /v1/costs/by-work-item` answers. */
export const costsByWorkItem = z.strictObject({
  items: z.array(
    z.strictObject({ workItemId: z.string(), totalCost: usd, tokenCount: count, sessions: count, runs: count }),
  ),
  next: z.string().nullable().meta({ description: 'the cursor of the next page; null: this is the last one' }),
  notice,
});
export type CostsByWorkItem = z.infer<typeof costsByWorkItem>;

/** The query string of the list of work items; an empty member counts as absent. */
export const costListParameters = z.object({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.coerce.number().int().min(0).default(0),
});
export type CostListParameters = z.infer<typeof costListParameters>;

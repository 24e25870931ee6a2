import { Command } from 'commander';
import type { WorkItemCosts } from '../contract/costs.js';
import { printable, showValue } from '../format/values.js';
import { costsOf, NoCosts } from '../presentation/costs.js';
import { Failure } from '../failure.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import { asked, withService } from './query/options.js';
import { textTable } from './render/text-table.js';
import { print, type Surroundings } from './surroundings.js';

export type CostFlags = ClientFlags & { json?: boolean };

/** `runboard cost ITEM`: what a work item cost, to be pasted. */
export function costCommand(surroundings: Surroundings): Command {
  const command = new Command('cost')
    .description('what a work item cost: in all, by session and by model')
    .argument('<item>', 'the work item: a key, a URL')
    .option('--json', 'print JSON');
  withService(command);
  command.addHelpText('after', '\nExample:\n  runboard cost MIN-123');
  return command.action(async (item: string, flags: CostFlags) => {
    await asked(command, () => printCost(surroundings, item, flags));
  });
}

/** Queries and prints. @throws Failure */
export async function printCost(
  surroundings: Surroundings,
  item: string,
  { json, ...flags }: CostFlags,
): Promise<void> {
  const now = surroundings.clock();
  const costs = await withQueryClient(surroundings, { ...flags, now }, (client) =>
    costsOf(
      async ({ queries, ...window }) => {
        const results = (queries as { refId: string }[]).map(
          async (query) => [query.refId, await client.ask({ queries: [{ ...window, ...query }] })] as const,
        );
        return Object.fromEntries(await Promise.all(results));
      },
      item,
      now,
    ),
  ).catch((error: unknown) => {
    throw error instanceof NoCosts ? new Failure(error.message) : error;
  });
  print(surroundings, json, costs, linesOf(costs));
}

function linesOf({ workItemId, totalCost, totalTokens, sessions, byModel }: WorkItemCosts): string[] {
  const money = (usd: number | null): string => showValue(usd, 'money', 'UTC');
  const tokens = (count: number | null): string => showValue(count, 'tokens', 'UTC');
  if (sessions.length === 0) return [`${printable(workItemId)}: no run is about it`];
  const right = (head: string) => ({ head, align: 'right' }) as const;
  const left = (head: string) => ({ head, align: 'left' }) as const;
  const text = (value: string | null): string => (value === null ? '–' : printable(value));
  const models = Object.entries(byModel).sort(([, a], [, b]) => (b ?? -1) - (a ?? -1));
  return [
    `${printable(workItemId)}: ${money(totalCost)}, ${tokens(totalTokens)} tokens`,
    '',
    ...textTable(
      [left('session'), left('stage'), left('model'), right('cost'), right('tokens')],
      sessions.map(({ id, stage, model, cost, tokens: count }) => [
        ...[text(id), text(stage), text(model)],
        ...[money(cost), tokens(count)],
      ]),
    ),
    ...(models.length === 0 ? [] : ['']),
    ...textTable(
      [left('model'), right('cost'), right('share')],
      models.map(([model, cost]) => [printable(model), money(cost), shareOf(cost, totalCost)]),
    ).slice(models.length === 0 ? 1 : 0),
  ];
}

function shareOf(cost: number | null, total: number | null): string {
  return showValue(cost === null || !total ? null : cost / total, 'share', 'UTC');
}

import { Command } from 'commander';
import { BUDGET_PERIODS } from '../../contract/events/budgets.js';
import { Failure } from '../../failure.js';
import { printable } from '../../format/values.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { inOrg } from '../hint.js';
import { ORG_FLAG } from '../options.js';
import { each } from '../query/options.js';
import { readFilters } from '../query/request.js';
import { print, type Surroundings } from '../surroundings.js';
import { checked } from './declared.js';
import { changesOf, lineOf, readHeld, type BudgetChange } from './difference.js';
import { say } from './say.js';
import { warnOf } from './warn.js';

interface SetFlags {
  limit: string;
  period: string;
  name?: string;
  filter?: string[];
  threshold?: string[];
  org?: string;
  json?: boolean;
}

/** `runboard budget set` */
export function setCommand(surroundings: Surroundings): Command {
  return new Command('set')
    .description('set a budget: what is not given holds no longer')
    .argument('<id>', 'an id that stays, such as core-monthly')
    .requiredOption('--limit <usd>', 'US dollars')
    .requiredOption('--period <period>', `${BUDGET_PERIODS.join(', ')}: of the organization’s time zone`)
    .option('--name <name>', 'what it is called')
    .option('--filter <filter>', 'the runs that it is about: team=core, repo=web,api, model!=x; repeatable', each)
    .option(
      '--threshold <share>',
      'from the smallest of these shares of the limit on its state is warn, from the greatest near; repeatable (default: 0.75, 0.95)',
      each,
    )
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  runboard budget set core-monthly --limit 2500 --period month --filter team=core --name "Core team"\n' +
        '\nThe alert rules have shares of their own (75, 95 and 100 %), whatever a budget’s thresholds.',
    )
    .action((id: string, flags: SetFlags) => set(surroundings, id, flags));
}

async function set(surroundings: Surroundings, budgetId: string, { org, json, ...flags }: SetFlags): Promise<void> {
  const { limit: limitUsd, period, name, filter = [], threshold } = flags;
  const declared = checked({
    ...{ budgetId, limitUsd, period, filters: readFilters(filter) },
    ...(name === undefined ? {} : { name }),
    ...(threshold === undefined ? {} : { thresholds: [...new Set(threshold.map(Number))] }),
  });
  await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const changes = changesOf(await readHeld(database, orgId), [declared]);
    if (changes.length > 0) await say(surroundings, database, { orgId, changes });
    printChanges(surroundings, { orgId, changes, json }, `${printable(budgetId)} is set like that already`);
    await warnOf(surroundings, database, { orgId, ids: [budgetId] });
  });
}

/** `runboard budget delete` */
export function deleteCommand(surroundings: Surroundings): Command {
  return new Command('delete')
    .description('delete budgets; their history stays')
    .argument('<id...>', 'their ids')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard budget delete core-monthly')
    .action((ids: string[], flags: Pick<SetFlags, 'org' | 'json'>) => remove(surroundings, ids, flags));
}

async function remove(
  surroundings: Surroundings,
  ids: readonly string[],
  { org, json }: Pick<SetFlags, 'org' | 'json'>,
): Promise<void> {
  await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const held = await readHeld(database, orgId);
    const missing = ids.find((id) => (held.get(id)?.said ?? null) === null);
    if (missing !== undefined)
      throw new Failure(`${missing} is no budget of ${orgId}: see \`runboard budget list${inOrg(orgId)}\``);
    const changes = changesOf(held, [], true).filter(({ id }) => ids.includes(id));
    await say(surroundings, database, { orgId, changes });
    printChanges(surroundings, { orgId, changes, json }, 'nothing to delete');
  });
}

function printChanges(
  surroundings: Surroundings,
  { orgId, changes, json }: { orgId: string; changes: readonly BudgetChange[]; json: boolean | undefined },
  otherwise: string,
): void {
  const changed = changes.map(({ id, before, after }) => ({ budget: id, before, after }));
  const lines = changes.length > 0 ? changes.map(lineOf) : [otherwise];
  print(surroundings, json, { org: orgId, changed }, lines);
}

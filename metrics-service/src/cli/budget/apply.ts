import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { Failure } from '../../failure.js';
import { printable } from '../../format/values.js';
import { confirm } from '../confirm.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { parseBudgets } from './declared.js';
import { changesOf, lineOf, readHeld, type BudgetChange } from './difference.js';
import { say } from './say.js';
import { warnOf } from './warn.js';
import { plural } from '../../format/numbers.js';

interface Flags {
  org?: string;
  prune?: boolean;
  yes?: boolean;
  json?: boolean;
}

const EXPLANATION = `
The file is a list of budgets, such as

  budgets:
    - id: core-monthly
      name: Core team
      limit: 2500
      period: month
      filters: { team: [core] }
      thresholds: [0.75, 0.95, 1]

It shows what would change and asks. What the file does not name stays, or is deleted with --prune.

Examples:
  runboard budget apply budgets.yaml --org acme
  runboard budget apply budgets.yaml --org acme --prune --yes`;

/** Why a file cannot be read, by the system's code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

/** `runboard budget apply` */
export function applyCommand(surroundings: Surroundings): Command {
  return new Command('apply')
    .description('set the budgets of a file, after showing what would change: for budgets that are kept in git')
    .argument('<file>', 'YAML or JSON')
    .option(...ORG_FLAG)
    .option('--prune', 'also delete the budgets that the file does not name')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLANATION)
    .action((file: string, flags: Flags) => run(surroundings, file, flags));
}

async function run(surroundings: Surroundings, file: string, { org, prune, yes, json }: Flags): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(`${file} cannot be read: ${UNREADABLE[code ?? ''] ?? message}`, { cause: error });
  });
  const declared = parseBudgets(text);
  await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const held = await readHeld(database, orgId);
    const changes = changesOf(held, declared, prune);
    const all = changesOf(held, declared, true);
    const others = all.filter(({ after }) => after === null).map(({ id }) => id);
    if (!json) surroundings.stdout.write(changes.map((change) => `${lineOf(change)}\n`).join(''));
    if (changes.length > 0) {
      if (!yes) await confirm(surroundings, `Change ${changes.length} of the budgets of ${orgId}?`);
      await say(surroundings, database, { orgId, changes });
    }
    printResult(surroundings, { orgId, changes, others, json, prune, budgets: declared.length });
    await warnOf(surroundings, database, { orgId, ids: declared.map(({ budgetId }) => budgetId) });
  });
}

function printResult(
  surroundings: Surroundings,
  {
    orgId,
    changes,
    others,
    json,
    prune,
    budgets,
  }: Pick<Flags, 'json' | 'prune'> & {
    orgId: string;
    changes: readonly BudgetChange[];
    others: readonly string[];
    budgets: number;
  },
): void {
  const changed = changes.map(({ id, before, after }) => ({ budget: id, before, after }));
  const left =
    prune || others.length === 0 ? [] : [`not in the file, and left as they are: ${printable(others.join(', '))}`];
  print(surroundings, json, { org: orgId, budgets, changed, left: prune ? [] : others }, [
    `${plural(changes.length, 'budget')} changed in ${orgId}`,
    ...left,
  ]);
}

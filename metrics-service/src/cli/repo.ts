import { Command } from 'commander';
import { addRepoAlias, listRepoAliases, removeRepoAlias } from '../access/repo-aliases.js';
import { Failure } from '../failure.js';
import { resolveOrganization, withDatabase } from './context.js';
import { inOrg } from './hint.js';
import { ORG_FLAG } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

interface Flags {
  org?: string;
  json?: boolean;
}

/** `runboard repo alias | unalias | aliases` */
export function repoCommand(surroundings: Surroundings): Command {
  const command = new Command('repo').description('new names of repositories');
  command
    .command('alias')
    .description('show a repository under its new name, including its past data')
    .argument('<old>', 'its old name, or an address of it')
    .argument('<new>', 'its new name, or an address of it')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard repo alias acme/shop acme/store')
    .action(async (old: string, name: string, { org, json }: Flags) => {
      const { actor } = surroundings;
      const alias = await withDatabase(surroundings, async (database) =>
        addRepoAlias(database, await resolveOrganization(database, org), { old, name, actor }),
      );
      print(surroundings, json, alias, [`${alias.repo} is now shown as ${alias.name}`]);
    });
  command
    .command('unalias')
    .description('remove an alias')
    .argument('<old>', 'the old name')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard repo unalias acme/shop')
    .action(async (old: string, { org, json }: Flags) => {
      const { actor } = surroundings;
      const alias = await withDatabase(surroundings, async (database) =>
        removeRepoAlias(database, await resolveOrganization(database, org), { old, actor }),
      );
      if (!alias) throw new Failure(`${old} is not an alias: see \`runboard repo aliases${inOrg(org)}\``);
      print(surroundings, json, alias, [`${alias.repo} is a repository of its own again`]);
    });
  command
    .command('aliases')
    .description('list the aliases')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard repo aliases --json')
    .action(async ({ org, json }: Flags) => {
      const aliases = await withDatabase(surroundings, async (database) =>
        listRepoAliases(database, await resolveOrganization(database, org)),
      );
      const rows = aliases.map(({ repo, name }) => [repo, name]);
      print(surroundings, json, aliases, rows.length > 0 ? columns(['repository', 'is'], rows) : ['no alias']);
    });
  return command;
}

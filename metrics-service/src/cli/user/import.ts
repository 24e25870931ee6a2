import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { Failure } from '../../failure.js';
import { confirm } from '../confirm.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { lineOf } from './difference.js';
import { MEMBERS, parsePeople } from './people.js';
import { changesOf, say } from './say.js';
import { plural } from '../../format/numbers.js';

interface Flags {
  org?: string;
  yes?: boolean;
  json?: boolean;
}

const EXPLANATION = `
CSV with a first line of columns (${MEMBERS.join(', ')}; aliases separated by ;), or a JSON list of objects with
these members. What a user or a cell does not name stays as it is; in JSON "" clears. It shows what would change and
asks. Users that the file does not name stay, too.

Examples:
  runboard user import people.csv --org acme
  runboard user import people.json --org acme --yes`;

/** `runboard user import` */
export function userImportCommand(surroundings: Surroundings): Command {
  return new Command('import')
    .description('import who users are: role, team, kind, e-mail, and their other ids')
    .argument('<file>', 'CSV or JSON')
    .option(...ORG_FLAG)
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLANATION)
    .action((file: string, flags: Flags) => run(surroundings, file, flags));
}

async function run(surroundings: Surroundings, file: string, { org, yes, json }: Flags): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read`, { cause: error });
  });
  const people = parsePeople(text);
  const { orgId, changes } = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const changes = await changesOf(database, orgId, people);
    if (!json) surroundings.stdout.write(changes.map((change) => `${lineOf(change)}\n`).join(''));
    if (changes.length === 0) return { orgId, changes };
    if (!yes) await confirm(surroundings, `Write ${changes.length} of ${plural(people.length, 'user')} to ${orgId}?`);
    await say(surroundings, database, { orgId, changes, action: 'users imported' });
    return { orgId, changes };
  });
  const value = { org: orgId, users: people.length, changed: changes.map(({ latestMs: _, ...change }) => change) };
  print(surroundings, json, value, [`${changes.length} of ${plural(people.length, 'user')} changed in ${orgId}`]);
}

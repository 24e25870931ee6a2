import { Command } from 'commander';
import { BadUsage } from '../../failure.js';
import { MOST_ALIASES } from '../../contract/events/sessions.js';
import { idsOfPerson } from '../../ingest/persons.js';
import { loadRows } from '../../ingest/store.js';
import { printable } from '../../format/values.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { changesOf, say } from './say.js';

interface Flags {
  org?: string;
  json?: boolean;
}

/** `runboard user alias` */
export function userAliasCommand(surroundings: Surroundings): Command {
  return new Command('alias')
    .description('say that a user has other ids, too, so that every number counts them as one person')
    .argument('<user>', 'the id that stays')
    .argument('<other...>', 'other ids of the same person, in addition to those known already')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nTo take one back, import the user with the aliases that are left.\n\nExample:\n  runboard user alias ann ann@example.com github:ann --org acme',
    )
    .action((userId: string, others: string[], flags: Flags) => run(surroundings, { userId, others, ...flags }));
}

async function run(
  surroundings: Surroundings,
  { userId, others, org, json }: Flags & { userId: string; others: string[] },
): Promise<void> {
  const said = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const rows = await database.inOrganization(orgId, (tx) => loadRows(tx, 'user', [userId]), { readOnly: true });
    const known = (rows.get(userId)?.values.aliases ?? []) as string[];
    const aliases = [...new Set([...known, ...others])].filter((id) => id !== userId);
    if (aliases.length > MOST_ALIASES)
      throw new BadUsage(`too many ids: a user can have at most ${MOST_ALIASES} other ids`);
    const changes = await changesOf(database, orgId, [{ userId, aliases }]);
    if (changes.length > 0) await say(surroundings, database, { orgId, changes, action: 'aliases set' });
    const { personId } = await database.inOrganization(orgId, (tx) => idsOfPerson(tx, userId), { readOnly: true });
    return { org: orgId, user: userId, aliases, person: personId, taken: changes[0]?.taken };
  });
  const lines = Object.entries(said.taken ?? {}).map(
    ([id, from]) => `${printable(id)} belonged to ${printable(from)} until now`,
  );
  if (said.person !== userId)
    lines.push(`${printable(userId)} is itself an alias: these ids all count as ${printable(said.person)}`);
  print(surroundings, json, said, [`${printable(userId)} is also ${said.aliases.map(printable).join(', ')}`, ...lines]);
}

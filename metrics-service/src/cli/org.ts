import { Command, InvalidArgumentError, Option } from 'commander';
import {
  createOrganization,
  listOrganizations,
  MEMBER_VISIBILITIES,
  ORGANIZATION_ID,
} from '../access/organizations.js';
import { Failure } from '../failure.js';
import { unnamedOrganization, withDatabase } from './context.js';
import { timezone, wholeNumber } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

interface CreateFlags {
  name?: string;
  memberVisibility?: (typeof MEMBER_VISIBILITIES)[number];
  postHandoffHours: number;
  storeText?: boolean;
  timezone?: string;
  json?: boolean;
}

/** `runboard org create | list` */
export function orgCommand(surroundings: Surroundings): Command {
  const command = new Command('org').description('organizations, each with its own events, tokens and settings');
  command
    .command('create')
    .description('make an organization')
    .argument('<id>', 'lower-case letters, digits, _ and -, at most 63', organizationId)
    .option('--name <name>', 'what people call it (default: its id)', organizationName)
    .addOption(
      new Option('--member-visibility <who>', 'whose sessions a member sees')
        .choices(MEMBER_VISIBILITIES)
        .default('team'),
    )
    .option('--post-handoff-hours <hours>', 'how long a run after a handoff continues it', wholeNumber(1, 8_760), 24)
    .option('--store-text', 'keep the text of messages')
    .option('--timezone <zone>', 'for questions that name none', timezone, 'UTC')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org create acme --name "Acme Inc." --timezone Europe/Berlin')
    .action((id: string, flags: CreateFlags) => create(surroundings, id, flags));
  command
    .command('list')
    .description('list the organizations')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org list --json')
    .action(async ({ json }: { json?: boolean }) => {
      const rows = await withDatabase(surroundings, listOrganizations);
      const table = columns(
        ['id', 'name', 'made'],
        rows.map((row) => [row.orgId, row.name, row.createdAt.toISOString()]),
      );
      const value = rows.map(({ orgId, name, createdAt }) => ({ id: orgId, name, createdAt }));
      print(surroundings, json, value, rows.length > 0 ? table : ['no organization yet: runboard org create ID']);
    });
  return command;
}

async function create(surroundings: Surroundings, id: string, flags: CreateFlags): Promise<void> {
  const settings = {
    name: flags.name ?? id,
    memberVisibility: flags.memberVisibility,
    postHandoffMs: flags.postHandoffHours * 3_600_000,
    storeText: flags.storeText ?? false,
    timezone: flags.timezone,
  };
  const before = await withDatabase(surroundings, async (database) => {
    const ids = (await listOrganizations(database)).map(({ orgId }) => orgId);
    if (await createOrganization(database, id, settings)) return ids;
    throw new Failure(`there is an organization ${id} already`);
  });
  print(surroundings, flags.json, { id, ...settings }, [`made the organization ${id}`]);
  surroundings.stderr.write(changeOfMeaning(before, [...before, id]));
}

/** What commands without --org mean from now on, where that is another organization than before. */
function changeOfMeaning(before: string[], after: string[]): string {
  const [former, now] = [unnamedOrganization(before), unnamedOrganization(after)];
  if (former === now || before.length === 0) return '';
  if (now === null) return `note: there are several organizations now: commands need --org (${after.join(', ')})\n`;
  return `note: commands without --org mean ${now} now${former === null ? '' : `, no longer ${former}`}\n`;
}

function organizationId(text: string): string {
  if (ORGANIZATION_ID.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit.');
}

function organizationName(text: string): string {
  if (/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 200 characters on one line.');
}

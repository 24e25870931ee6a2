import { Command, InvalidArgumentError } from 'commander';
import { createBadge, listBadges, revokeBadge } from '../../access/badges.js';
import { itemId } from '../../contract/values.js';
import { Failure } from '../../failure.js';
import { printable } from '../../format/values.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { inOrg } from '../hint.js';
import { expiryParser, ORG_FLAG, stateOf } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { columns } from '../table.js';

interface Flags {
  org?: string;
  expires?: Date;
  all?: boolean;
  json?: boolean;
}

const JSON_FLAG = ['--json', 'print JSON'] as const;

/** `runboard work-item badge` */
export function badgeCommand(surroundings: Surroundings): Command {
  return new Command('badge')
    .description('make the token of a badge that shows what a work item cost, and print it, this once')
    .argument('<item>', 'the work item: a key, a URL', workItem)
    .option('--expires <when>', 'after 90d or 12h, or at a date (default: never)', expiryParser(surroundings.clock))
    .option(...ORG_FLAG)
    .option(...JSON_FLAG)
    .addHelpText(
      'after',
      '\nWhoever has the token sees what this one item cost, and nothing else: /v1/badges/TOKEN.svg is a picture,' +
        '\n/v1/badges/TOKEN.json is for the endpoint badge of shields.io.' +
        '\n\nExamples:\n  runboard work-item badge MIN-123 --expires 90d\n  runboard work-item badge acme/web#7 --json',
    )
    .action((item: string, flags: Flags) => make(surroundings, item, flags));
}

/** `runboard work-item badges` */
export function badgesCommand(surroundings: Surroundings): Command {
  return new Command('badges')
    .description('list the valid badges (their tokens are not stored)')
    .argument('[item]', 'of this work item alone', workItem)
    .option('--all', 'include revoked and expired ones')
    .option(...ORG_FLAG)
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard work-item badges MIN-123 --all')
    .action((item: string | undefined, flags: Flags) => list(surroundings, item, flags));
}

/** `runboard work-item revoke-badge` */
export function revokeBadgeCommand(surroundings: Surroundings): Command {
  return new Command('revoke-badge')
    .description('revoke a badge at once')
    .argument('<id>', 'its id, from `work-item badges`')
    .option(...ORG_FLAG)
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard work-item revoke-badge 1f2e3d4c5b6a')
    .action((id: string, flags: Flags) => revoke(surroundings, id, flags));
}

async function make(surroundings: Surroundings, item: string, { org, expires, json }: Flags): Promise<void> {
  const made = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const asked = { workItemId: item, expiresAt: expires, actor: surroundings.actor };
    const { token, badgeId } = await createBadge(database, orgId, asked);
    return { id: badgeId, token, org: orgId, workItemId: item, expiresAt: expires?.toISOString() ?? null };
  });
  print(surroundings, json, made, [made.token]);
}

async function list(surroundings: Surroundings, item: string | undefined, { org, all, json }: Flags): Promise<void> {
  const now = surroundings.clock();
  const found = await withDatabase(surroundings, async (database) =>
    listBadges(database, await resolveOrganization(database, org), item ?? null),
  );
  const rows = found
    .map((row) => ({ ...row, state: stateOf(row, now) }))
    .filter(({ state }) => all || state === 'valid');
  const value = rows.map(({ badgeId, orgId, ...row }) => ({ id: badgeId, org: orgId, ...row }));
  const cells = rows.map(({ badgeId, workItemId, state, createdAt, expiresAt }) => [
    ...[badgeId, printable(workItemId), state, createdAt.toISOString()],
    expiresAt?.toISOString() ?? 'never',
  ]);
  const table = columns(['id', 'work item', 'state', 'made', 'expires'], cells);
  const none =
    found.length > 0
      ? 'no valid badge; --all shows revoked and expired ones'
      : `no badge yet: make one with \`runboard work-item badge${inOrg(org)}\``;
  print(surroundings, json, value, rows.length > 0 ? table : [none]);
}

async function revoke(surroundings: Surroundings, id: string, { org, json }: Flags): Promise<void> {
  const orgId = await withDatabase(surroundings, async (database) => {
    const of = await resolveOrganization(database, org);
    if (await revokeBadge(database, of, { badgeId: id, actor: surroundings.actor })) return of;
    throw new Failure(`${of} has no valid badge ${JSON.stringify(id)}: see \`runboard work-item badges --org ${of}\``);
  });
  print(surroundings, json, { id, org: orgId, revoked: true }, [`revoked ${id}`]);
}

function workItem(text: string): string {
  if (itemId.safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be the id of a work item, 1 to 500 characters.');
}

import { Command, InvalidArgumentError } from 'commander';
import { createToken, listTokens, revokeToken } from '../access/tokens.js';
import { TOKEN_SCOPES, type TokenScope } from '../contract/access.js';
import { Failure } from '../failure.js';
import { resolveOrganization, withDatabase } from './context.js';
import { inOrg } from './hint.js';
import { addScope, expiryParser, ORG_FLAG, stateOf } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

const JSON_FLAG = ['--json', 'print JSON'] as const;

interface CreateFlags {
  org?: string;
  name: string;
  scope: TokenScope[];
  expires?: Date;
  json?: boolean;
}

interface ListFlags {
  org?: string;
  all?: boolean;
  json?: boolean;
}

/** `runboard token create | list | revoke` */
export function tokenCommand(surroundings: Surroundings): Command {
  const command = new Command('token').description('bearer tokens, each for one organization');
  command
    .command('create')
    .description('make a token and print it, this once, with nothing else on stdout')
    .option(...ORG_FLAG)
    .requiredOption('--name <name>', 'what it is for, shown in `token list`', tokenName)
    .requiredOption(
      '--scope <scope>',
      `what it may do: ${TOKEN_SCOPES.join(', ')}; may be given several times`,
      addScope,
    )
    .option('--expires <when>', 'after 90d or 12h, or at a date (default: never)', expiryParser(surroundings.clock))
    .option(...JSON_FLAG)
    .addHelpText(
      'after',
      '\nScopes: ingest sends events (give it to senders and importers); directory, beside it, says who users are: role,' +
        '\nteam, kind and aliases, so it can make an administrator (only the directory of your people); read asks; delegate,' +
        '\nbeside it, asks for others (only Grafana); admin is kept for later.' +
        '\n\nExamples:\n  runboard token create --name laptop --scope ingest --scope read --expires 90d' +
        '\n  runboard token create --org acme --name grafana --scope read --scope delegate --json',
    )
    .action((flags: CreateFlags) => create(surroundings, flags));
  command
    .command('list')
    .description('list the valid tokens of an organization (their texts are not stored)')
    .option(...ORG_FLAG)
    .option('--all', 'include revoked and expired ones')
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard token list --org acme')
    .action((flags: ListFlags) => list(surroundings, flags));
  command
    .command('revoke')
    .description('revoke a token at once')
    .argument('<id>', 'its id, from `token list`')
    .option(...ORG_FLAG)
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard token revoke 1f2e3d4c5b6a --org acme')
    .action((id: string, flags: { org?: string; json?: boolean }) => revoke(surroundings, id, flags));
  return command;
}

async function create(surroundings: Surroundings, { org, name, scope, expires, json }: CreateFlags): Promise<void> {
  const made = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const { actor } = surroundings;
    const { token, tokenId } = await createToken(database, orgId, { name, scopes: scope, expiresAt: expires, actor });
    return { id: tokenId, token, org: orgId, scopes: scope, expiresAt: expires?.toISOString() ?? null };
  });
  print(surroundings, json, made, [made.token]);
}

async function list(surroundings: Surroundings, { org, all, json }: ListFlags): Promise<void> {
  const { clock } = surroundings;
  const found = await withDatabase(surroundings, async (database) =>
    listTokens(database, await resolveOrganization(database, org)),
  );
  const rows = all ? found : found.filter((row) => stateOf(row, clock()) === 'valid');
  const value = rows.map(({ tokenId, orgId, ...row }) => ({
    id: tokenId,
    org: orgId,
    ...row,
    state: stateOf(row, clock()),
  }));
  const cells = rows.map((row) => [
    row.tokenId,
    row.name,
    row.scopes.join(','),
    stateOf(row, clock()),
    row.expiresAt?.toISOString() ?? 'never',
    row.lastUsedAt?.toISOString() ?? 'never',
  ]);
  const table = columns(['id', 'name', 'scopes', 'state', 'expires', 'last used'], cells);
  const none =
    found.length > 0
      ? 'no valid token; --all shows revoked and expired ones'
      : `no token yet: make one with \`runboard token create${inOrg(org)}\``;
  print(surroundings, json, value, rows.length > 0 ? table : [none]);
}

async function revoke(
  surroundings: Surroundings,
  id: string,
  { org, json }: { org?: string; json?: boolean },
): Promise<void> {
  const orgId = await withDatabase(surroundings, async (database) => {
    const of = await resolveOrganization(database, org);
    if ((await revokeToken(database, of, { tokenId: id }, surroundings.actor)) > 0) return of;
    throw new Failure(`${of} has no valid token ${JSON.stringify(id)}: see \`runboard token list --org ${of}\``);
  });
  print(surroundings, json, { id, org: orgId, revoked: true }, [`revoked ${id}`]);
}

function tokenName(text: string): string {
  if (/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 200 characters without line breaks.');
}

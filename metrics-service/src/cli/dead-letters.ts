import { Command, InvalidArgumentError } from 'commander';
import { recordAuditEntry } from '../access/audit.js';
import { Failure } from '../failure.js';
import { listDeadLetters } from '../ingest/dead-letters.js';
import { replayDeadLetters } from '../ingest/replay.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG, wholeNumber } from './options.js';
import { pricesFor } from './prices.js';
import { print, type Surroundings } from './surroundings.js';
import { columns, oneLine } from './table.js';
import { plural } from '../format/numbers.js';

interface Flags {
  org?: string;
  json?: boolean;
}

const JSON_FLAG = ['--json', 'print JSON'] as const;

const EXAMPLES = `
Examples:
  runboard dead-letters list
  runboard dead-letters show 17
  runboard dead-letters replay`;

/** `runboard dead-letters list | show | replay`: events that were rejected, and why. */
export function deadLettersCommand(surroundings: Surroundings): Command {
  const command = new Command('dead-letters')
    .description('rejected events, kept with the reason')
    .addHelpText('after', EXAMPLES);
  command
    .command('list')
    .description('the newest first')
    .option(...ORG_FLAG)
    .option('--limit <count>', 'how many', wholeNumber(1, 100_000), 50)
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard dead-letters list --limit 10')
    .action((flags: Flags & { limit: number }) => list(surroundings, flags));
  command
    .command('show')
    .description('show one of them, with the event as it was kept')
    .argument('<id>', 'its id, from `dead-letters list`', letterId)
    .option(...ORG_FLAG)
    .option(...JSON_FLAG)
    .addHelpText('after', '\nExample:\n  runboard dead-letters show 17')
    .action((id: string, flags: Flags) => show(surroundings, id, flags));
  command
    .command('replay')
    .description('ingest them again, oldest first; those that are accepted are removed')
    .argument('[id]', 'one of them (default: all)', letterId)
    .option(...ORG_FLAG)
    .option('--as-directory', 'accept events that say who users are, whatever token they came with')
    .option(...JSON_FLAG)
    .addHelpText(
      'after',
      '\nBefore you use --as-directory, look at the events: anyone who may send events can have sent them.' +
        '\n\nExamples:\n  runboard dead-letters replay\n  runboard dead-letters replay 17 --as-directory',
    )
    .action((id: string | undefined, flags: Flags & { asDirectory?: boolean }) => replay(surroundings, id, flags));
  return command;
}

async function list(surroundings: Surroundings, { org, limit, json }: Flags & { limit: number }): Promise<void> {
  const letters = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    return database.inOrganization(orgId, (tx) => listDeadLetters(tx, { limit }), { readOnly: true });
  });
  const table = columns(
    ['id', 'received', 'event', 'code', 'path', 'message'],
    letters.map((letter) => [
      letter.deadLetterId,
      letter.receivedAt.toISOString(),
      letter.eventId ?? '',
      letter.code,
      letter.path,
      letter.message,
    ]),
  );
  const value = letters.map(({ deadLetterId, event: _event, ...letter }) => ({ id: deadLetterId, ...letter }));
  print(surroundings, json, value, letters.length > 0 ? table : ['no event was rejected']);
}

async function show(surroundings: Surroundings, id: string, { org, json }: Flags): Promise<void> {
  const letter = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const letters = await database.inOrganization(orgId, (tx) => listDeadLetters(tx, { limit: 1, id }));
    return letters[0] ?? missing(id, orgId);
  });
  const { deadLetterId, ...rest } = letter;
  print(surroundings, json, { id: deadLetterId, ...rest }, [
    `dead letter ${deadLetterId}, received ${letter.receivedAt.toISOString()}`,
    oneLine(`${letter.code}: ${letter.path} ${letter.message}`),
    ...JSON.stringify(letter.event, null, 2).split('\n').map(oneLine),
  ]);
}

async function replay(
  surroundings: Surroundings,
  id: string | undefined,
  { org, json, asDirectory }: Flags & { asDirectory?: boolean },
): Promise<void> {
  const result = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const prices = await pricesFor(surroundings, database, orgId);
    const details = { ...(id !== undefined && { id }), ...(asDirectory && { asDirectory }) };
    await recordAuditEntry(database, orgId, { actor: surroundings.actor, action: 'dead letters replayed', details });
    const now = surroundings.clock();
    const replayed = await replayDeadLetters(database, orgId, { prices, now, id, asDirectory });
    const count = replayed.accepted + replayed.duplicates + replayed.rejected.length;
    return id !== undefined && count === 0 ? missing(id, orgId) : replayed;
  });
  const { accepted, duplicates, rejected } = result;
  const value = {
    accepted,
    duplicates,
    rejected: rejected.map(({ deadLetterId, fault }) => ({ id: deadLetterId, ...fault })),
  };
  print(surroundings, json, value, [
    `${accepted} accepted, ${plural(duplicates, 'duplicate')}, ${rejected.length} still rejected`,
    ...rejected
      .slice(0, 20)
      .map(({ deadLetterId, fault }) => oneLine(`  ${deadLetterId}  ${fault.path} ${fault.message}`)),
    ...(rejected.length > 20 ? [`  … and ${rejected.length - 20} more: runboard dead-letters list`] : []),
  ]);
}

function missing(id: string, orgId: string): never {
  throw new Failure(`${orgId} has no dead letter ${id}: see \`runboard dead-letters list --org ${orgId}\``);
}

function letterId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the number that `dead-letters list` shows.');
}

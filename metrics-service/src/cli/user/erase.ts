import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { printable } from '../../format/values.js';
import type { Database } from '../../db/database.js';
import { Failure } from '../../failure.js';
import { idsOfPerson } from '../../ingest/persons.js';
import { findWords, usersWithEmail } from '../../retention/erasable.js';
import { eraseUser, type Erased } from '../../retention/erase.js';
import { confirmByTyping } from '../confirm.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { progressBar } from '../progress.js';
import { print, type Surroundings } from '../surroundings.js';
import { columns, inWords } from '../table.js';

interface Flags {
  org?: string;
  keepId?: boolean;
  yes?: boolean;
  json?: boolean;
}

const number = new Intl.NumberFormat('en-US');

const EXPLANATION = `
Name, e-mail, message texts, titles, branches and error summaries go, from tables, log and rejected
events; all ids of the person are replaced by ones that say nothing. Every number stays. Take the person out of what
sends first: a new event that names them makes the user anew.

Examples:
  runboard user erase ann@example.com --org acme
  runboard user erase u-17 --org acme --keep-id --yes --json`;

/** `runboard user erase` */
export function userEraseCommand(surroundings: Surroundings): Command {
  return new Command('erase')
    .description('delete the personal data of a person, under all of their ids; the numbers are kept')
    .argument('<id>', 'one of their ids')
    .option(...ORG_FLAG)
    .option('--keep-id', 'keep the id, because it does not identify the person elsewhere')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLANATION)
    .action((userId: string, flags: Flags) => erase(surroundings, userId, flags));
}

async function erase(surroundings: Surroundings, userId: string, { org, keepId, yes, json }: Flags): Promise<void> {
  const pseudonym = `erased-${randomBytes(6).toString('hex')}`;
  const bar = progressBar(surroundings, 'events');
  const { orgId, counts, mentions, shownAs } = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const { ids } = await database.inOrganization(orgId, (tx) => idsOfPerson(tx, userId), { readOnly: true });
    const also = ids.filter((id) => id !== userId);
    const what = `erasing ${userId}${also.length > 0 ? ` (also ${also.join(', ')})` : ''} in ${orgId}`;
    if (!yes) await confirmByTyping(surroundings, { what, expected: userId });
    const erasure = { userId, pseudonym, replaceId: !keepId, actor: surroundings.actor };
    const erased = await eraseUser(database, orgId, erasure, (events) => bar.show(events, events));
    if (!erased) throw await missing(database, orgId, userId);
    return { orgId, ...erased, mentions: await findWords(database, orgId, erased.words) };
  }).finally(bar.clear);
  print(surroundings, json, { org: orgId, user: shownAs, changed: counts, mentions }, [
    `erased; the user is now ${printable(shownAs)}`,
    ...tableOf(counts),
    ...mentionLines(mentions),
  ]);
}

async function missing(database: Database, orgId: string, userId: string): Promise<Failure> {
  const ids = await database.inOrganization(orgId, (tx) => usersWithEmail(tx, userId), { readOnly: true });
  const hint = ids.length > 0 ? `; that is the e-mail of ${ids.map((id) => JSON.stringify(id)).join(', ')}` : '';
  return new Failure(`${orgId} has no user ${JSON.stringify(userId)}${hint}`);
}

function tableOf(counts: Erased['counts']): string[] {
  const numbers = Object.values(counts).map((count) => number.format(count));
  return columns(Object.keys(counts).map(inWords), [numbers]);
}

function mentionLines(mentions: Record<string, number>): string[] {
  const found = Object.entries(mentions).map(([table, rows]) => `${table} ${number.format(rows)}`);
  if (found.length === 0) return ['checked: no id, name or e-mail of the user is left in any table'];
  return [
    `the id, a name or an e-mail still occurs as a word in rows of other users or of groups: ${found.join(', ')}`,
  ];
}

import { Command } from 'commander';
import type { Transaction } from '../../db/database.js';
import { printable } from '../../format/values.js';
import { idHintsStatement } from '../../query/statements/id-hints.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { columns } from '../table.js';

interface Flags {
  org?: string;
  json?: boolean;
}

export interface Hint {
  user: string;
  other: string;
  seenAt: Date;
}

/** `runboard user hints` */
export function userHintsCommand(surroundings: Surroundings): Command {
  return new Command('hints')
    .description('list ids that senders saw together but that are not one person yet; numbers ignore these hints')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhere it is true, say so with `runboard user alias`; who sends events can make any hint.\n\nExample:\n  runboard user hints --org acme',
    )
    .action(async ({ org, json }: Flags) => {
      const hints = await withDatabase(surroundings, async (database) => {
        const orgId = await resolveOrganization(database, org);
        return database.inOrganization(orgId, openHints, { readOnly: true });
      });
      const rows = hints.map(({ user, other, seenAt }) => [printable(user), printable(other), seenAt.toISOString()]);
      const table = columns(['user', 'seen with', 'last seen'], rows);
      print(surroundings, json, hints, hints.length > 0 ? table : ['no hints']);
    });
}

/** The ids that were seen together and are not one person yet. */
export async function openHints(tx: Transaction): Promise<Hint[]> {
  const statement = idHintsStatement(tx.orgId);
  const { rows } = await tx.query<{ user: string; other: string; seen_at: number }>(statement.body, [
    ...statement.values,
  ]);
  return rows.map(({ user, other, seen_at }) => ({ user, other, seenAt: new Date(seen_at) }));
}

import { Command } from 'commander';
import { listAudit } from '../access/audit.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG, pastInstant, wholeNumber } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

interface Flags {
  org?: string;
  last?: number;
  limit: number;
  json?: boolean;
}

/** `runboard audit`: who did what to an organization. */
export function auditCommand(surroundings: Surroundings): Command {
  return new Command('audit')
    .description('who made or revoked tokens, changed settings, exported, rebuilt, pruned, erased: the newest first')
    .option(...ORG_FLAG)
    .option('--last <when>', 'only the last 30d, 12h, 4w, or since a date', pastInstant(surroundings.clock))
    .option('--limit <count>', 'how many', wholeNumber(1, 1_000_000), 1_000)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard audit --org acme --last 90d')
    .action(async ({ org, last = 0, limit, json }: Flags) => {
      const entries = await withDatabase(surroundings, async (database) => {
        // of an organization that was deleted, that is what is left
        const orgId = org ?? (await resolveOrganization(database));
        return listAudit(database, orgId, { since: new Date(last), limit });
      });
      const rows = entries.map(({ at, actor, action, details }) => [
        at.toISOString(),
        actor,
        action,
        Object.keys(details).length > 0 ? JSON.stringify(details) : '',
      ]);
      const lines = rows.length > 0 ? columns(['at', 'who', 'what', 'details'], rows) : ['nothing was written down'];
      print(surroundings, json, entries, lines);
    });
}

import { once } from 'node:events';
import { Command } from 'commander';
import { eachAudit, listAudit, type AuditEntry } from '../access/audit.js';
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
  const audit = new Command('audit')
    .description('list who made or revoked tokens, changed settings, exported, rebuilt, pruned or erased; newest first')
    .option(...ORG_FLAG)
    .option('--last <when>', 'only the last 30d, 12h, 4w, or since a date', pastInstant(surroundings.clock))
    .option('--limit <count>', 'how many', wholeNumber(1, 1_000_000), 1_000)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard audit --org acme --last 90d')
    .action(async ({ org, last = 0, limit, json }: Flags) => {
      const entries = await withDatabase(surroundings, async (database) => {
        // the entries of a deleted organization are kept, so it need not exist
        const orgId = org ?? (await resolveOrganization(database));
        return listAudit(database, orgId, { since: new Date(last), limit });
      });
      const rows = entries.map(({ at, actor, action, details }) => [
        at.toISOString(),
        actor,
        action,
        Object.keys(details).length > 0 ? JSON.stringify(details) : '',
      ]);
      const lines = rows.length > 0 ? columns(['at', 'who', 'what', 'details'], rows) : ['no entries'];
      print(surroundings, json, entries, lines);
    });
  audit
    .command('export')
    .description(
      'print all entries, oldest first, one JSON object per line, to keep them where nobody here can change them',
    )
    .option(...ORG_FLAG)
    .option('--last <when>', 'only the last 30d, 12h, 4w, or since a date', pastInstant(surroundings.clock))
    .addHelpText('after', '\nExample:\n  runboard audit export --org acme --last 1d >> audit.ndjson')
    .action(async (_flags: unknown, command: Command) => {
      // both commands have these
      const { org, last = 0 } = command.optsWithGlobals<Flags>();
      await withDatabase(surroundings, async (database) => {
        const orgId = org ?? (await resolveOrganization(database));
        await eachAudit(database, orgId, new Date(last), (entries) => write(surroundings, entries));
      });
    });
  return audit;
}

async function write({ stdout }: Surroundings, entries: AuditEntry[]): Promise<void> {
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  if (!stdout.write(lines)) await once(stdout, 'drain');
}

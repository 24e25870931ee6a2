import { Command } from 'commander';
import { recordAuditEntry } from '../access/audit.js';
import { rebuild } from '../ingest/rebuild.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG } from './options.js';
import { pricesFor } from './prices.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';
import { oneLine } from './table.js';

/** `runboard rebuild`: an organization's tables anew from its log of events. */
export function rebuildCommand(surroundings: Surroundings): Command {
  return new Command('rebuild')
    .description('make the tables of an organization anew from its log; questions see the old ones until it is done')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard rebuild --org acme')
    .action(async ({ org, json }: { org?: string; json?: boolean }) => {
      const bar = progressBar(surroundings, 'events');
      const { orgId, events, unreadable } = await withDatabase(surroundings, async (database) => {
        const orgId = await resolveOrganization(database, org);
        const prices = await pricesFor(surroundings, database, orgId);
        await recordAuditEntry(database, orgId, { actor: surroundings.actor, action: 'rebuilt', details: {} });
        return { orgId, ...(await rebuild(database, orgId, prices, bar.show)) };
      }).finally(bar.clear);
      print(surroundings, json, { org: orgId, events, unreadable }, [
        `made the tables of ${orgId} anew from ${events} events`,
        ...(unreadable.length > 0
          ? [`${unreadable.length} of them no longer read as valid events and were left out:`]
          : []),
        ...unreadable.slice(0, 20).map(({ source, id, reason }) => oneLine(`  ${source} ${id}: ${reason}`)),
      ]);
    });
}

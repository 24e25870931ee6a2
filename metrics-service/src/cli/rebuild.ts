import { Command } from 'commander';
import { recordAuditEntry } from '../access/audit.js';
import { rebuild } from '../ingest/rebuild.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG } from './options.js';
import { pricesFor } from './prices.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';
import { oneLine } from './table.js';
import { plural } from '../format/numbers.js';

/** `runboard rebuild`: rebuilds an organization's tables from its log of events. */
export function rebuildCommand(surroundings: Surroundings): Command {
  return new Command('rebuild')
    .description('rebuild the tables of an organization from its log; queries see the old ones until it is done')
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
        `rebuilt the tables of ${orgId} from ${plural(events, 'event')}`,
        ...(unreadable.length > 0 ? [`${plural(unreadable.length, 'event')} no longer valid, and left out:`] : []),
        ...unreadable.slice(0, 20).map(({ source, id, reason }) => oneLine(`  ${source} ${id}: ${reason}`)),
      ]);
    });
}

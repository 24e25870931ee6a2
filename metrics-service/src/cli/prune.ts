import { Command, Option } from 'commander';
import { recordAuditEntry } from '../access/audit.js';
import { listOrganizations } from '../access/organizations.js';
import type { Database } from '../db/database.js';
import { BadUsage } from '../failure.js';
import { countPrunable, type PruneCounts } from '../retention/prunable.js';
import { prune } from '../retention/prune.js';
import { makeArchive } from './archive.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG, pastInstant } from './options.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';
import { columns, inWords } from './table.js';

interface Flags {
  olderThan: number;
  org?: string;
  all?: boolean;
  archive?: string;
  yes?: boolean;
  json?: boolean;
}

const number = new Intl.NumberFormat('en-US');

const EXPLANATION = `
Without --yes it only counts. What goes is gone for good: take a backup first, or keep its events in an archive: to bring
them back, zcat FILE | runboard import events - --as-directory
A run goes with its calls, a session when nothing is left of it; users stay.

Examples:
  runboard prune --older-than 400d
  runboard prune --older-than 400d --yes --archive events-until-2026.ndjson.gz`;

/** `runboard prune`: retention. */
export function pruneCommand(surroundings: Surroundings): Command {
  return new Command('prune')
    .description('delete what has had no event for a long time, from the tables and the log')
    .requiredOption(
      '--older-than <when>',
      'an age such as 400d, 52w or 12h, or a date',
      pastInstant(surroundings.clock),
    )
    .option(...ORG_FLAG)
    .addOption(new Option('--all', 'every organization').conflicts('org'))
    .addOption(
      new Option('--archive <file>', 'write the events that go into this new file, compressed').conflicts('all'),
    )
    .option('--yes', 'delete it')
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLANATION)
    .action((flags: Flags) => run(surroundings, flags));
}

async function run(
  surroundings: Surroundings,
  { olderThan, org, all, archive, yes = false, json }: Flags,
): Promise<void> {
  if (olderThan > surroundings.clock()) throw new BadUsage('--older-than must lie in the past');
  const before = new Date(olderThan);
  const organizations = await withDatabase(surroundings, async (database) => {
    const orgIds = all
      ? (await listOrganizations(database)).map(({ orgId }) => orgId)
      : [await resolveOrganization(database, org)];
    const counted: { org: string; counts: PruneCounts }[] = [];
    for (const orgId of orgIds) {
      const counts = await countPrunable(database, orgId, before);
      counted.push({
        org: orgId,
        counts: yes ? await pruneShown(surroundings, database, orgId, { before, counts, archive }) : counts,
      });
    }
    return counted;
  });
  const rows = organizations.map(({ org, counts }) => ({ org, ...counts }));
  print(surroundings, json, { olderThan: before, deleted: yes, organizations: rows }, [
    `without events since ${before.toISOString()}${yes ? ', and deleted' : ''}:`,
    ...columns(
      ['organization', ...Object.keys(organizations[0]?.counts ?? {}).map(inWords)],
      organizations.map(({ org, counts }) => [org, ...Object.values(counts).map((count) => number.format(count))]),
    ),
    ...(yes ? [] : ['nothing was deleted: add --yes to delete it']),
  ]);
}

async function pruneShown(
  surroundings: Surroundings,
  database: Database,
  orgId: string,
  { before, counts: counted, archive: path }: { before: Date; counts: PruneCounts; archive: string | undefined },
): Promise<PruneCounts> {
  const archive = path === undefined ? null : await makeArchive(path);
  const details = { olderThan: before, ...counted, ...(archive && { archived: true }) };
  await recordAuditEntry(database, orgId, { actor: surroundings.actor, action: 'pruned', details });
  const bar = progressBar(surroundings, `events of ${orgId}`);
  const onProgress = ({ events }: PruneCounts): void => bar.show(events, counted.events);
  try {
    return await prune(database, orgId, before, { onProgress, archive: archive?.add });
  } finally {
    bar.clear();
    await archive?.close();
  }
}

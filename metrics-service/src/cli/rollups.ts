import { Command } from 'commander';
import { requestJob } from '../db/job-queue.js';
import { REFRESH_JOB } from '../ingest/refreshes.js';
import { refresh } from '../rollups/refresh.js';
import { claim } from '../rollups/claim.js';
import { rollupStatus } from '../rollups/state.js';
import { resolveOrganization, withDatabase } from './context.js';
import { ORG_FLAG } from './options.js';
import { print, type Surroundings } from './surroundings.js';
import { plural } from '../format/numbers.js';

interface Flags {
  org?: string;
  json?: boolean;
}

const EXPLANATION = `
Answers are exact however far behind the sums are: what is behind is read from the runs (docs/engine.md).

Examples:
  runboard rollups status
  runboard rollups rebuild --org acme`;

/** `runboard rollups`: the sums from which long windows are answered. */
export function rollupsCommand(surroundings: Surroundings): Command {
  return new Command('rollups')
    .description('the sums from which questions about long windows are answered')
    .addHelpText('after', EXPLANATION)
    .addCommand(
      new Command('status')
        .description('how far behind they are')
        .option(...ORG_FLAG)
        .option('--json', 'print JSON')
        .addHelpText('after', '\nExample:\n  runboard rollups status --org acme')
        .action((flags: Flags) => status(surroundings, flags)),
    )
    .addCommand(
      new Command('rebuild')
        .description('make them anew, from the runs')
        .option(...ORG_FLAG)
        .option('--json', 'print JSON')
        .addHelpText('after', '\nExample:\n  runboard rollups rebuild --org acme')
        .action((flags: Flags) => rebuild(surroundings, flags)),
    );
}

async function status(surroundings: Surroundings, { org, json }: Flags): Promise<void> {
  await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const found = await rollupStatus(database, orgId);
    const { kept, behind, behindFrom, behindTo, slots } = found;
    const span = behind > 0 ? `, from ${behindFrom!.toISOString()} to ${behindTo!.toISOString()}` : '';
    print(surroundings, json, { org: orgId, ...found }, [
      kept
        ? `${orgId}: ${plural(slots, 'slot')} with sums; ${plural(behind, 'slot')} of five minutes behind${span}`
        : `${orgId}: no sums of this version are kept yet: a running service begins within a minute`,
    ]);
  });
}

async function rebuild(surroundings: Surroundings, { org, json }: Flags): Promise<void> {
  await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    await claim(database, orgId);
    // goes on in a running service if this is interrupted
    await database.inOrganization(orgId, (tx) => requestJob(tx, REFRESH_JOB));
    const refreshed = await refresh(database, orgId);
    print(surroundings, json, { org: orgId, refreshed }, [
      `${orgId}: made the sums of ${plural(refreshed, 'slot')} of five minutes anew`,
    ]);
  });
}

import { recordAuditEntry } from '../access/audit.js';
import type { Organization } from '../access/organizations.js';
import { findOrganization } from '../access/organizations.js';
import { listRepoAliases, type RepoAlias } from '../access/repo-aliases.js';
import { exportEvents } from '../export/events.js';
import { Failure } from '../failure.js';
import { withDatabase } from './context.js';
import { notEnding } from './export.js';
import { progressBar } from './progress.js';
import { durationText } from './options.js';
import type { Surroundings } from './surroundings.js';
import { plural } from '../format/numbers.js';
import { shellWord } from '../format/shell.js';

/** `runboard org export`: prints the log to stdout, and to stderr the commands that create the same elsewhere. */
export async function exportOrganization(surroundings: Surroundings, id: string): Promise<void> {
  const { stdout, stderr } = surroundings;
  const bar = progressBar(surroundings, 'events');
  const { organization, aliases, events } = await withDatabase(surroundings, async (database) => {
    const organization = await findOrganization(database, id);
    if (!organization) throw new Failure(`there is no organization ${id}: see \`runboard org list\``);
    const details = { what: 'events' };
    await recordAuditEntry(database, id, { actor: surroundings.actor, action: 'exported', details });
    const aliases = await listRepoAliases(database, id);
    return { organization, aliases, events: await exportEvents(database, id, notEnding(stdout), bar.show) };
  }).finally(bar.clear);
  stderr.write(
    `${plural(events, 'event')} of ${id}. The same numbers elsewhere:\n` +
      [createCommand(organization), ...aliases.map((alias) => aliasCommand(id, alias)), importCommand(id)]
        .map((command) => `  ${command}\n`)
        .join(''),
  );
}

/** The command that creates an organization with the same settings. */
function createCommand(organization: Organization): string {
  const flags = [
    ['--name', shellWord(organization.name)],
    ['--member-visibility', organization.memberVisibility],
    ['--alert-visibility', organization.alertVisibility],
    ['--public-visibility', organization.publicVisibility],
    ['--post-handoff-hours', String(organization.postHandoffMs / 3_600_000)],
    ...(organization.telemetrySettleMs === 7_200_000
      ? []
      : [['--telemetry-settle', durationText(organization.telemetrySettleMs)]]),
    ...(organization.stuckAfterMs === 600_000 ? [] : [['--stuck-after', durationText(organization.stuckAfterMs)]]),
    ['--timezone', organization.timezone],
    ...(organization.storeText ? [['--store-text']] : []),
    ...(organization.storePaths ? [['--store-paths']] : []),
  ];
  return `runboard org create ${organization.orgId} ${flags.map((flag) => flag.join(' ')).join(' ')}`;
}

function aliasCommand(orgId: string, { repo, name }: RepoAlias): string {
  return `runboard repo alias ${shellWord(repo)} ${shellWord(name)} --org ${orgId}`;
}

function importCommand(orgId: string): string {
  return `runboard import events events.ndjson --as-directory --org ${orgId}`;
}

import { Command, InvalidArgumentError } from 'commander';
import { countRows, deleteOrganization } from '../retention/delete-organization.js';
import {
  createOrganization,
  findOrganization,
  listOrganizations,
  ORGANIZATION_ID,
  updateOrganization,
  type Organization,
  type OrganizationSettings,
} from '../access/organizations.js';
import { connect } from '../db/connect.js';
import { BadUsage, Failure } from '../failure.js';
import { confirmByTyping } from './confirm.js';
import { ownerUrl, unnamedOrganization, withDatabase } from './context.js';
import { durationText } from './options.js';
import { previewLinks } from './work-item/pattern.js';
import { exportOrganization } from './org-export.js';
import { settingsOf, withSettings, type SettingFlags } from './org-settings.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';

/** `runboard org create | update | show | list | export | delete` */
export function orgCommand(surroundings: Surroundings): Command {
  const command = new Command('org').description('organizations, each with its own events, tokens and settings');
  withSettings(command.command('create'))
    .description('create an organization')
    .argument('<id>', 'lower-case letters, digits, _ and -, at most 63', organizationId)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org create acme --name "Acme Inc." --timezone Europe/Berlin')
    .action((id: string, { json, ...flags }: SettingFlags & { json?: boolean }) =>
      create(surroundings, { id, settings: settingsOf(flags), json }),
    );
  withSettings(command.command('update'))
    .description('change settings of an organization; others are kept')
    .argument('<id>', 'its id', organizationId)
    .option('--no-store-text', 'do not keep the text of new messages')
    .option('--no-store-paths', 'do not keep new paths of files')
    .option('--yes', 'do not ask before another pattern links sessions')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org update acme --member-visibility self --public-visibility totals')
    .action((id: string, { json, yes, ...flags }: SettingFlags & { json?: boolean; yes?: boolean }) =>
      update(surroundings, { id, settings: settingsOf(flags), json, yes }),
    );
  command
    .command('show')
    .description('the settings of an organization')
    .argument('<id>', 'its id', organizationId)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org show acme')
    .action((id: string, { json }: { json?: boolean }) => show(surroundings, id, json));
  command
    .command('list')
    .description('list the organizations')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard org list --json')
    .action(async ({ json }: { json?: boolean }) => {
      const rows = await withDatabase(surroundings, listOrganizations);
      const table = columns(
        ['id', 'name', 'made'],
        rows.map((row) => [row.orgId, row.name, row.createdAt.toISOString()]),
      );
      const value = rows.map(({ orgId, name, createdAt }) => ({ id: orgId, name, createdAt }));
      print(surroundings, json, value, rows.length > 0 ? table : ['no organization yet: runboard org create ID']);
    });
  command
    .command('export')
    .description(
      'print all events of an organization, one JSON object per line; ingested elsewhere they give the same numbers',
    )
    .argument('<id>', 'its id', organizationId)
    .addHelpText('after', '\nExample:\n  runboard org export acme > events.ndjson')
    .action((id: string) => exportOrganization(surroundings, id));
  command
    .command('delete')
    .description('delete an organization with all its events, numbers, tokens and settings')
    .argument('<id>', 'its id', organizationId)
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nWhat goes is gone for good.\n\nExample:\n  runboard org delete acme')
    .action((id: string, flags: { yes?: boolean; json?: boolean }) => remove(surroundings, id, flags));
  return command;
}

interface Change {
  id: string;
  settings: Partial<OrganizationSettings>;
  json: boolean | undefined;
  yes?: boolean | undefined;
}

async function create(surroundings: Surroundings, { id, settings, json }: Change): Promise<void> {
  const { before, made } = await withDatabase(surroundings, async (database) => {
    const ids = (await listOrganizations(database)).map(({ orgId }) => orgId);
    if (!(await createOrganization(database, id, settings, surroundings.actor)))
      throw new Failure(`the organization ${id} exists already`);
    return { before: ids, made: await findOrganization(database, id) };
  });
  print(surroundings, json, shown(made!), [`created the organization ${id}`, ...whichTokens(id)]);
  surroundings.stderr.write(changeOfMeaning(before, [...before, id]));
}

async function update(surroundings: Surroundings, { id, settings, json, yes }: Change): Promise<void> {
  if (Object.keys(settings).length === 0)
    throw new BadUsage('no setting to change was given: see `runboard org update --help`');
  const changed = await withDatabase(surroundings, async (database) => {
    const { workItemPattern: pattern } = settings;
    if (typeof pattern === 'string') await previewLinks(surroundings, database, { id, pattern, yes });
    if (!(await updateOrganization(database, id, settings, surroundings.actor))) throw missing(id);
    return findOrganization(database, id);
  });
  print(surroundings, json, shown(changed!), linesOf(changed!));
}

async function show(surroundings: Surroundings, id: string, json: boolean | undefined): Promise<void> {
  const found = await withDatabase(surroundings, (database) => findOrganization(database, id));
  if (!found) throw missing(id);
  print(surroundings, json, shown(found), linesOf(found));
}

async function remove(surroundings: Surroundings, id: string, { yes, json }: { yes?: boolean; json?: boolean }) {
  const bar = progressBar(surroundings, 'rows');
  const { before, after, rows } = await withDatabase(surroundings, async (database) => {
    const idsNow = async () => (await listOrganizations(database)).map(({ orgId }) => orgId);
    const before = await idsNow();
    const counted = await countRows(database, id);
    if (Object.keys(counted).length === 0) throw missing(id);
    if (!yes) await confirmByTyping(surroundings, { what: `deleting ${id} with all that it has`, expected: id });
    const total = Object.values(counted).reduce((sum, count) => sum + count, 0);
    const owner = await connect(await ownerUrl(surroundings), 'runboard org delete');
    const onProgress = (done: number): void => bar.show(done, total);
    const deleting = deleteOrganization(database, id, { owner, actor: surroundings.actor, onProgress });
    const rows = await deleting.finally(() => owner.end());
    return { before, after: await idsNow(), rows };
  }).finally(bar.clear);
  print(surroundings, json, { id, deleted: rows }, [
    `deleted the organization ${id}`,
    ...columns(
      ['table', 'rows'],
      Object.entries(rows).map(([table, count]) => [table, new Intl.NumberFormat('en-US').format(count)]),
    ),
    'checked: no table contains any of its data, except the entry about this in the audit log',
  ]);
  if (after.length > 0) surroundings.stderr.write(changeOfMeaning(before, after));
}

function missing(id: string): Failure {
  return new Failure(`there is no organization ${id}: see \`runboard org list\``);
}

function shown({ orgId, ...settings }: Organization): { id: string } & OrganizationSettings {
  return { id: orgId, ...settings };
}

function linesOf(organization: Organization): string[] {
  const { memberVisibility, alertVisibility, publicVisibility, postHandoffMs, storeText, storePaths, timezone } =
    organization;
  return columns(
    ['setting', 'value'],
    [
      ['id', organization.orgId],
      ['name', organization.name],
      ['member visibility', memberVisibility],
      ['alert visibility', alertVisibility],
      ['public visibility', publicVisibility],
      ['post-handoff hours', String(postHandoffMs / 3_600_000)],
      ['telemetry settle', durationText(organization.telemetrySettleMs)],
      ['stuck after', durationText(organization.stuckAfterMs)],
      ['store text', storeText ? 'yes' : 'no'],
      ['store paths', storePaths ? 'yes' : 'no'],
      ['work item pattern', organization.workItemPattern ?? '–'],
      ['timezone', timezone],
    ],
  );
}

function whichTokens(id: string): string[] {
  const create = `runboard token create --org ${id}`;
  return [
    'Next, a token for each:',
    `  who sends events, importers  ${create} --name ci --scope ingest`,
    `  Grafana                      ${create} --name grafana --scope read --scope delegate`,
    `  your directory of people     ${create} --name directory --scope ingest --scope directory`,
  ];
}

/** The note that commands without --org now use another organization than before. */
function changeOfMeaning(before: string[], after: string[]): string {
  const [former, now] = [unnamedOrganization(before), unnamedOrganization(after)];
  if (former === now || before.length === 0) return '';
  if (now === null) return `note: there are several organizations now: commands need --org (${after.join(', ')})\n`;
  return `note: commands without --org now use ${now}${former === null ? '' : `, no longer ${former}`}\n`;
}

function organizationId(text: string): string {
  if (ORGANIZATION_ID.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit.');
}

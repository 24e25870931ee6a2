import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { Command, Option } from 'commander';
import type { ImportOptions } from '../../importers/import-options.js';
import { nameOf } from '../../importers/names.js';
import { Problems } from '../../importers/problems.js';
import { Sender } from '../../importers/send.js';
import { Tally } from '../../importers/tally.js';
import { linksOf } from '../../importers/work-item.js';
import { BadUsage, Failure } from '../../failure.js';
import { repoFinder } from '../git.js';
import { ORG_FLAG, pastInstant } from '../options.js';
import { followImport } from './follow.js';
import type { Format } from './formats.js';
import { installImport, uninstallImport } from './install.js';
import { importReport, printEvents, progressLine, retryLine } from './report.js';
import type { ImportFlags, ImportSurroundings } from './surroundings.js';
import { importedUser } from './user.js';

const REMOTE = '--url https://runboard.example.com --token "$TOKEN" --user ann@example.com';

/** `runboard import claude-code` and the like. */
export function transcriptsCommand(format: Format, surroundings: ImportSurroundings): Command {
  const examples = ['', ...format.examples, '--follow', '--dry-run > events.ndjson', REMOTE, `${REMOTE} --install`]
    .map((rest) => `  runboard import ${format.name} ${rest}`.trimEnd())
    .join('\n');
  return new Command(format.name)
    .description(format.description)
    .argument('[path...]', `folders or files (default: ${format.place})`)
    .option('--user <id>', 'whose sessions these are (default: git’s user.email, else the login name)')
    .option('--repo <name>', 'the repository (default: the git remote of the recorded folder, else its last name)')
    .option('--work-item <id>', 'the work item that these sessions are about, where nothing else says one')
    .option(
      '--since <when>',
      'only runs that started since: 2026-01-31, a time with its zone, or 30d, 12h',
      pastInstant(surroundings.clock),
    )
    .option('--dry-run', 'print the events, one JSON object per line, and send nothing')
    .option('--url <url>', 'another service (default: the local one)')
    .addOption(
      new Option('--token <token>', 'a token with scope ingest (default: one made for this import)').env(
        'RUNBOARD_TOKEN',
      ),
    )
    .option(...ORG_FLAG)
    .option('--with-text', 'send prompts, answers, titles and error messages too')
    .option('--follow', 'keep reading as files grow and new ones appear, until Ctrl-C')
    .option('--install', 'let --follow run always, as a service of yours (systemd, launchd)')
    .option('--uninstall', 'remove that service')
    .option('--json', 'print the totals as JSON')
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action((paths: string[], flags: ImportFlags) => runImport(format, paths, flags, surroundings));
}

/** Reads and sends; sets exit code 1 if the service rejected an event. */
async function runImport(
  format: Format,
  paths: string[],
  flags: ImportFlags,
  surroundings: ImportSurroundings,
): Promise<void> {
  if (flags.uninstall) return uninstallImport(format, flags, surroundings);
  if (flags.install) return installImport(format, paths, flags, surroundings);
  if (flags.follow && flags.workItem !== undefined)
    throw new BadUsage('--work-item is for what is imported once: leave --follow out');
  const { clock, stderr, environment } = surroundings;
  // what is followed may come later
  const places = paths.length > 0 ? paths : defaultFolders(format, environment, flags.follow === true);
  const service = flags.dryRun ? null : await surroundings.reach(flags);
  const progress = progressLine(stderr, clock);
  const repo = nameOf(flags.repo);
  let files = 0;
  const options: ImportOptions = {
    paths: places,
    mayBeMissing: paths.length === 0,
    userId: importedUser(flags.user).userId,
    repoOf: repo === null ? repoFinder() : () => repo,
    withText: flags.withText === true,
    sinceMs: flags.since,
    clock,
    problems: new Problems(),
    onProgress: (state) => {
      files = state.files;
      progress.show(state);
    },
  };
  if (flags.follow) return followImport(format, options, flags, { ...surroundings, service });
  try {
    const tally = new Tally();
    const sender = service && new Sender({ ...service, onRetry: retryLine(stderr) });
    for await (const read of format.read(options)) {
      const some = flags.workItem === undefined ? read : [...read, ...linksOf(read, flags.workItem)];
      tally.add(some);
      if (sender) await sender.add(some);
      else await printEvents(surroundings.stdout, some);
    }
    const sent = (await sender?.end()) ?? null;
    progress.clear();
    const { problems } = options;
    const found = { files, totals: tally.totals(), span: tally.span, sent, problems, target: flags };
    (sender ? surroundings.stdout : stderr).write(importReport(found, flags.json === true));
    if (sent && sent.rejected > 0) process.exitCode = 1;
  } finally {
    progress.clear();
    await service?.done?.();
  }
}

/** Those that are there, or all. @throws Failure where none is */
function defaultFolders(format: Format, environment: ImportSurroundings['environment'], all: boolean): string[] {
  const folders = format.folders(environment, homedir());
  if (all) return folders;
  const there = folders.filter((folder) => existsSync(folder));
  if (there.length === 0) throw new Failure(`there is no folder ${folders.join(' or ')}: name one`);
  return there;
}

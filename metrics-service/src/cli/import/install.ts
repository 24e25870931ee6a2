import { join, resolve } from 'node:path';
import { BadUsage } from '../../failure.js';
import { install, keptOf, lastingNode, placeOf, uninstall } from '../service/index.js';
import { ROOT } from '../surroundings.js';
import type { Format } from './formats.js';
import type { ImportFlags, ImportSurroundings } from './surroundings.js';
import { importedUser } from './user.js';

/** It stays where it is when the checkout is updated, and builds what is new at its next start. */
const SCRIPT = join(ROOT, 'metrics-service', 'bin', 'runboard.js');

/** `--install`: lets the import follow as a service. Sets exit code 1 where the service could not be started. */
export async function installImport(
  format: Format,
  paths: string[],
  flags: ImportFlags,
  { stdout, environment }: ImportSurroundings,
): Promise<void> {
  if (flags.dryRun) throw new BadUsage('--install cannot be used with --dry-run');
  if (flags.url !== undefined && flags.token === undefined) {
    throw new BadUsage('--url also needs --token, with a token of that service');
  }
  const place = placeOf(environment);
  const command = [lastingNode(place), SCRIPT, ...argumentsOf(format, paths, flags)];
  const done = await install(place, { format: format.name, command, environment: keptOf(environment, flags.token) });
  if (done.missing) process.exitCode = 1;
  if (flags.json) {
    stdout.write(`${JSON.stringify({ ...done, isRunning: done.missing === null })}\n`);
    return;
  }
  const { missing, hint } = done;
  const lines = [
    `wrote ${done.file}`,
    `and ${done.environmentFile}, which only you can read`,
    ...(missing
      ? [
          `${done.manager} could not start it (${missing.why}). In a session of this account run:`,
          ...missing.run.map((line) => `  ${line}`),
        ]
      : ['it runs, now and after every login; `npx runboard doctor` says how it is']),
    ...(hint === null ? [] : [hint]),
  ];
  stdout.write(`${lines.join('\n')}\n`);
}

/** `--uninstall` */
export async function uninstallImport(
  format: Format,
  flags: ImportFlags,
  { stdout, environment }: ImportSurroundings,
): Promise<void> {
  const removed = await uninstall(placeOf(environment), format.name);
  const words = removed
    ? `the service that imports ${format.name} is removed`
    : `no service imports ${format.name} here`;
  stdout.write(flags.json ? `${JSON.stringify({ removed })}\n` : `${words}\n`);
}

/** The arguments that mean the same in another folder and at any time; the token stands in the environment. */
function argumentsOf(
  { name }: Format,
  paths: string[],
  { user, repo, since, url, org, withText }: ImportFlags,
): string[] {
  const named = {
    user: user ?? importedUser().userId ?? undefined,
    repo,
    since: since === undefined ? undefined : new Date(since).toISOString(),
    url,
    org,
  };
  const flags = Object.entries(named).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value]));
  return [
    'import',
    name,
    ...paths.map((path) => resolve(path)),
    ...flags,
    ...(withText ? ['--with-text'] : []),
    '--follow',
  ];
}

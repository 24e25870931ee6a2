import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePrivately } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import { environmentText } from './environment.js';
import { launchd } from './launchd.js';
import { whyNot, type Manager, type Status, type Step } from './manager.js';
import { configFolder, runIn, type Place } from './place.js';
import { systemd } from './systemd.js';

export { keptOf } from './environment.js';
export { lastingNode, type Place } from './place.js';

const RETRY_MS = 500;

/** This account on this machine. */
export function placeOf(environment: Place['environment']): Place {
  return { platform: process.platform, home: homedir(), uid: process.getuid?.() ?? 0, environment };
}

function managerOf({ platform }: Place): Manager | null {
  if (platform === 'linux') return systemd;
  return platform === 'darwin' ? launchd : null;
}

function environmentFileOf(place: Place, format: string): string {
  return join(configFolder(place), 'runboard', `import-${format}.env`);
}

export interface Installed {
  readonly manager: Manager['name'];
  readonly file: string;
  readonly environmentFile: string;
  /** null: it runs; else why it does not, and what to run where it can */
  readonly missing: { readonly why: string; readonly run: readonly string[] } | null;
  readonly hint: string | null;
}

/** Writes the service's files, and starts it now and at every login. @throws Failure; BadUsage */
export async function install(
  place: Place,
  { format, command, environment }: { format: string; command: readonly string[]; environment: Record<string, string> },
): Promise<Installed> {
  const manager = managerOf(place);
  if (!manager) throw new Failure(`there are no services of users on ${place.platform}: run it with --follow instead`);
  const [file, environmentFile] = [manager.file(place, format), environmentFileOf(place, format)];
  await mkdir(dirname(environmentFile), { recursive: true, mode: 0o700 });
  await writePrivately(environmentFile, environmentText(environment));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, manager.text(place, { format, command, environmentFile }), { mode: 0o644 });
  const steps = manager.start(place, format);
  const why = await take(place, steps);
  const run =
    why === null ? [] : steps.filter(({ mayFail }) => !mayFail).map((step) => step.command.map(shown).join(' '));
  const hint = why === null ? await manager.hint(place, (asked) => runIn(place, asked)) : null;
  return { manager: manager.name, file, environmentFile, missing: why === null ? null : { why, run }, hint };
}

/** Stops the service and removes its files; false: there was none. */
export async function uninstall(place: Place, format: string): Promise<boolean> {
  const manager = managerOf(place);
  const file = manager?.file(place, format);
  if (!manager || !file || !(await isThere(file))) return false;
  await take(place, manager.stop(place, format));
  for (const path of [file, environmentFileOf(place, format)]) await rm(path, { force: true });
  return true;
}

/** The service of a format, if it is installed. */
export async function statusOf(place: Place, format: string): Promise<(Status & { file: string }) | null> {
  const manager = managerOf(place);
  const file = manager?.file(place, format);
  if (!manager || !file || !(await isThere(file))) return null;
  return { ...(await manager.status(place, format, (asked) => runIn(place, asked))), file };
}

/** Runs the steps; why one of them failed, or null. */
async function take(place: Place, steps: readonly Step[]): Promise<string | null> {
  for (const { command, mayFail = false, tries = 1 } of steps) {
    let said = await runIn(place, command);
    for (let again = 1; again < tries && said !== null && said.code !== 0; again += 1) {
      await sleep(RETRY_MS);
      said = await runIn(place, command);
    }
    if (said?.code !== 0 && !mayFail) return whyNot(command, said);
  }
  return null;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** As one types it. */
function shown(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

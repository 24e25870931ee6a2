import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivately } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import { isAlive, processIdentity } from '../../processes.js';
import type { FoundGrafana } from './find.js';
import { endGroup, startGroup, type Group } from './group.js';
import { grafanaEnvironment, type GrafanaFolder, type GrafanaSettings } from './settings.js';

const LARGEST_LOG = 10 * 1024 * 1024;

export interface GrafanaProcess extends Group {
  /** the error in its log, else how it ended */
  complaint(how: string): Promise<string>;
}

/** Starts Grafana with its log in the folder, and notes its process id there. @throws Failure if it cannot be run */
export async function launch(
  { home, binary }: FoundGrafana,
  environment: Record<string, string | undefined>,
  settings: GrafanaSettings,
): Promise<GrafanaProcess> {
  const { folder } = settings;
  const logged = await rotate(folder.log);
  const group = await startGroup(binary, ['server', '--homepath', home, '--config', folder.ini], {
    cwd: home,
    env: grafanaEnvironment(environment, settings),
    logFile: folder.log,
  }).catch((error: Error) => {
    throw new Failure(`${binary} cannot be run: ${error.message}`, { cause: error });
  });
  const noted = { pid: group.pid, identity: await processIdentity(group.pid) };
  await writePrivately(noteOf(folder), JSON.stringify(noted));
  const ended = group.ended.then(async (how) => {
    await rm(noteOf(folder), { force: true });
    return how;
  });
  return {
    ...group,
    ended,
    complaint: async (how) => lastComplaint((await readFile(folder.log)).subarray(logged).toString()) ?? how,
  };
}

/** Stops a Grafana that is left over because its start was killed together with its guard. */
export async function endLeftOver(folder: GrafanaFolder): Promise<void> {
  const text = await readFile(noteOf(folder), 'utf8').catch(() => null);
  if (text === null) return;
  const { pid, identity } = JSON.parse(text) as { pid: number; identity: string | null };
  if (isAlive(pid) && (await processIdentity(pid)) === identity) await endGroup(pid);
  await rm(noteOf(folder), { force: true });
}

function noteOf(folder: GrafanaFolder): string {
  return join(folder.path, 'process.json');
}

/** Renames a large log; returns the length of the current one. */
async function rotate(logFile: string): Promise<number> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size < LARGEST_LOG) return size;
  await rename(logFile, `${logFile}.old`);
  return 0;
}

function lastComplaint(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.filter((line) => /^Error:|level=(?:error|crit)|[Ff]atal|panic:/.test(line));
  return (wrong.at(-1) ?? lines.at(-1))?.trim();
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ANSWER_WITHIN_MS = 5_000;

/** How to see the boards without a Grafana on this machine. */
export async function waysToTheBoards(signal: AbortSignal): Promise<string> {
  return (await dockerWorks(signal))
    ? 'The boards: end this (Ctrl-C), then `docker compose up`. Or set GRAFANA_HOME to the folder of a Grafana.\n'
    : 'The boards need a Grafana: set GRAFANA_HOME to the folder of one (docs/install.md).\n';
}

/** Whether Docker with compose is installed and running. */
async function dockerWorks(signal: AbortSignal): Promise<boolean> {
  const options = { timeout: ANSWER_WITHIN_MS, signal };
  try {
    await run('docker', ['compose', 'version'], options);
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], options);
    return true;
  } catch {
    return false;
  }
}

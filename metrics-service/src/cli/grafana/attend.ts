import { Failure } from '../../failure.js';
import type { Surroundings } from '../surroundings.js';
import type { GrafanaProcess } from './process.js';
import { checkDataSource, openWithBoards, waitUntilReady } from './ready.js';
import { ADMIN, FIRST_BOARD, type GrafanaSettings } from './settings.js';

const READY_WITHIN_MS = 180_000;

/** Reports when it is ready, and stops it with the service. @throws Failure if it stops by itself */
export async function attend(
  grafana: GrafanaProcess,
  settings: GrafanaSettings,
  { stdout }: Surroundings,
  { signal, onBoards }: { signal: AbortSignal; onBoards: (url: string) => void },
): Promise<void> {
  const over = new AbortController();
  void grafana.ended.then(() => over.abort());
  const stop = () => void grafana.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const late = setTimeout(stop, READY_WITHIN_MS);
  const url = `http://127.0.0.1:${settings.port}`;
  const version = await waitUntilReady(url, AbortSignal.any([signal, over.signal]));
  clearTimeout(late);
  if (version !== null) {
    await openWithBoards(url, settings.adminPassword);
    onBoards(`${url}/d/${FIRST_BOARD}`);
    const text = await welcome(url, version, settings);
    if (!signal.aborted) stdout.write(text);
  }
  const how = await grafana.ended;
  const { log } = settings.folder;
  if (signal.aborted) return;
  if (version === null) throw new Failure(`Grafana did not start: ${await grafana.complaint(how)} (log: ${log})`);
  throw new Failure(`Grafana stopped unexpectedly (${how}, log: ${log}): restart Runboard to start it again`);
}

async function welcome(url: string, version: string, { adminPassword: password, folder }: GrafanaSettings) {
  const { complaint, passwordWorks } = await checkDataSource(url, password);
  const lines = [
    `${['Grafana', version].join(' ').trim()} serves the boards at ${url}/d/${FIRST_BOARD}`,
    `  user ${ADMIN}, password ${passwordWorks ? password : 'as you changed it'}`,
    ...(complaint === null ? [] : [`  its data source does not work: ${complaint} (log: ${folder.log})`]),
  ];
  return `${lines.join('\n')}\n`;
}

import { expect } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./embedded-child.mjs', import.meta.url));

/** What a process says that runs the embedded database. */
export interface Told {
  url?: string;
  serviceUrl?: string;
  failure?: string;
  crashed?: boolean;
}

export interface EmbeddedProcess {
  child: ChildProcess;
  next: () => Promise<Told>;
}

const children: ChildProcess[] = [];

/** A process that runs the database of the data folder as the service does. */
export function embeddedProcess(dataDir: string, options: object = {}): EmbeddedProcess {
  const child = spawn(process.execPath, [CHILD, dataDir, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => JSON.parse((await lines.next()).value as string) as Told };
}

/** The same, once the database is there. */
export async function runningEmbedded(
  dataDir: string,
  options: object = {},
): Promise<EmbeddedProcess & { url: string; serviceUrl: string }> {
  const started = embeddedProcess(dataDir, options);
  const told = await started.next();
  const address = (role: string) => expect.stringMatching(`^postgres://${role}:.+@127\\.0\\.0\\.1:\\d+/runboard$`);
  expect(told).toEqual({ url: address('runboard'), serviceUrl: address('runboard_service') });
  return { ...started, url: told.url!, serviceUrl: told.serviceUrl! };
}

export async function endEmbedded(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Kills all that are left. */
export function killEmbedded(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { lockDataFolder, makeDataFolder, removeDataFile, writeDataFile } from '../data-folder.js';
import { startEmbedded, type EmbeddedDatabase } from '../db/embedded/index.js';
import { migrate } from '../db/migrate.js';
import type { Failure } from '../failure.js';
import { keepHeapSmall } from '../heap.js';
import type { RunningServer } from '../server.js';
import { waitForSignal } from './signals.js';
import type { Surroundings } from './surroundings.js';

export interface RunOptions {
  log: Logger;
  config: Config;
  /** lines for people, before it serves */
  onProgress: (line: string) => void;
  /** called when it serves; should end soon after the signal is aborted */
  onReady: (server: RunningServer, signal: AbortSignal) => Promise<void>;
}

/**
 * Starts database, migrations and HTTP, and waits for a signal; then everything is stopped in the reverse order: requests,
 * pool, database. Resolves when all has ended. @throws Failure
 */
export async function runService(surroundings: Surroundings, options: RunOptions): Promise<void> {
  const { config, log } = options;
  keepHeapSmall();
  // loaded here, so that other commands start without the server
  const { checkStart, startServer } = await import('../server.js');
  const signal = waitForSignal(surroundings);
  const onFault = (error: unknown): void => {
    // Node.js would print the whole error with all its properties
    log.fatal({ err: error }, 'the service stops because of an unexpected error');
    process.exit(1);
  };
  process.on('uncaughtException', onFault);
  const ends: (() => Promise<void>)[] = [];
  try {
    let onLost: (failure: Failure) => void = () => {};
    const lost = new Promise<never>((_resolve, reject) => (onLost = reject));
    lost.catch(() => {});
    if (config.databaseUrl === undefined) await takeFolder(config, ends);
    await checkStart(config);
    const { serviceUrl, ownerUrl } = addressesOf(config) ?? (await startDatabase(options, ends, onLost));
    if (signal.received()) return;
    const run = await migrate(ownerUrl, { onWarning: (message) => log.warn(message) });
    if (run.length > 0) options.onProgress(`Migrated the database (${run.join(', ')})`);
    if (signal.received()) return;
    const server = await startServer({ config, databaseUrl: serviceUrl, clock: surroundings.clock, log });
    ends.push(() => server.stop());
    await makeDataFolder(config.dataDir);
    await writeDataFile(config.dataDir, 'service.json', { url: server.url, pid: process.pid });
    ends.push(() => removeDataFile(config.dataDir, 'service.json'));
    const ending = new AbortController();
    const work = options.onReady(server, ending.signal);
    ends.push(async () => {
      ending.abort();
      await work;
    });
    await Promise.race([work.then(() => signal.arrival), signal.arrival, lost]);
  } finally {
    for (const end of ends.reverse())
      await end().catch((error: unknown) => log.error({ err: error }, 'while stopping'));
    signal.ignore();
    process.off('uncaughtException', onFault);
  }
}

/** The database's addresses for the service and for the owner of its tables. */
type Addresses = Pick<EmbeddedDatabase, 'serviceUrl' | 'ownerUrl'>;

function addressesOf({ databaseUrl, databaseOwnerUrl }: Config): Addresses | null {
  if (databaseUrl === undefined || databaseOwnerUrl === undefined) return null;
  return { serviceUrl: databaseUrl, ownerUrl: databaseOwnerUrl };
}

async function takeFolder({ dataDir }: Config, ends: (() => Promise<void>)[]): Promise<void> {
  await makeDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  ends.push(() => lock.release());
}

/** Starts the embedded database; its address is in the data folder while it runs. */
async function startDatabase(
  { config, log, onProgress }: RunOptions,
  ends: (() => Promise<void>)[],
  onLost: (failure: Failure) => void,
): Promise<Addresses> {
  const database: EmbeddedDatabase = await startEmbedded({
    dataDir: config.dataDir,
    onProgress,
    onCrash: () => log.error('the database stopped unexpectedly and is being restarted'),
    onLost,
  });
  ends.push(() => database.stop());
  await writeDataFile(config.dataDir, 'database.json', { url: database.ownerUrl, pid: process.pid });
  ends.push(() => removeDataFile(config.dataDir, 'database.json'));
  return database;
}

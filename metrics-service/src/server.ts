import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Database } from './db/database.js';
import { Failure } from './failure.js';
import { httpServer } from './http/connections.js';
import { withLastResort } from './http/last-resort.js';
import type { Ingest } from './ingest/index.js';
import { startWorker, type JobOutcome } from './jobs/worker.js';
import { loadPrices } from './pricing/index.js';
import type { PriceTable } from './pricing/types.js';
import { createService } from './service.js';

/** How long requests in flight may take to end. */
const DRAIN_WITHIN_MS = 15_000;

export interface RunningServer {
  /** e.g. http://127.0.0.1:8080 */
  url: string;
  database: Database;
  /** the service's own, for what comes from this process */
  ingest: Ingest;
  /** where the boards are, for the page at the service's own address */
  boards: { url: string | null };
  /** Answers no more requests, lets those in flight end, then closes the database. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  config: Config;
  /** a migrated database */
  databaseUrl: string;
  /** now, in epoch milliseconds */
  clock: () => number;
  log: Logger;
}

/**
 * Serves on config.host and config.port, and does jobs in the background.
 * @throws Failure a taken port, a wrong file of prices
 */
export async function startServer({ config, databaseUrl, clock, log }: ServerOptions): Promise<RunningServer> {
  const prices = readPrices(config);
  let isStopping = false;
  const service = await createService({ config, databaseUrl, prices, clock, log, isStopping: () => isStopping });
  const { pools, ingest, monitoring } = service;
  const server = httpServer(withLastResort(service.app), config);
  try {
    await listen(server, config);
  } catch (error) {
    await service.close();
    throw error;
  }
  const drain = drainer(server);
  const onDone = (outcome: JobOutcome): void => monitoring.observeJob(outcome);
  const worker = startWorker({
    ...{ databaseUrl, database: pools.ingest, prices, log, onDone },
    settleMs: config.telemetrySettleMs ?? null,
  });
  return {
    url: urlOf(config.host, (server.address() as AddressInfo).port),
    database: pools.ingest,
    ingest,
    boards: service.boards,
    async stop() {
      isStopping = true;
      service.live.end();
      await Promise.all([worker.stop(), drain()]);
      await service.close();
    },
  };
}

function readPrices(config: Config): PriceTable {
  try {
    return loadPrices(config.pricesFile);
  } catch (error) {
    throw new Failure(`RUNBOARD_PRICES: ${(error as Error).message}`, { cause: error });
  }
}

async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw portFailure(error as NodeJS.ErrnoException, { host, port });
  }
}

function portFailure(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Failure {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} of ${host} is taken: stop what listens there, or choose another one with PORT`,
    EACCES: `port ${port} is not for this user: choose one above 1023 with PORT`,
    EADDRNOTAVAIL: `HOST is ${host}, which is no address of this machine`,
    ENOTFOUND: `HOST is ${host}, which is no address of this machine`,
  };
  return new Failure(reasons[error.code ?? ''] ?? `the service cannot listen on ${host}:${port}: ${error.message}`, {
    cause: error,
  });
}

/** Says early, before a database is made, what would stand in the way of startServer. @throws Failure */
export async function checkStart(config: Config): Promise<void> {
  readPrices(config);
  const server = createServer();
  await listen(server, config);
  server.close();
  await once(server, 'close');
}

/** Where a browser or the command line on this machine finds the service. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Ends a server gently: what is being answered is answered. Until then it listens on, so that whoever comes meanwhile
 * hears that it is ending (http/admission.ts) and is not refused; kept-alive connections end last.
 */
function drainer(server: Server): () => Promise<void> {
  const answering = new Set<ServerResponse>();
  server.on('request', (_request, response: ServerResponse) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  return async () => {
    const closed = once(server, 'close');
    const inFlight = [...answering];
    for (const response of inFlight) if (!response.headersSent) response.setHeader('Connection', 'close');
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_WITHIN_MS);
    await Promise.all(inFlight.map((response) => once(response, 'close')));
    server.close();
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  };
}

import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { migrationNames } from './db/migrate.js';
import { closePools, openLivePool, openPools, type Pools } from './db/pools.js';
import { createApp } from './http/app.js';
import { createIngest, type Ingest } from './ingest/index.js';
import { TelemetrySeen } from './ingest/telemetry-seen.js';
import { Live, Moves } from './live/index.js';
import { droppedLines } from './log.js';
import { Monitoring } from './monitoring.js';
import type { PriceTable } from './pricing/types.js';
import { AnswerTexts } from './query/index.js';

export interface ServiceOptions {
  config: Config;
  /** a migrated database */
  databaseUrl: string;
  prices: PriceTable;
  /** now, in epoch milliseconds */
  clock: () => number;
  log: Logger;
  /** whether the service is ending: it takes no more requests then */
  isStopping?: () => boolean;
}

/** What answers requests, over connections of its own; it listens nowhere yet. */
export interface Service {
  app: Express;
  pools: Pools;
  ingest: Ingest;
  monitoring: Monitoring;
  /** for the page at the service's own address; may be set while it serves */
  boards: { url: string | null };
  /** the streams that are open */
  live: Live;
  /** Closes the connections. */
  close(): Promise<void>;
}

export async function createService(options: ServiceOptions): Promise<Service> {
  const { config, databaseUrl, prices, clock, log, isStopping } = options;
  const migrations = await migrationNames();
  const connecting = {
    connectionString: databaseUrl,
    config,
    prices,
    onError: (error: Error) => log.warn({ err: error }, 'a database connection was lost'),
  };
  const pools = openPools(connecting);
  const forLive = openLivePool(connecting);
  const moves = new Moves(databaseUrl, forLive);
  const live = new Live(forLive, moves, clock);
  const monitoring = new Monitoring(pools);
  const dropped = 'Lines that could not be written to the log, because its disk is full or its reader gone';
  monitoring.counter('runboard_log_lines_dropped_total', dropped, () => droppedLines(log));
  const ingest = createIngest({
    database: pools.ingest,
    prices,
    maxDeadLetters: config.maxDeadLetters,
    clock,
    onRecorded: (counts) => monitoring.countEvents(counts),
    onChanged: (orgId) => moves.note(orgId),
  });
  const answers = new AnswerTexts();
  const boards = { url: null };
  const telemetrySeen = new TelemetrySeen(pools.ingest, clock);
  const app = createApp({
    ...{ config, pools, ingest, telemetrySeen, answers, monitoring, boards, clock, log, isStopping, migrations, live },
  });
  const close = async (): Promise<void> => {
    live.end();
    moves.close();
    await telemetrySeen.flush();
    await Promise.all([closePools(pools), forLive.close()]);
  };
  return { app, pools, ingest, monitoring, boards, live, close };
}

import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';

export interface JobContext {
  /** with the service's role, as for requests */
  database: Database;
  prices: PriceTable;
  /** how long a session of telemetry must be silent, instead of the organizations' settings; null: those */
  settleMs: number | null;
  log: Logger;
  /** the service is stopping: a job in several steps ends after the current one */
  signal: AbortSignal;
}

/**
 * A background job. It may be killed at any moment and run again, by this process or another one: what there is to do is
 * recorded in the tables, not in the job.
 */
export interface Job {
  /** its name in metrics, the log and the queue, where `taskOf` may add a suffix */
  readonly name: string;
  /** only for processes with the same prices: an older version may run at the same time */
  readonly withPrices?: boolean;
  /** runs by itself this often, in one of the processes, and when a process starts */
  readonly everyMinutes?: number;
  /** `orgId`: the organization, if the job is for one; `atStart`: the process has just started */
  run(context: JobContext, asked: { orgId?: string; atStart?: boolean }): Promise<void>;
}

/** The job's name in the queue: with the hash of the prices, if only processes with these prices may run it. */
export function taskOf({ name, withPrices = false }: Pick<Job, 'name' | 'withPrices'>, prices: PriceTable): string {
  return withPrices ? `${name}@${prices.hash.slice(0, 16)}` : name;
}

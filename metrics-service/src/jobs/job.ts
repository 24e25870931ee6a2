import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';

export interface JobContext {
  /** as the service works with it: the door of every request */
  database: Database;
  prices: PriceTable;
  log: Logger;
  /** the service ends: what is done in pieces stops behind the present one */
  signal: AbortSignal;
}

/**
 * Work in the background. It may be killed at any moment and done again, by this process or another one: what there is
 * to do stands in the tables, not in the job.
 */
export interface Job {
  /** in the queue, in metrics and in the log; in the queue behind an @ for which processes alone it is */
  readonly name: string;
  /** for processes that compute costs with the same prices only: an older one may be at work beside this one */
  readonly withPrices?: boolean;
  /** minutes between two times that it is done by itself, in one of all processes; also when a process begins */
  readonly everyMinutes?: number;
  /** of an organization, where it is for one; `atStart`: the process has just begun */
  run(context: JobContext, asked: { orgId?: string; atStart?: boolean }): Promise<void>;
}

/** What the queue calls the job. */
export function taskOf({ name, withPrices = false }: Pick<Job, 'name' | 'withPrices'>, prices: PriceTable): string {
  return withPrices ? `${name}@${prices.hash.slice(0, 16)}` : name;
}

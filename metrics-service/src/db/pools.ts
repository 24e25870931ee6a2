import type { Config } from '../config.js';
import { ApiError } from '../contract/problem.js';
import type { PriceTable } from '../pricing/types.js';
import type { Database } from './database.js';
import { tooBusy } from './failures.js';
import { openDatabase } from './pool.js';
import type { Limits } from './transaction.js';

/** The kinds of work that must not wait for each other: each has its own connections. */
export const POOL_NAMES = ['ingest', 'questions', 'exports', 'access'] as const;
export type PoolName = (typeof POOL_NAMES)[number];

/**
 * The service's connection pools. `access`: tokens, readiness and the audit log, all short; `exports` hold their
 * connection as long as somebody reads.
 */
export type Pools = Record<PoolName, Database>;

/** The smallest RUNBOARD_POOL_SIZE that can be split into these. */
export const LEAST_CONNECTIONS = 8;
const FOR_ACCESS = 2;
/** All queries of one request together may take this many times the limit of one. */
const LIMITS_PER_REQUEST = 4;
/** Token and readiness are looked up in less than a millisecond. */
const ACCESS_TIMEOUT_MS = 5_000;
/** Default limit of what sorting may write to the database's disk, per connection. */
const TEMP_FILE_LIMIT = '4GB';

/** How many connections each kind of work gets: a quarter for ingest, a fifth for exports, most for questions. */
export function splitConnections(total: number): Record<PoolName, number> {
  const [exports, ingest] = [Math.floor(total / 5), Math.floor(total / 4)];
  return { ingest, questions: total - FOR_ACCESS - exports - ingest, exports, access: FOR_ACCESS };
}

export interface PoolsOptions {
  connectionString: string;
  config: Pick<Config, 'poolSize' | 'statementTimeoutMs' | 'queryTimeoutMs' | 'engine'>;
  prices?: PriceTable;
  onError?: (error: Error) => void;
}

export function openPools({ connectionString, config, prices, onError }: PoolsOptions): Pools {
  const sizes = splitConnections(config.poolSize);
  const { statementTimeoutMs, queryTimeoutMs } = config;
  const open = (name: PoolName, limits: Limits, tempFileLimit?: string): Database =>
    openDatabase({
      connectionString,
      size: sizes[name],
      statementTimeoutMs: limits.statementMs,
      engine: config.engine,
      prices,
      serving: { fair: name !== 'access', limits, ...(tempFileLimit && { tempFileLimit }) },
      ...(onError && { onError }),
    });
  const forQuestions = limitsOf(queryTimeoutMs, 'RUNBOARD_QUERY_TIMEOUT_MS');
  const forExports = limitsOf(statementTimeoutMs, 'RUNBOARD_STATEMENT_TIMEOUT_MS');
  const short = { ...forExports, tooSlow: tooBusy };
  return {
    ingest: open('ingest', short),
    questions: open('questions', forQuestions, TEMP_FILE_LIMIT),
    exports: open('exports', forExports, TEMP_FILE_LIMIT),
    access: open('access', { ...short, statementMs: Math.min(statementTimeoutMs, ACCESS_TIMEOUT_MS) }),
  };
}

/** Beside the pools: connections of what is told as it happens, so that no stream takes those for questions. */
export const LIVE_CONNECTIONS = 2;

export function openLivePool({ connectionString, config, prices, onError }: PoolsOptions): Database {
  const { queryTimeoutMs: statementTimeoutMs, engine } = config;
  const limits = { ...limitsOf(statementTimeoutMs, 'RUNBOARD_QUERY_TIMEOUT_MS'), tooSlow: tooBusy };
  return openDatabase({
    ...{ connectionString, size: LIVE_CONNECTIONS, statementTimeoutMs, engine, prices },
    serving: { fair: false, limits, tempFileLimit: TEMP_FILE_LIMIT },
    ...(onError && { onError }),
  });
}

export async function closePools(pools: Pools): Promise<void> {
  await Promise.all(POOL_NAMES.map((name) => pools[name].close()));
}

function limitsOf(statementMs: number, variable: string): Limits {
  const said = `${(statementMs / 1000).toLocaleString('en-US')} s (${variable})`;
  return {
    statementMs,
    transactionMs: LIMITS_PER_REQUEST * statementMs,
    tooSlow: () =>
      new ApiError(
        'query_timeout',
        `this took longer than the ${said} that a question may take: choose a shorter range, fewer groups, filters on ` +
          'fewer things, or ask for less at a time',
      ),
    tooLarge: () =>
      new ApiError(
        'query_too_large',
        "this needs more of the database's disk than a question may take (temp_file_limit): choose a shorter range or " +
          'fewer groups',
      ),
  };
}

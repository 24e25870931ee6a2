import type { Socket } from 'node:net';
import pg from 'pg';
import type { PriceTable } from '../pricing/types.js';
import type { Database, Engine, TransactionOptions } from './database.js';
import { busyIfWaiting, isOutOfRoom, isUnavailable, tooBusy, unavailable } from './failures.js';
import { FairSlots } from './fair-slots.js';
import { SERVICE_ROLE } from './roles.js';
import { StatementNames } from './statement-names.js';
import { overLimit, PipelinedTransaction, run, type Limits } from './transaction.js';

/**
 * For sorts and hashes over a large organization's window, measured on 200,000 runs: the default of 4 MB spills them to
 * disk, and sorting whole rows for a `count(distinct)` takes longer than sorting the values.
 */
const SETTINGS: [name: string, value: string][] = [
  ['work_mem', '32MB'],
  ['enable_presorted_aggregate', 'off'],
];
/** How soon the server ends a statement whose connection was closed; by default it does not check. */
const NOTICES_WITHIN_MS = 250;
/** To connect, and for the first answer: a server that takes longer is as good as gone. */
const ANSWERS_WITHIN_MS = 5_000;
/** How long to wait beyond the statement timeout before we close the connection ourselves. */
const GRACE_MS = 5_000;
/** How long a refused write counts as trouble of the server. */
const TROUBLE_LASTS_MS = 15_000;

/** For a service: many callers at once, and no wait without end. */
export interface Serving {
  /** one organization leaves some connections for others */
  readonly fair: boolean;
  /** of each connection, where PostgreSQL lets its role set that and nobody has, e.g. `2GB` */
  readonly tempFileLimit?: string;
  readonly limits: Limits;
}

export interface PoolOptions {
  connectionString: string;
  size: number;
  statementTimeoutMs: number;
  serving?: Serving;
  engine?: Engine;
  prices?: PriceTable | undefined;
  onError?: (error: Error) => void;
}

/**
 * Opens a connection pool. Every connection takes on the service role, which is bound by row-level security, before its
 * first statement. Connection errors arrive as ApiError `database_unavailable`.
 */
export function openDatabase({
  connectionString,
  size,
  statementTimeoutMs,
  serving,
  engine = 'auto',
  prices,
  onError,
}: PoolOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    application_name: 'runboard',
    connectionTimeoutMillis: ANSWERS_WITHIN_MS,
    statement_timeout: statementTimeoutMs,
    pipeline: true,
    ...(serving && {
      query_timeout: statementTimeoutMs + GRACE_MS,
      // a connection that broke silently must not keep its locks
      idle_in_transaction_session_timeout: statementTimeoutMs + GRACE_MS,
    }),
    // awaited by pg before the connection is handed out
    onConnect: async (client) => {
      await run(client, { text: preparation(serving), query_timeout: ANSWERS_WITHIN_MS });
    },
  });
  pool.on('error', (error) => onError?.(error));
  const names = new StatementNames();
  const slots = serving?.fair ? new FairSlots(size, statementTimeoutMs) : null;
  const limits = serving?.limits ?? NO_LIMITS;
  let trouble: { error: Error; at: number } | null = null;

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      // whatever the reason, no statement was sent yet
      throw isUnavailable(error) ? failed(error) : unavailable(error);
    }
    let broken: Error | undefined;
    const onLoss = (error: Error): void => {
      broken = error;
    };
    const onAbort = (): void => close(client);
    client.on('error', onLoss);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
    try {
      const result = await work(client);
      trouble = null;
      return result;
    } catch (error) {
      if (isUnavailable(error)) broken = error as Error;
      if (signal?.aborted) throw signal.reason;
      throw failed(broken ?? error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      client.off('error', onLoss);
      client.release(signal?.aborted ? new Error('broken off') : (broken ?? names.isFull(client)));
      // until then the server is still busy with this slot's work
      if (signal?.aborted) await new Promise((resolve) => setTimeout(resolve, 2 * NOTICES_WITHIN_MS).unref());
    }
  }

  function failed(error: unknown): unknown {
    const over = overLimit(error, limits);
    if (over) return over;
    if (!isUnavailable(error)) return busyIfWaiting(error);
    const failure = unavailable(error);
    if (isOutOfRoom(error)) trouble = { error: failure, at: performance.now() };
    return failure;
  }

  async function inTransaction<T>(
    client: pg.PoolClient,
    orgId: string,
    work: (tx: PipelinedTransaction) => Promise<T>,
    { readOnly = false, oneSnapshot = readOnly, prepared = false }: TransactionOptions,
  ): Promise<T> {
    const transaction = new PipelinedTransaction(orgId, client, names, prepared, limits);
    // two statements in one round trip cannot have bound values
    const begin = `begin${oneSnapshot ? ' isolation level repeatable read' : ''}${readOnly ? ' read only' : ''}`;
    const scope = `select set_config('runboard.org_id', ${pg.escapeLiteral(orgId)}, true)`;
    transaction.begin(`${begin}; ${scope}`, serving && ANSWERS_WITHIN_MS);
    try {
      const result = await work(transaction);
      // sent right behind the writes: if one of them fails, the server turns the commit into a rollback
      transaction.write('commit');
      await transaction.settled();
      return result;
    } catch (error) {
      // statements that were sent but not awaited must not run after the rollback
      await transaction.settled().catch(() => {});
      await client.query('rollback').catch(() => {});
      throw error;
    }
  }

  return {
    engine,
    prices,
    inOrganization(orgId, work, options = {}) {
      const { signal, person } = options;
      const onClient = () => withClient((client) => inTransaction(client, orgId, work, options), signal);
      return slots ? slots.run({ group: orgId, person }, onClient, signal) : onClient();
    },
    query: (text, values) => withClient((client) => run(client, names.prepared(text, values))),
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount + (slots?.waiting ?? 0),
      most: size,
    }),
    trouble: () => (trouble && performance.now() - trouble.at < TROUBLE_LASTS_MS ? trouble.error.message : null),
    close: () => pool.end(),
  };
}

const NO_LIMITS: Limits = {
  statementMs: Infinity,
  transactionMs: Infinity,
  tooSlow: tooBusy,
  tooLarge: () => unavailable({ code: '53400' }),
};

/** Prepares a new connection. */
function preparation(serving?: Serving): string {
  const settings: [string, string][] = serving
    ? [...SETTINGS, ['client_connection_check_interval', `${NOTICES_WITHIN_MS}ms`]]
    : SETTINGS;
  const values = settings.map(([name, value]) => `('${name}', '${value}')`).join(', ');
  return [
    // as the role that connects, which may have been granted it
    serving?.tempFileLimit &&
      `select set_config('temp_file_limit', '${serving.tempFileLimit}', false)
       where has_parameter_privilege('temp_file_limit', 'set') and current_setting('temp_file_limit') = '-1'`,
    `set role ${SERVICE_ROLE}`,
    `select set_config(name, wanted, false)
     from (values ${values}) as settings (name, wanted)
     join pg_settings using (name)
     where name <> 'client_connection_check_interval' or version() !~* 'windows|mingw|visual'`,
  ]
    .filter(Boolean)
    .join(';\n');
}

/** Closes it at once; the server ends its statement when it notices. */
function close(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

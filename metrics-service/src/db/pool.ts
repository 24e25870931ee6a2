import pg from 'pg';
import { ApiError } from '../contract/problem.js';
import type { Database, Transaction } from './database.js';

const SERVICE_ROLE = 'runboard_service';

/**
 * For the sorts and hashes of a large organization's window, measured on 200,000 runs: the default of 4 MB spills them
 * to disk, and sorting whole rows for a `count(distinct)` takes longer than sorting the values.
 */
const PLANNER_SETTINGS = `
  select set_config(name, wanted, false)
  from (values ('work_mem', '32MB'), ('enable_presorted_aggregate', 'off')) as settings (name, wanted)
  join pg_settings using (name)`;

export interface PoolOptions {
  connectionString: string;
  size: number;
  statementTimeoutMs: number;
  onError?: (error: Error) => void;
}

/**
 * Opens the service's door to PostgreSQL. Every connection takes on the service role, which row-level security
 * binds, before its first statement. Errors of the connection arrive as ApiError `database_unavailable`.
 */
export function openDatabase(options: PoolOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.size,
    application_name: 'runboard',
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs,
    pipeline: true,
    // awaited by pg before the connection is handed out
    onConnect: async (client) => {
      await client.query(`set role ${SERVICE_ROLE}; ${PLANNER_SETTINGS}`);
    },
  });
  pool.on('error', (error) => options.onError?.(error));
  const names = new StatementNames();

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw unavailable(error as Error);
    }
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLoss(error)) broken = error as Error;
      throw broken ? unavailable(broken) : busyIfWaiting(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    inOrganization: (orgId, work, { readOnly = false, prepared = false } = {}) =>
      withClient(async (client) => {
        const transaction = new PipelinedTransaction(orgId, client, prepared ? names : null);
        // two statements in one round trip cannot have bound values
        const begin = readOnly ? 'begin isolation level repeatable read read only' : 'begin';
        transaction.write(`${begin}; select set_config('runboard.org_id', ${pg.escapeLiteral(orgId)}, true)`);
        try {
          const result = await work(transaction);
          // goes out behind the writes: the server makes it a rollback if one of them fails
          transaction.write('commit');
          await transaction.settled();
          return result;
        } catch (error) {
          // what was asked for and not waited for must not run behind the rollback
          await transaction.settled().catch(() => {});
          await client.query('rollback').catch(() => {});
          throw error;
        }
      }),
    query: (sql, values) => withClient((client) => run(client, sql, values)),
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      most: options.size,
    }),
    close: () => pool.end(),
  };
}

/**
 * Statements go to the server as they are asked, without waiting for the answers of those before (pg's pipeline
 * mode); it runs them in that order. After a failure it refuses the rest, so that the first failure is the one told.
 */
class PipelinedTransaction implements Transaction {
  #failure: unknown;
  readonly #writes: Promise<unknown>[] = [];

  constructor(
    readonly orgId: string,
    private readonly client: pg.PoolClient,
    private readonly names: StatementNames | null,
  ) {}

  async query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }> {
    try {
      return await run<Row>(this.client, sql, values, values && this.names?.of(sql));
    } catch (error) {
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  write(sql: string, values?: unknown[]): void {
    const written = this.query(sql, values);
    this.#writes.push(written);
    // settled() hears of a failure
    written.catch(() => {});
  }

  async settled(): Promise<void> {
    await Promise.all(this.#writes);
  }
}

/** A name for each text, under which the server keeps what it parsed and planned. */
class StatementNames {
  readonly #names = new Map<string, string>();

  of(sql: string): string {
    const name = this.#names.get(sql) ?? `runboard_${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}

async function run<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  text: string,
  values?: unknown[],
  name?: string,
): Promise<{ rows: Row[]; rowCount: number }> {
  const { rows, rowCount } = await client.query<Row>({ text, values, name });
  return { rows, rowCount: rowCount ?? 0 };
}

/** Classes 08 (connection), 57P (shutdown), 53 (resources), and what the socket says. */
function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return /^(08|57P|53|25006$|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code);
  return (
    error instanceof Error && /Connection terminated|Client has encountered a connection error/.test(error.message)
  );
}

function unavailable(error: Error): ApiError {
  return new ApiError('database_unavailable', `the database does not answer (${error.message}): try again in a moment`);
}

/** A lock or a statement that waited too long is no fault of the caller's. */
function busyIfWaiting(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code !== '55P03' && code !== '57014' && code !== '40001' && code !== '40P01') return error;
  return new ApiError('busy', 'the database took too long to answer: try again in a moment');
}

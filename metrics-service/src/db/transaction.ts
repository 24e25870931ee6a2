import type pg from 'pg';
import type { ApiError } from '../contract/problem.js';
import type { Transaction } from './database.js';
import { isOvertime, isTooLarge } from './failures.js';

/** What a connection is held to while a transaction runs on it. */
export interface Limits {
  /** for a statement, and for all of an attempt */
  readonly statementMs: number;
  /** for all attempts of a transaction together, each of which has its own limit beside this one */
  readonly attemptsMs: number;
  /** what a caller is told of a statement that took longer, or too much of the disk */
  readonly tooSlow: () => ApiError;
  readonly tooLarge: () => ApiError;
}

/** What a caller is told of an error that means that a limit was passed; null of another one. */
export function overLimit(error: unknown, limits: Limits): ApiError | null {
  if (isTooLarge(error)) return limits.tooLarge();
  return isOvertime(error) ? limits.tooSlow() : null;
}

/** An attempt's limit is told to the server where it has become so much less than what that knows. */
const WORTH_TELLING = 0.9;

/**
 * Statements go to the server as they are asked, without waiting for the answers of those before (pg's pipeline
 * mode); it runs them in that order. After a failure it refuses the rest, so that the first failure is the one told.
 */
export class PipelinedTransaction implements Transaction {
  #failure: unknown;
  #writes: Promise<unknown>[] = [];
  #deadline = Infinity;
  #end = Infinity;
  /** as the server knows it */
  #statementMs: number;

  constructor(
    readonly orgId: string,
    private readonly client: pg.PoolClient,
    private readonly names: StatementNames | null,
    private readonly limits: Limits,
  ) {
    this.#statementMs = limits.statementMs;
  }

  async query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }> {
    this.#keepDeadline();
    return this.#send<Row>({ text: sql, values, name: values && this.names?.of(sql) });
  }

  write(sql: string, values?: unknown[]): void {
    this.#note(this.query(sql, values));
  }

  /** As `write`, with its own limit for the answer. */
  begin(sql: string, answerMs: number | undefined): void {
    this.#note(this.#send({ text: sql, query_timeout: answerMs }));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { statementMs, attemptsMs } = this.limits;
    this.write('savepoint attempt');
    this.#end = Math.min(this.#end, performance.now() + attemptsMs);
    this.#deadline = Math.min(this.#end, performance.now() + statementMs);
    try {
      const result = await work();
      if (this.#statementMs !== statementMs) this.#tell(statementMs);
      this.write('release savepoint attempt');
      return result;
    } catch (error) {
      // behind all that is under way, whose failures are this attempt's; takes back what the server was told, too
      await this.#send({ text: 'rollback to savepoint attempt' });
      this.#failure = undefined;
      this.#writes = [];
      this.#statementMs = statementMs;
      throw overLimit(error, this.limits) ?? error;
    } finally {
      this.#deadline = Infinity;
    }
  }

  /** The server's limit is one per statement: what is left of an attempt's is told where it has become less. */
  #keepDeadline(): void {
    const leftMs = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    if (leftMs < this.#statementMs * WORTH_TELLING) this.#tell(leftMs);
  }

  #tell(statementMs: number): void {
    this.#statementMs = statementMs;
    this.#note(this.#send({ text: `set local statement_timeout to ${statementMs}` }));
  }

  async #send<Row extends pg.QueryResultRow>(statement: BoundedStatement) {
    try {
      return await run<Row>(this.client, statement);
    } catch (error) {
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  #note(written: Promise<unknown>): void {
    this.#writes.push(written);
    // settled() hears of a failure
    written.catch(() => {});
  }
}

type BoundedStatement = pg.QueryConfig & { query_timeout?: number | undefined };

/** A name for each text, under which the server keeps what it parsed and planned. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(sql: string): string {
    const name = this.#names.get(sql) ?? `runboard_${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}

export async function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: BoundedStatement,
): Promise<{ rows: Row[]; rowCount: number }> {
  const { rows, rowCount } = await client.query<Row>(statement);
  return { rows, rowCount: rowCount ?? 0 };
}

import type pg from 'pg';
import type { ApiError } from '../contract/problem.js';
import type { Transaction } from './database.js';
import { isOvertime, isTooLarge } from './failures.js';
import type { StatementNames } from './statement-names.js';

/** Limits for a connection while a transaction runs on it. */
export interface Limits {
  /** for one statement, and for a whole attempt (a savepoint) */
  readonly statementMs: number;
  /** for all attempts of a transaction together, on top of the limit of each */
  readonly transactionMs: number;
  /** what to tell the caller about a statement that took longer, or too much disk */
  readonly tooSlow: () => ApiError;
  readonly tooLarge: () => ApiError;
}

/** The error for callers if a limit was exceeded; null for any other error. */
export function overLimit(error: unknown, limits: Limits): ApiError | null {
  if (isTooLarge(error)) return limits.tooLarge();
  return isOvertime(error) ? limits.tooSlow() : null;
}

/** The server is told a savepoint's remaining time only when it has shrunk by this much. */
const WORTH_TELLING = 0.9;

/**
 * Statements are sent as they are asked, without waiting for earlier answers (pg's pipeline mode); the server runs them
 * in order. After a failure it refuses the rest, so the first failure is the one reported.
 */
export class PipelinedTransaction implements Transaction {
  #failure: unknown;
  #writes: Promise<unknown>[] = [];
  #deadline = Infinity;
  #end = Infinity;
  /** how the attempt's savepoint is set, until its first statement does that: one that is refused at once sends nothing */
  #savepoint: string | null = null;
  /** whether there is one, of this attempt or of an earlier one */
  #hasSavepoint = false;
  /** as the server has it */
  #statementMs: number;
  /** whether the server makes one plan for all values */
  #plansOnce = false;
  #plansAnew: boolean;

  constructor(
    readonly orgId: string,
    private readonly client: pg.PoolClient,
    private readonly names: StatementNames,
    prepared: boolean,
    private readonly limits: Limits,
  ) {
    this.#plansAnew = !prepared;
    this.#statementMs = limits.statementMs;
  }

  async query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: unknown[],
    { plannedOnce = false }: { readonly plannedOnce?: boolean | undefined } = {},
  ): Promise<{ rows: Row[]; rowCount: number }> {
    this.#keepDeadline();
    if (values) this.#choosePlans(plannedOnce);
    const isNamed = plannedOnce || !this.#plansAnew;
    return this.#send<Row>(isNamed ? this.names.prepared(sql, values) : { text: sql, values });
  }

  planAnew(): void {
    this.#plansAnew = true;
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
    const { statementMs, transactionMs } = this.limits;
    // released with the next one, or with the transaction: a message less
    this.#savepoint = `${this.#hasSavepoint ? 'release savepoint attempt; ' : ''}savepoint attempt`;
    this.#end = Math.min(this.#end, performance.now() + transactionMs);
    this.#deadline = Math.min(this.#end, performance.now() + statementMs);
    const plansOnce = this.#plansOnce;
    try {
      const result = await work();
      if (this.#statementMs !== statementMs) this.#tell(statementMs);
      return result;
    } catch (error) {
      if (this.#savepoint !== null) throw error;
      // after everything in flight, whose failures belong to this savepoint; also resets the server's timeout
      await this.#send({ text: 'rollback to savepoint attempt' });
      this.#failure = undefined;
      this.#writes = [];
      this.#statementMs = statementMs;
      this.#plansOnce = plansOnce;
      throw overLimit(error, this.limits) ?? error;
    } finally {
      this.#savepoint = null;
      this.#deadline = Infinity;
    }
  }

  /** The server's limit is per statement: it is lowered to what is left of the savepoint's time. */
  #keepDeadline(): void {
    const leftMs = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    if (leftMs < this.#statementMs * WORTH_TELLING) this.#tell(leftMs);
  }

  #tell(statementMs: number): void {
    this.#statementMs = statementMs;
    this.#note(this.#send({ text: `set local statement_timeout to ${statementMs}` }));
  }

  #choosePlans(once: boolean): void {
    if (once === this.#plansOnce) return;
    this.#plansOnce = once;
    this.#note(this.#send({ text: `set local plan_cache_mode to ${once ? 'force_generic_plan' : 'auto'}` }));
  }

  async #send<Row extends pg.QueryResultRow>(statement: BoundedStatement) {
    if (this.#savepoint !== null) {
      const text = this.#savepoint;
      this.#savepoint = null;
      this.#hasSavepoint = true;
      this.#note(this.#send({ text }));
    }
    try {
      return await run<Row>(this.client, statement);
    } catch (error) {
      this.#failure ??= error;
      throw this.#failure;
    }
  }

  #note(written: Promise<unknown>): void {
    this.#writes.push(written);
    // settled() reports a failure
    written.catch(() => {});
  }
}

type BoundedStatement = pg.QueryConfig & { query_timeout?: number | undefined };

export async function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: BoundedStatement,
): Promise<{ rows: Row[]; rowCount: number }> {
  const { rows, rowCount } = await client.query<Row>(statement);
  return { rows, rowCount: rowCount ?? 0 };
}

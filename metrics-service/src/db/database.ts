import type { QueryResultRow } from 'pg';
import type { PriceTable } from '../pricing/types.js';

/**
 * One transaction that sees and writes a single organization (row-level security is set to it). Statements run one
 * after the other in the order they were asked.
 */
export interface Transaction {
  readonly orgId: string;
  /**
   * Runs one statement; `$1 …` are bound. bigint and numeric arrive as strings, timestamptz as Date.
   * `plannedOnce`: its best plan does not depend on the values, so that each connection makes one for all of them.
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    sql: string,
    values?: unknown[],
    options?: { readonly plannedOnce?: boolean | undefined },
  ): Promise<{ rows: Row[]; rowCount: number }>;
  /**
   * Sends a statement without waiting for it, so that the caller can prepare the next one meanwhile. Later statements
   * see what it wrote; if it fails, they and the transaction fail with it.
   */
  write(sql: string, values: unknown[]): void;
  /** From now on each statement is planned for its values, but one that says `plannedOnce`. */
  planAnew(): void;
  /**
   * Runs `work` in a savepoint: if it fails, the transaction goes on as before it. All of its statements together may
   * take as long as one statement of the pool.
   * @throws ApiError query_timeout, query_too_large; otherwise what `work` throws
   */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

/** How a transaction runs. */
export interface TransactionOptions {
  readonly readOnly?: boolean;
  /** all its statements see one snapshot; it fails where another one changed what it changes (`readOnly` has one, too) */
  readonly oneSnapshot?: boolean;
  /** each connection parses, and if it can, plans the statements that come again once only */
  readonly prepared?: boolean;
  /** cancels it, also on the server */
  readonly signal?: AbortSignal | undefined;
  /** whoever it is for, where one person must not take all connections of an organization */
  readonly person?: string | undefined;
}

/** Current use of the pool; `waiting`: transactions that wait for a connection. */
export interface Connections {
  used: number;
  idle: number;
  waiting: number;
  most: number;
}

/** From what questions are answered: sums where that is quicker (the default), the rows alone, sums wherever that is possible. */
export const ENGINES = ['auto', 'raw', 'sums'] as const;
export type Engine = (typeof ENGINES)[number];

/** The service's access to PostgreSQL: always as the service role, which cannot bypass row-level security. */
export interface Database {
  readonly engine?: Engine;
  /** what reported usage costs: by default the built-in prices */
  readonly prices?: PriceTable | undefined;
  /** Runs `work` in one transaction of that organization: committed when it resolves, rolled back when it rejects. */
  inOrganization<T>(orgId: string, work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** For the few queries before an organization is known (find_token, list_organizations, readiness). */
  query<Row extends QueryResultRow = QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }>;
  connections(): Connections;
  /** Why the server recently refused to write (disk full, read-only …); null if it has not lately. */
  trouble(): string | null;
  close(): Promise<void>;
}

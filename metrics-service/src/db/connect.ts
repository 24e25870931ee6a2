import pg from 'pg';
import { Failure } from '../failure.js';

/**
 * Connects as the role of that address, outside the pool.
 * @throws Failure one line that says where (no user, no password) and why not
 */
export async function connect(connectionString: string, applicationName: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString,
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw new Failure(`the database ${withoutSecrets(connectionString)} does not answer: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** Node says why only in the parts of the error when a name has several addresses. */
function reason(error: unknown): string {
  const parts = error instanceof AggregateError ? (error.errors as Error[]) : [error as Error];
  return [...new Set(parts.map(({ message }) => message))].join(', ') || 'no reason given';
}

/** The address as far as it may be shown: no user, no password, no parameters. */
function withoutSecrets(connectionString: string): string {
  try {
    const { host, pathname } = new URL(connectionString);
    return `${host}${pathname}`;
  } catch {
    return 'of DATABASE_URL';
  }
}

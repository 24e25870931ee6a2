import pg from 'pg';
import { Failure } from '../failure.js';

/**
 * Connects with that address, outside the pool.
 * @throws Failure in one line: which database (without user or password) and why not
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

/** For a name with several addresses, Node gives the reasons only in the errors inside the error. */
function reason(error: unknown): string {
  const parts = error instanceof AggregateError ? (error.errors as Error[]) : [error as Error];
  return [...new Set(parts.map(({ message }) => message))].join(', ') || 'no reason given';
}

/** The address without user, password and parameters, fit to be shown. */
function withoutSecrets(connectionString: string): string {
  try {
    const { host, pathname } = new URL(connectionString);
    return `${host}${pathname}`;
  } catch {
    return 'of DATABASE_URL';
  }
}

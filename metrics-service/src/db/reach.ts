import pg from 'pg';
import { Failure } from '../failure.js';

/**
 * Asks whether a PostgreSQL answers at this address.
 * @throws Failure one line that says where (never the password) and why not
 */
export async function reachDatabase(connectionString: string, what: string): Promise<void> {
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({ connectionString, application_name: 'runboard', connectionTimeoutMillis: 10_000 });
    client.on('error', () => {});
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    throw new Failure(`${what} cannot be reached${place(connectionString)}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await client?.end().catch(() => {});
  }
}

function place(connectionString: string): string {
  try {
    const { host, pathname } = new URL(connectionString);
    return host ? ` (${host}${pathname})` : '';
  } catch {
    return '';
  }
}

/** A host name with several addresses fails with several errors and no message of its own. */
function reasonOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: Error[] };
  const text = message || errors?.[0]?.message || 'no reason given';
  return code === 'ECONNREFUSED' ? `nothing listens there (${text})` : text;
}

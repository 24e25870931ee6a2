import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../../src/db/database.js';
import { dropDatabase } from '../../src/db/drop-database.js';
import { openDatabase } from '../../src/db/pool.js';

/** Set by global-setup.ts: the owner's address of the cluster's maintenance database, and the migrated template. */
export function cluster(): { ownerUrl: string; template: string } {
  const ownerUrl = process.env.RUNBOARD_TEST_OWNER_URL;
  const template = process.env.RUNBOARD_TEST_TEMPLATE;
  if (!ownerUrl || !template) throw new Error('the tests run through jest, whose global setup starts a PostgreSQL');
  return { ownerUrl, template };
}

export function urlOf(database: string): string {
  const url = new URL(cluster().ownerUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function asOwner(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: cluster().ownerUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  /** the owner's address */
  url: string;
  /** as the service sees it: its role, row-level security on */
  database: Database;
  drop(): Promise<void>;
}

/** A fresh database made from the migrated template (`empty`: without any table; `locale`: that of ICU, and empty). */
export async function testDatabase({ empty = false, locale = '' } = {}): Promise<TestDatabase> {
  const icu = `template template0 encoding 'UTF8' locale 'C' locale_provider icu icu_locale '${locale}'`;
  const from = locale ? icu : empty ? '' : `template ${cluster().template}`;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asOwner((owner) => owner.query(`create database ${name} ${from}`));
  const url = urlOf(name);
  const database = openDatabase({ connectionString: url, size: 10, statementTimeoutMs: 60_000 });
  return {
    url,
    database,
    async drop() {
      await database.close();
      await asOwner((owner) => dropDatabase(owner, name));
    },
  };
}

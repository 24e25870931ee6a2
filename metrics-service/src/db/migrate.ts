import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { Failure } from '../failure.js';
import { connect } from './connect.js';
import { hasJobsSchema, makeJobsSchema } from './jobs-schema.js';
import { ensureRoles, SERVICE_ROLE } from './roles.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url));
const BOOKKEEPING = 'pgmigrations';
/** An arbitrary lock id: only one process migrates a database at a time. */
const LOCK = 7_212_026;

/** Less than PostgreSQL's deadlock_timeout: a migration gives way before anybody else has to. */
const FIRST_LOCK_WAIT_MS = 500;
const MOST_LOCK_WAIT_MS = 16_000;
const MOST_ATTEMPTS = 10;
/** lock_not_available, deadlock_detected */
const IN_THE_WAY = new Set(['55P03', '40P01']);

/** The database was migrated by a newer version of the service. */
export class NewerDatabase extends Failure {
  constructor(readonly unknown: string[]) {
    super(
      `the database was migrated by a newer version of Runboard (it has ${unknown.join(', ')}): start that version`,
    );
  }
}

/** The names of all migrations, in order. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(MIGRATIONS);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort();
}

/**
 * Migrates the database to this version, as the role of `connectionString`, which owns the tables (another role can
 * only find that nothing is left to do). Each migration and its bookkeeping are one transaction; several processes may
 * call this at once. `upTo`: the last migration to run, to restore an older backup. Returns the names of those it ran.
 * @throws NewerDatabase, Failure
 */
export async function migrate(
  connectionString: string,
  { onWarning = () => {}, upTo }: { onWarning?: (message: string) => void; upTo?: string } = {},
): Promise<string[]> {
  const client = await connect(connectionString, 'runboard migrate');
  try {
    await client.query(`select pg_advisory_lock($1)`, [LOCK]);
    const unknown = await unknownMigrations(client);
    if (unknown.length > 0) throw new NewerDatabase(unknown);
    if (!(await ownsTables(client))) return await nothingToRun(client);
    await checkDatabase(client, onWarning);
    await ensureRoles(client);
    const before = await appliedMigrations(client);
    await givingWay(client, () => runMissing(client, upTo));
    await client.query(`grant select on ${BOOKKEEPING} to ${SERVICE_ROLE}`);
    if (upTo === undefined) await makeJobsSchema(client, connectionString);
    return (await appliedMigrations(client)).filter((name) => !before.includes(name));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`the database could not be migrated: ${(error as Error).message}`, { cause: error });
  } finally {
    await client.end();
  }
}

async function runMissing(client: pg.Client, upTo: string | undefined): Promise<void> {
  await runner({
    dbClient: client,
    dir: MIGRATIONS,
    direction: 'up',
    migrationsTable: BOOKKEEPING,
    singleTransaction: false,
    checkOrder: true,
    count: await missingUpTo(client, upTo),
    // `migrate` holds a lock that waits for its turn; the library's would fail
    noLock: true,
    log: () => {},
  });
}

/**
 * An older version of the service may be running meanwhile. While a migration waits for a table, everybody else queues
 * behind it: so it waits only briefly, lets them pass and tries again, longer each time.
 */
async function givingWay(client: pg.Client, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1, waitMs = FIRST_LOCK_WAIT_MS; ; attempt++, waitMs = Math.min(2 * waitMs, MOST_LOCK_WAIT_MS)) {
    await client.query(`select set_config('lock_timeout', $1, false)`, [`${waitMs}ms`]);
    try {
      return await work();
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error;
      await client.query('rollback');
      await sleep(waitMs);
    }
  }
}

/** Whether the client's role may change tables; that of the service, where it has one of its own, may not. */
export async function ownsTables(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ owns: boolean }>(
    `
    select coalesce(bool_and(pg_has_role(relowner, 'usage')), has_schema_privilege('public', 'create')) as owns
    from pg_class
    where oid = to_regclass($1)`,
    [BOOKKEEPING],
  );
  return rows[0]!.owns;
}

async function nothingToRun(client: pg.Client): Promise<[]> {
  if ((await missingUpTo(client, undefined)) === 0 && (await hasJobsSchema(client))) return [];
  throw new Failure(
    'the database is older than this version, and its role here does not own the tables: run `runboard migrate` as the ' +
      'one that does (DATABASE_OWNER_URL), or give it to the service, too',
  );
}

/** How many migrations there are to run. */
async function missingUpTo(client: pg.Client, upTo: string | undefined): Promise<number> {
  const names = await migrationNames();
  const wanted = upTo === undefined ? names : names.slice(0, names.indexOf(upTo) + 1);
  const applied = await appliedMigrations(client);
  return wanted.filter((name) => !applied.includes(name)).length;
}

async function checkDatabase(client: pg.Client, onWarning: (message: string) => void): Promise<void> {
  const { rows } = await client.query<{ encoding: string; superuser: boolean }>(`
    select current_setting('server_encoding') as encoding, rolsuper as superuser
    from pg_roles
    where rolname = current_user`);
  const { encoding, superuser } = rows[0]!;
  if (encoding !== 'UTF8') throw new Failure(`the database's encoding is ${encoding}: make one with encoding UTF8`);
  if (superuser) {
    onWarning(
      'the role of DATABASE_URL is a superuser: the service only works as runboard_service, but give it a role that just owns the database',
    );
  }
}

async function unknownMigrations(client: pg.Client): Promise<string[]> {
  const known = new Set(await migrationNames());
  return (await appliedMigrations(client)).filter((name) => !known.has(name));
}

/** The migrations that a database has, in order; none where it is empty. */
export async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ present: boolean }>(`select to_regclass($1) is not null as present`, [
    BOOKKEEPING,
  ]);
  if (!rows[0]?.present) return [];
  const applied = await client.query<{ name: string }>(`select name from ${BOOKKEEPING} order by id`);
  return applied.rows.map((row) => row.name);
}

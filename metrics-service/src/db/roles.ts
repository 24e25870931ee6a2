import type pg from 'pg';
import { Failure } from '../failure.js';

/** Reads and writes the tables; bound by row-level security. */
export const SERVICE_ROLE = 'runboard_service';
/** Owns the queue of background jobs (schema graphile_worker), and nothing else. */
export const JOBS_ROLE = 'runboard_jobs';
/** From this version on, inheritance is set per grant; before, per role. */
const GRANTS_SAY = 160_000;

/**
 * Creates missing roles, and lets the client's role become either and the service's role become that of jobs: only by
 * `set role`, so that it has none of its rights while it works with the tables.
 * @throws Failure what a superuser has to do, where the client's role may not
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  try {
    for (const role of [SERVICE_ROLE, JOBS_ROLE]) {
      await ensureRole(client, role);
      if (!(await mayBecome(client, role))) {
        await grantConcurrently(client, `grant ${role} to current_user`, () => mayBecome(client, role));
      }
    }
    if (!(await isJobsMember(client))) await makeJobsMember(client);
  } catch (error) {
    throw new Failure(
      `the role ${SERVICE_ROLE} or ${JOBS_ROLE} is missing or not granted, and the role of DATABASE_URL may not change that ` +
        `(${(error as Error).message}): as a superuser, create role ${SERVICE_ROLE} nologin noinherit; ` +
        `create role ${JOBS_ROLE} nologin; grant ${SERVICE_ROLE}, ${JOBS_ROLE} to the role; grant ${JOBS_ROLE} to ${SERVICE_ROLE}`,
      { cause: error },
    );
  }
}

/** Roles belong to the whole cluster: another process may be creating the same one for another database. */
async function ensureRole(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    do $$
    begin
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} nologin nosuperuser nobypassrls noinherit;
      end if;
    exception
      when duplicate_object or unique_violation then null;
    end
    $$`);
}

async function mayBecome(client: pg.Client, role: string): Promise<boolean> {
  try {
    await client.query(`set role ${role}`);
    await client.query('reset role');
    return true;
  } catch {
    return false;
  }
}

/** Whether the service may become the role of jobs, and does not have its rights otherwise. */
async function isJobsMember(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ fine: boolean }>(
    `select pg_has_role($1, $2, 'member') and not pg_has_role($1, $2, 'usage') as fine`,
    [SERVICE_ROLE, JOBS_ROLE],
  );
  return rows[0]!.fine;
}

async function makeJobsMember(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  const grant = `grant ${JOBS_ROLE} to ${SERVICE_ROLE}`;
  const statement =
    rows[0]!.version >= GRANTS_SAY
      ? `${grant} with inherit false, set true`
      : `alter role ${SERVICE_ROLE} noinherit; ${grant}`;
  await grantConcurrently(client, statement, () => isJobsMember(client));
}

/** Concurrent grants of one role fail with "tuple concurrently updated". */
async function grantConcurrently(client: pg.Client, grant: string, isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(grant);
      return;
    } catch (error) {
      if (await isDone()) return;
      if (attempt === 5 || (error as { code?: string }).code === '42501') throw error;
    }
  }
}

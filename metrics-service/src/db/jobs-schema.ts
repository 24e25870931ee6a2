import pg from 'pg';
import { JOBS_ROLE, SERVICE_ROLE } from './roles.js';

const SCHEMA = 'graphile_worker';

/**
 * Creates the schema of the job queue, where missing. `client` is the database's owner; the schema belongs to the role
 * of jobs, which fills it.
 */
export async function makeJobsSchema(owner: pg.Client, connectionString: string): Promise<void> {
  await owner.query(`create schema if not exists ${SCHEMA} authorization ${JOBS_ROLE}`);
  const pool = jobsPool(connectionString, { max: 1 });
  try {
    // the library would create it with the schema, which needs rights this role does not have
    await pool.query(`
      create table if not exists ${SCHEMA}.migrations (
        id int primary key,
        ts timestamptz not null default now(),
        breaking boolean not null default false
      )`);
    // imported only when migrating, so that other commands start without it
    const { runMigrations } = await import('graphile-worker');
    await runMigrations({ pgPool: pool });
    await pool.query(FUNCTIONS);
  } finally {
    await pool.end();
  }
}

/** Whether the database has the queue; only the owner can create it. */
export async function hasJobsSchema(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select from pg_namespace where nspname = $1`, [SCHEMA]);
  return rows.length > 0;
}

/** Connections that work as the role of jobs. */
export function jobsPool(
  connectionString: string,
  options: { max: number; onError?: (error: Error) => void },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.max,
    application_name: 'runboard jobs',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(`set role ${JOBS_ROLE}`);
    },
  });
  const onError = (error: Error): void => options.onError?.(error);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** The service's access to the queue. A job that has not ended after this long was killed. */
const FUNCTIONS = `
  create or replace function ${SCHEMA}.request_job(task text, shared boolean, unless_running boolean)
    returns void
    language plpgsql security definer set search_path = ${SCHEMA}, pg_temp
    as $$
    declare
      organization text := current_setting('runboard.org_id', true);
      wanted_key text := split_part(task, '@', 1) || case when shared then '' else ':' || organization end;
    begin
      if coalesce(organization, '') = '' then
        raise exception 'a job is requested for an organization';
      end if;
      if unless_running and exists (
        select from ${SCHEMA}.jobs where key = wanted_key and locked_at > now() - interval '15 minutes'
      ) then
        return;
      end if;
      perform ${SCHEMA}.add_job(
        task,
        case when shared then '{}' else json_build_object('orgId', organization) end,
        job_key => wanted_key
      );
    end
    $$;
  create or replace function ${SCHEMA}.forget_jobs()
    returns void
    language sql security definer set search_path = ${SCHEMA}, pg_temp
    as $$
      delete from ${SCHEMA}._private_jobs where payload ->> 'orgId' = current_setting('runboard.org_id', true)
    $$;
  revoke all on function ${SCHEMA}.request_job(text, boolean, boolean), ${SCHEMA}.forget_jobs() from public;
  grant usage on schema ${SCHEMA} to ${SERVICE_ROLE};
  grant execute on function ${SCHEMA}.request_job(text, boolean, boolean), ${SCHEMA}.forget_jobs() to ${SERVICE_ROLE}`;

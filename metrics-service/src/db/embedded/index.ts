import { join } from 'node:path';
import pg from 'pg';
import { makeDataFolder } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import { JOBS_ROLE, SERVICE_ROLE } from '../roles.js';
import { asSuperuser, openCluster, type Cluster } from './cluster.js';
import { startPostmaster, type Patience, type Postmaster, type StartOptions } from './postmaster.js';

const OWNER = 'runboard';
/** Restarts before giving up; a minute of running resets the count. */
const MOST_CRASHES = 5;
const A_WHILE_MS = 60_000;

export interface EmbeddedDatabase {
  /** as the role that owns the database and its tables; not a superuser */
  ownerUrl: string;
  /** as the service's role, which is bound by row-level security and can become only the role of jobs */
  serviceUrl: string;
  /** `immediate` skips writing everything out: the next start recovers */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  onProgress?: (message: string) => void;
  /** the server ended unexpectedly and is being restarted */
  onCrash?: () => void;
  /** the server keeps ending and is not restarted any more */
  onLost?: (failure: Failure) => void;
  /** for tests: end and restart a hanging server sooner than by default */
  patience?: Patience;
  /** for tests: neither the data nor the folder needs to survive */
  throwaway?: boolean;
}

/**
 * Starts the PostgreSQL of the data folder, creating it the first time, on a free port of 127.0.0.1. The caller holds
 * the folder's lock: a server that a killed service left behind is stopped first.
 * @throws Failure
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { dataDir, throwaway = false } = options;
  await makeDataFolder(dataDir);
  const cluster = await openCluster(dataDir, { durable: !throwaway, onProgress: options.onProgress ?? (() => {}) });
  const start: StartOptions = {
    logFile: join(dataDir, 'postgres.log'),
    ...(options.patience && { patience: options.patience }),
    ...(options.onProgress && { onWaiting: options.onProgress }),
    ...(throwaway
      ? { settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }, temporaryFolder: dataDir }
      : {}),
  };
  let postmaster = await startPostmaster(cluster, start);
  const { port } = postmaster;
  let stopping = false;
  let crashes = 0;
  const watch = async (watched: Postmaster): Promise<void> => {
    const ranAWhile = setTimeout(() => (crashes = 0), A_WHILE_MS).unref();
    await watched.ended;
    clearTimeout(ranAWhile);
    await watched.stop();
    if (stopping) return;
    crashes += 1;
    try {
      if (crashes > MOST_CRASHES) throw new Failure('the database keeps ending');
      options.onCrash?.();
      postmaster = await startPostmaster(cluster, { ...start, port, ranBefore: true });
      if (stopping) await postmaster.stop();
      else void watch(postmaster);
    } catch (error) {
      options.onLost?.(error as Failure);
    }
  };
  void watch(postmaster);
  await makeRoles(cluster, port, throwaway);
  const { passwords } = cluster;
  return {
    ownerUrl: `postgres://${OWNER}:${passwords.owner}@127.0.0.1:${port}/${OWNER}`,
    serviceUrl: `postgres://${SERVICE_ROLE}:${passwords.service}@127.0.0.1:${port}/${OWNER}`,
    async stop(how) {
      stopping = true;
      await postmaster.stop(how);
    },
  };
}

/** Creates the missing roles and the database; an interrupted start may have created some of them. */
async function makeRoles(cluster: Cluster, port: number, mayMakeDatabases: boolean): Promise<void> {
  const client = new pg.Client(asSuperuser(cluster, port));
  await client.connect();
  try {
    const { rows } = await client.query<{ rolname: string }>(`select rolname from pg_roles`);
    const roles = new Set(rows.map((row) => row.rolname));
    for (const role of [SERVICE_ROLE, JOBS_ROLE]) if (!roles.has(role)) await client.query(`create role ${role}`);
    if (!roles.has(OWNER)) await client.query(`create role ${OWNER} login`);
    const { owner, service } = cluster.passwords;
    const createDb = mayMakeDatabases ? 'createdb' : 'nocreatedb';
    await client.query(`alter role ${OWNER} ${createDb} password ${client.escapeLiteral(owner)}`);
    await client.query(`alter role ${SERVICE_ROLE} login noinherit password ${client.escapeLiteral(service)}`);
    await client.query(`grant ${SERVICE_ROLE}, ${JOBS_ROLE} to ${OWNER}`);
    await client.query(`grant ${JOBS_ROLE} to ${SERVICE_ROLE}`);
    // the service limits what a question may write to the disk
    await client.query(`grant set on parameter temp_file_limit to ${SERVICE_ROLE}`);
    const { rowCount } = await client.query(`select from pg_database where datname = $1`, [OWNER]);
    if (rowCount === 0) await client.query(`create database ${OWNER} owner ${OWNER}`);
  } finally {
    await client.end();
  }
}

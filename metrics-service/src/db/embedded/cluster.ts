import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writePrivately } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import { postgresBinaries, SHARED_FOLDER } from './binaries.js';
import { canReach, databaseUser, isRoot, type OsUser } from './os-user.js';

/** A PostgreSQL data directory, ready to be started. */
export interface Cluster {
  /** the folder given to `postgres -D` */
  data: string;
  binaries: string;
  user: OsUser;
  passwords: Passwords;
}

interface Passwords {
  superuser: string;
  owner: string;
  service: string;
}

export const SUPERUSER = 'postgres';

/** How to connect to a running cluster as its superuser. */
export function asSuperuser({ passwords }: Cluster, port: number) {
  return { host: '127.0.0.1', port, user: SUPERUSER, password: passwords.superuser, database: 'postgres' };
}

/** The database's environment: without the service's own variables, which hold secrets. */
export const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Finds the cluster in the data folder, or creates one. It is created beside its final place and moved there when
 * complete, so that an interrupted start leaves nothing in the way of the next.
 */
export async function openCluster(
  dataDir: string,
  options: { durable: boolean; onProgress: (message: string) => void },
): Promise<Cluster> {
  const home = join(dataDir, 'postgres');
  const link = await readlink(home).catch(() => null);
  if (link !== null && !existsSync(home)) {
    throw new Failure(`the database's files in ${link} are gone: put them back, or remove ${home} to begin with none`);
  }
  const user = existsSync(home) ? await userOf(await realpath(home)) : databaseUser();
  const binaries = await postgresBinaries(user);
  const passwords = await readPasswords(dataDir, existsSync(home));
  if (!existsSync(home)) {
    options.onProgress('Making the database …');
    await removeDrafts(dataDir);
    const draft = await makeDraft(dataDir, user, options.onProgress);
    const folder = await realpath(draft);
    await initialise(folder, { binaries, user, password: passwords.superuser, durable: options.durable });
    await rename(draft, home);
    await sync(dataDir);
  }
  return { data: join(await realpath(home), 'data'), binaries, user, passwords };
}

/** An existing cluster runs as the user who owns it. */
async function userOf(home: string): Promise<OsUser> {
  const { uid, gid } = await stat(home);
  const user = isRoot() && uid !== 0 ? { uid, gid } : {};
  if (!isRoot() && uid !== process.getuid?.()) {
    throw new Failure(
      `the database in ${home} belongs to another user (${uid}): start as that user, or set RUNBOARD_DATA_DIR`,
    );
  }
  if (!canReach(home, user)) {
    throw new Failure(
      `the OS user ${uid} of the database cannot reach ${home} any more: open the folders above it (chmod a+x)`,
    );
  }
  return user;
}

async function readPasswords(dataDir: string, required: boolean): Promise<Passwords> {
  const path = join(dataDir, 'passwords.json');
  let known: Partial<Passwords> = {};
  try {
    known = JSON.parse(await readFile(path, 'utf8')) as Partial<Passwords>;
  } catch (error) {
    if (required) throw new Failure(`the passwords of the database cannot be read: ${(error as Error).message}`);
  }
  const random = (): string => randomBytes(24).toString('base64url');
  // an older folder has none for the service
  const passwords = { superuser: random(), owner: random(), service: random(), ...known };
  if (!known.service) await writePrivately(path, JSON.stringify(passwords));
  return passwords;
}

const DRAFT = 'postgres.new-';

/**
 * Removes what interrupted starts left. Names differ, since a killed start's initdb may still be writing into its own
 * folder.
 */
async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of (await readdir(dataDir)).filter((entry) => entry.startsWith(DRAFT))) {
    const folder = await realpath(join(dataDir, name)).catch(() => null);
    if (folder?.startsWith(SHARED_FOLDER)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** An empty folder for the cluster: in the data folder, or a link to one that the database's user can reach. */
async function makeDraft(dataDir: string, user: OsUser, onProgress: (message: string) => void): Promise<string> {
  if (canReach(dataDir, user)) {
    const draft = await mkdtemp(join(dataDir, DRAFT));
    await give(draft, user);
    return draft;
  }
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(SHARED_FOLDER, 'data-'));
  await give(folder, user);
  const draft = join(dataDir, `${DRAFT}${basename(folder)}`);
  await symlink(folder, draft);
  onProgress(`The database's OS user cannot reach ${dataDir}: its files lie in ${folder}`);
  return draft;
}

/** A rename survives a power failure only once its folder is synced to disk. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

async function give(path: string, { uid, gid }: OsUser): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function initialise(
  home: string,
  { binaries, user, password, durable }: { binaries: string; user: OsUser; password: string; durable: boolean },
): Promise<void> {
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(passwordFile, user);
  const flags = [
    `--pgdata=${join(home, 'data')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const child = spawn(join(binaries, 'bin', 'initdb'), flags, {
    ...user,
    cwd: '/',
    env: ENVIRONMENT,
    // Ctrl-C must not interrupt it: the service ends after it
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await rm(passwordFile, { force: true });
  if (code !== 0)
    throw new Failure(`the database could not be made: ${complaint.trim() || `initdb ended with ${code}`}`);
}

import { spawnSync } from 'node:child_process';
import { Failure } from '../../failure.js';

/** The OS user the database runs as; empty if it is simply the current user. */
export interface OsUser {
  uid?: number;
  gid?: number;
}

const NAME = 'runboard';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** PostgreSQL refuses to run as root: there it gets an OS user of its own, made if it is missing. */
export function databaseUser(): OsUser {
  if (!isRoot()) return {};
  const user = find(NAME) ?? make() ?? find('postgres');
  if (user) return user;
  throw new Failure(
    `PostgreSQL does not run as root, and the OS user ${NAME} could not be made: make it (useradd --system ${NAME}), ` +
      'start as an ordinary user, or set DATABASE_URL',
  );
}

function find(name: string): OsUser | null {
  const id = (flag: string): number => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : NaN;
  };
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0 ? { uid, gid } : null;
}

function make(): OsUser | null {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false'];
  spawnSync('useradd', [...flags, NAME], { stdio: 'ignore' });
  // another process may have made it just before
  return find(NAME);
}

/** Whether that user can enter a folder through all folders above it; with `read`, also list it. */
export function canReach(path: string, user: OsUser, { read = false } = {}): boolean {
  if (user.uid === undefined) return true;
  const script = read ? 'test -x "$1" && test -r "$1"' : 'test -x "$1"';
  return spawnSync('/bin/sh', ['-c', script, 'sh', path], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

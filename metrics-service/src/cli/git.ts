import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { repositoryName } from '../contract/repository.js';
import { checkoutOf } from '../importers/worktrees.js';

/** The output of git, or null if it fails or is not installed. */
function ask(...args: string[]): string | null {
  try {
    const answer = execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 });
    return answer.trim() || null;
  } catch {
    return null;
  }
}

/** git's user.email. */
export function gitEmail(): string | null {
  return ask('config', '--get', 'user.email');
}

/** Names the repository of a folder, or of the address that a transcript itself names. */
export type RepoFinder = (folder: string | null, address?: string | null) => string | null;

/**
 * Finds repositories: the one that is named; else that of the folder as git knows it here (`owner/name`, without the
 * host and what else may stand in an address); of a folder that is not here, that of the checkout which it was a
 * worktree or a subfolder of; else the folder's last name. Asks git once per folder.
 */
export function repoFinder(home = homedir()): RepoFinder {
  const known = new Map<string, string | null>();

  function once(folder: string, find: (folder: string) => string | null): string | null {
    const key = `${find.name} ${folder}`;
    const name = known.has(key) ? known.get(key)! : find(folder);
    known.set(key, name);
    return name;
  }

  function nameOf(folder: string): string | null {
    const here = existsSync(folder) ? once(folder, nameByGit) : null;
    if (here !== null) return here;
    const checkout = checkoutOf(folder);
    if (checkout) return 'name' in checkout ? checkout.name : nameOf(checkout.folder);
    return (isAbsolute(folder) ? once(folder, nameAbove) : null) ?? lastName(folder);
  }

  /** A removed subfolder's; a home folder that git keeps is no repository of all that lies in it. */
  function nameAbove(folder: string): string | null {
    const above = dirname(folder);
    if (above === folder || above === home) return null;
    if (!existsSync(above)) return once(above, nameAbove);
    return topOf(above) === home ? null : once(above, nameByGit);
  }

  return (folder, address) => (address ? repoName(address) : null) ?? (folder === null ? null : once(folder, nameOf));
}

/** The remote of a checkout or worktree, else the name of the checkout's folder; null: git knows none. */
function nameByGit(folder: string): string | null {
  const remote = ask('-C', folder, 'config', '--get', 'remote.origin.url');
  const name = remote === null ? null : repoName(remote);
  if (name !== null) return name;
  const common = ask('-C', folder, 'rev-parse', '--git-common-dir');
  if (common === null) return null;
  const path = resolve(folder, common);
  return lastName(basename(path) === '.git' ? dirname(path) : path.replace(/\.git$/, ''));
}

function topOf(folder: string): string | null {
  return ask('-C', folder, 'rev-parse', '--show-toplevel');
}

/** `owner/name` of a remote's address (a URL or `host:path`, whose host may be a name of ssh's configuration); of a folder its last name. */
export function repoName(remote: string): string | null {
  if (/^\w[\w+.-]*:\/\/[^/]*\/*$/.test(remote)) return null;
  const isFolder = !remote.includes(':');
  const address = /^[^@/\s:]{2,}:[^/]/.test(remote) ? `git@${remote}` : remote;
  return (isFolder ? lastName(remote.replace(/\.git\/*$/, '')) : repositoryName(address))?.slice(-200) || null;
}

function lastName(folder: string): string | null {
  return (
    folder
      .split(/[/\\]+/)
      .filter(Boolean)
      .at(-1)
      ?.slice(-200) ?? null
  );
}

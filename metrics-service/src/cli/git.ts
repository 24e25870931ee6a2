import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { repositoryName } from '../contract/repository.js';

/** What git answers, or null where it has no answer or is not installed. */
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

/**
 * Names the repository of a folder: its git remote where the folder exists here (`owner/name`, without the host and
 * what else may stand in an address), else the folder's last name. Asks git once per folder.
 */
export function repoFinder(): (folder: string | null) => string | null {
  const known = new Map<string, string | null>();
  return (folder) => {
    if (folder === null) return null;
    const name = known.get(folder) ?? remoteOf(folder) ?? lastName(folder);
    known.set(folder, name);
    return name;
  };
}

function remoteOf(folder: string): string | null {
  const remote = existsSync(folder) ? ask('-C', folder, 'config', '--get', 'remote.origin.url') : null;
  return remote === null ? null : repoName(remote);
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

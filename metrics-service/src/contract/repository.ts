import { isStorable, MAX_NAME_CHARACTERS } from './values.js';

/** `https://host:1/path`, with a user or without. */
const URL_FORM = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?([^/:?#]*)(?::\d*)?(?:[/?#](.*))?$/is;
/** `git@host:path` and `host.example:path`; `C:\code` and `team:web` are none. */
const SSH_FORM = /^(?:[^@:/\s]+@([^:/\s]+):(?!\/\/)(.+)|([^@:/\s]+\.[^@:/\s]+):(?!\/\/)([^/]+\/.+))$/s;
/** `host.example/owner/name` */
const HOST_FORM = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?::\d+)?\/([^/]+\/.+)$/is;

/**
 * The canonical name of a repository, however its address is written: its path at the host, `owner/name`, without the
 * host, `.git` and prefixes. A text that is not an address is returned as it is.
 */
export function repositoryName(text: string): string {
  const url = URL_FORM.exec(text);
  const ssh = url ? null : SSH_FORM.exec(text);
  const bare = url || ssh ? null : HOST_FORM.exec(text);
  const host = (url?.[2] ?? ssh?.[1] ?? ssh?.[3] ?? bare?.[1] ?? '').toLowerCase();
  const path = url ? (url[3] ?? '') : (ssh?.[2] ?? ssh?.[4] ?? bare?.[2] ?? text);
  const isAddress = Boolean(url ?? ssh ?? bare);
  const name = trimmed(isAddress ? inHost(host, decoded(path.replace(/[?#].*$/s, ''))) : path);
  const short = url?.[1]?.toLowerCase() === 'file' ? lastPart(name) : name;
  return short === '' || !isStorable(short) || [...short].length > MAX_NAME_CHARACTERS ? text : short;
}

/** Strips what hosts put around a repository's path. */
function inHost(host: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  // Azure DevOps: /org/project/_git/name and v3/org/project/name
  if (/(?:^|\.)(?:dev\.azure\.com|visualstudio\.com)$/.test(host)) {
    return parts.filter((part, index) => part !== '_git' && !(index === 0 && part === 'v3')).join('/');
  }
  // pages within a repository: /owner/name/tree/main, and GitLab's /group/name/-/tree/main
  if (host === 'github.com' || host === 'www.github.com' || host === 'ssh.github.com')
    return parts.slice(0, 2).join('/');
  const page = parts.indexOf('-');
  const ofRepository = page > 0 ? parts.slice(0, page) : parts;
  // Bitbucket Data Center: /scm/project/name
  return (ofRepository[0] === 'scm' && ofRepository.length === 3 ? ofRepository.slice(1) : ofRepository).join('/');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '').replace(/(?<=[^/])\.git$/i, '');
}

function lastPart(path: string): string {
  return path.split('/').at(-1)!;
}

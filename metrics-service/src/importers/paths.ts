import { MAX_PATH_CHARACTERS, withoutNames } from '../contract/file-path.js';
import { storableText } from '../contract/values.js';

/**
 * A file's path as an event tells it: from the folder that the agent works in. Of what lies elsewhere only depth and
 * extension, since it may name a person's home.
 */
export function pathIn(folder: string | null, path: string): string {
  const beside = relativeTo(folder, path);
  const told = beside === null ? withoutNames(path) : storableText(beside);
  return told.length <= MAX_PATH_CHARACTERS ? told : withoutNames(path);
}

function relativeTo(folder: string | null, path: string): string | null {
  if (!/^(?:[/\\~]|[A-Za-z]:)/.test(path))
    return /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path) ? null : path.replace(/^\.\//, '');
  const root = folder?.replace(/[/\\]+$/, '') ?? '';
  const isBelow = root !== '' && path.startsWith(root) && /^[/\\]./.test(path.slice(root.length));
  return isBelow ? path.slice(root.length + 1) : null;
}

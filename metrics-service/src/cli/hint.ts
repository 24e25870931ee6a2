import { printable } from '../format/values.js';
import { shellWord } from '../format/shell.js';

/** A text as one word of a shell, in commands that are shown. */
export function word(text: string): string {
  return shellWord(printable(text));
}

/** What a command that is shown needs to mean the organization that the command at hand named. */
export function inOrg(org: string | undefined): string {
  return org === undefined ? '' : ` --org ${word(org)}`;
}

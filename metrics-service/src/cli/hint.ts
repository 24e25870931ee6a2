import { printable } from '../format/values.js';
import { quoted } from '../query/quality/words.js';

/** A text as one word of a shell, in commands that are shown. */
export function word(text: string): string {
  return quoted(printable(text));
}

/** What a command that is shown needs to mean the organization that the command at hand named. */
export function inOrg(org: string | undefined): string {
  return org === undefined ? '' : ` --org ${word(org)}`;
}

import { shellWord } from '../../format/shell.js';

/** A command in words, meant for an organization: as it can be pasted. */
export function commandFor(orgId: string, command: string): string {
  return `\`runboard ${command} --org ${shellWord(orgId)}\``;
}

/** A name as a shell takes it; one of harmless characters stays as it is. */
export function quoted(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command in words, meant for an organization: as it can be pasted. */
export function commandFor(orgId: string, command: string): string {
  return `\`runboard ${command} --org ${quoted(orgId)}\``;
}

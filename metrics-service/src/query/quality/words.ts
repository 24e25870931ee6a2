/** A name as a shell takes it; one of harmless characters stays as it is. */
export function quoted(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

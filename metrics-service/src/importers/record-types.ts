const MOST_TYPES = 8;
const MOST_CHARACTERS = 40;

/** The types of a file's records, so that one of which nothing was used can say what it is instead. */
export class RecordTypes {
  private readonly types = new Set<string>();
  private more = false;

  add(type: unknown): void {
    const name = typeof type === 'string' && type !== '' ? type.slice(0, MOST_CHARACTERS) : 'none';
    if (this.types.size < MOST_TYPES) this.types.add(name);
    else this.more ||= !this.types.has(name);
  }

  /** Why nothing of the file was used, for people. */
  reason(tool: 'Claude Code' | 'Codex'): string {
    if (this.types.size === 0) return 'is empty';
    if (tool === 'Claude Code' && this.types.has('session_meta')) return 'is a rollout of Codex: runboard import codex';
    if (tool === 'Codex' && (this.types.has('user') || this.types.has('assistant'))) {
      return 'looks like a transcript of Claude Code: runboard import claude-code';
    }
    const types = [...this.types].join(', ');
    return `holds nothing that ${tool} did, only records of type ${types}${this.more ? ' and others' : ''}`;
  }
}

/** A run as far as it matters here. */
interface Run {
  sessionId: string;
  startedAtMs: number;
}

/** What `--since` keeps: runs that started since then, and the work of their subagents (whose files do not name the run). */
export class Since {
  private readonly sessions = new Map<string, { leavesOut: boolean; firstKeptMs: number }>();

  constructor(private readonly ms = 0) {}

  /** Notes a run of a main file, which is read before the files of its subagents. */
  note({ sessionId, startedAtMs }: Run): void {
    if (this.ms === 0) return;
    const known = this.sessions.get(sessionId) ?? { leavesOut: false, firstKeptMs: Infinity };
    if (startedAtMs < this.ms) known.leavesOut = true;
    else known.firstKeptMs = Math.min(known.firstKeptMs, startedAtMs);
    this.sessions.set(sessionId, known);
  }

  keepsRun({ startedAtMs }: Run): boolean {
    return startedAtMs >= this.ms;
  }

  keepsSession({ lastAtMs }: { lastAtMs: number }): boolean {
    return lastAtMs >= this.ms;
  }

  /** Whether to keep something of a session at an instant, if its run is not known. */
  keepsMoment(sessionId: string, atMs: number): boolean {
    const known = this.sessions.get(sessionId);
    return atMs >= this.ms && !(known?.leavesOut && atMs < known.firstKeptMs);
  }
}

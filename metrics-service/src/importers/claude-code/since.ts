import type { Run } from './run.js';

/** What `--since` keeps: whole runs from then on, and what subagents did for them (their files do not name the run). */
export class Since {
  private readonly sessions = new Map<string, { leavesOut: boolean; firstKeptMs: number }>();

  constructor(private readonly ms = 0) {}

  /** Takes a run of a main file, which is read before those of its subagents. */
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

  /** Whether to keep what was done in a session at an instant, where no run is known for it. */
  keepsMoment(sessionId: string, atMs: number): boolean {
    const known = this.sessions.get(sessionId);
    return atMs >= this.ms && !(known?.leavesOut && atMs < known.firstKeptMs);
  }
}

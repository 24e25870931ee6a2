import type { ImportedEvent } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { Run } from './run.js';
import { runCompleted, runStarted } from './to-events.js';

interface Part {
  run: Run;
  latestAtMs: number;
}

/** The subagents of one session whose main file is missing: together they are one run, `<sessionId>:start`. */
export class Orphans {
  private readonly parts = new Map<string, Part[]>();

  add(part: Part): void {
    this.parts.set(part.run.runId, [...(this.parts.get(part.run.runId) ?? []), part]);
  }

  /** Returns the events of the collected runs, and forgets them. */
  take(options: EventOptions & { sinceMs?: number | undefined }, nowMs: number): ImportedEvent[] {
    const events = [...this.parts.values()].flatMap((parts) => this.toEvents(parts, options, nowMs));
    this.parts.clear();
    return events;
  }

  private toEvents(
    parts: Part[],
    options: EventOptions & { sinceMs?: number | undefined },
    nowMs: number,
  ): ImportedEvent[] {
    const ordered = parts.toSorted((a, b) => (a.run.lastAgentAtMs ?? 0) - (b.run.lastAgentAtMs ?? 0));
    const [first] = ordered;
    if (!first) return [];
    const startedAtMs = ordered.reduce((first, { run }) => Math.min(first, run.startedAtMs), Infinity);
    if (startedAtMs < (options.sinceMs ?? 0)) return [];
    const run = new Run(first.run.runId, first.run.sessionId, startedAtMs, first.run.promptStanding, first.run.key);
    for (const part of ordered) run.absorb(part.run);
    const latestAtMs = ordered.reduce((latest, part) => Math.max(latest, part.latestAtMs), 0);
    const verdict = run.verdict(false, latestAtMs, nowMs);
    const started = runStarted(run, options);
    return verdict ? [started, runCompleted(run, verdict, run.lastAgentAtMs ?? startedAtMs, options)] : [started];
  }
}

import { blocksOf, isRejection, type TranscriptRecord } from './record.js';

/** Tools that ask the person, and wait for the answer. */
const ASKING = new Set(['AskUserQuestion', 'ExitPlanMode']);
const TOOL_USES_REMEMBERED = 64;

/** Whether the tool is a question to the person. */
export function asksPerson(tool: string): boolean {
  return ASKING.has(tool);
}

interface ToolUse {
  atMs: number;
  asks: boolean;
}

/**
 * How long a run waited for a person, or for a limit's reset: from a question to its answer, from a tool use to the
 * person's refusal of it, from a limit's error to the retry. Times that overlap count once.
 */
export class Awaits {
  /** in ms */
  total = 0;
  private readonly toolUses = new Map<string, ToolUse>();
  private limitedSinceMs: number | null = null;
  private countedUntilMs = 0;

  /** Takes an agent record; `limited`: it is an error that says a limit is reached. */
  add(record: TranscriptRecord, atMs: number, limited: boolean): void {
    if (record.kind === 'assistant') {
      if (!limited) this.retry(atMs);
      else this.limitedSinceMs ??= atMs;
      this.remember(record, atMs);
    } else if (record.kind === 'tool_result') this.answer(record, atMs);
    else if (record.kind === 'interruption') {
      for (const { atMs: sinceMs, asks } of this.toolUses.values()) if (asks) this.count(sinceMs, atMs);
      this.toolUses.clear();
    }
  }

  /** The agent goes on after a limit's error, if there was one. */
  retry(atMs: number): void {
    if (this.limitedSinceMs !== null) this.count(this.limitedSinceMs, atMs);
    this.limitedSinceMs = null;
  }

  absorb(later: Awaits): void {
    this.total += later.total;
    this.limitedSinceMs = later.limitedSinceMs ?? this.limitedSinceMs;
    for (const [id, toolUse] of later.toolUses) this.toolUses.set(id, toolUse);
  }

  private remember(record: TranscriptRecord, atMs: number): void {
    for (const { type, id, name } of blocksOf(record.message)) {
      if (type !== 'tool_use' || typeof id !== 'string' || this.toolUses.has(id)) continue;
      this.toolUses.set(id, { atMs, asks: typeof name === 'string' && asksPerson(name) });
      const [oldest] = this.toolUses.keys();
      if (this.toolUses.size > TOOL_USES_REMEMBERED && oldest !== undefined) this.toolUses.delete(oldest);
    }
  }

  private answer(record: TranscriptRecord, atMs: number): void {
    for (const block of blocksOf(record.message)) {
      if (block.type !== 'tool_result' || typeof block.tool_use_id !== 'string') continue;
      const toolUse = this.toolUses.get(block.tool_use_id);
      this.toolUses.delete(block.tool_use_id);
      if (toolUse && (toolUse.asks || isRejection(block))) this.count(toolUse.atMs, atMs);
    }
  }

  private count(fromMs: number, untilMs: number): void {
    this.total += Math.max(0, untilMs - Math.max(fromMs, this.countedUntilMs));
    this.countedUntilMs = Math.max(this.countedUntilMs, untilMs);
  }
}

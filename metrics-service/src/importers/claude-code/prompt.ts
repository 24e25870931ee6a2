import { idOf } from '../names.js';
import type { TranscriptRecord } from './record.js';
import { Run } from './run.js';
import type { Standing } from './standing.js';

/** A record that starts a run, and that run. */
export interface Prompt {
  record: TranscriptRecord;
  run: Run;
}

/** The key of the prompt in telemetry and hooks (telemetry.md). */
export function keyOfPrompt(promptId: string | null, sessionId: string): string | null {
  return promptId === null ? null : `prompt:${sessionId}:${promptId}`;
}

/** The run of the calls before a file's first prompt. */
export function startRunOf(sessionId: string, atMs: number, standing: Standing): Run {
  return new Run(idOf(`${sessionId}:start`) ?? sessionId, sessionId, atMs, standing);
}

/** What shows the agent at work. */
export function isAgentRecord({ kind }: TranscriptRecord): boolean {
  return kind === 'assistant' || kind === 'tool_result' || kind === 'interruption' || kind === 'turn_end';
}

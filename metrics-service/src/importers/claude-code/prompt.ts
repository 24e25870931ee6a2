import { idOf } from '../names.js';
import type { PromptIds } from './prompt-ids.js';
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

/** The run that a record starts. */
export function runOf(
  { uuid, raw }: TranscriptRecord,
  { sessionId, atMs, standing }: { sessionId: string; atMs: number; standing: Standing },
  promptIds: PromptIds,
): Run {
  const own = uuid !== null && standing === 'own' ? promptIds.idOf(uuid, sessionId, atMs) : uuid;
  const runId = own ?? idOf(`${sessionId}:${atMs}`) ?? sessionId;
  return new Run(runId, sessionId, atMs, standing, keyOfPrompt(idOf(raw.promptId), sessionId));
}

/** The run of the calls before a file's first prompt. */
export function startRunOf(sessionId: string, atMs: number, standing: Standing): Run {
  return new Run(idOf(`${sessionId}:start`) ?? sessionId, sessionId, atMs, standing);
}

/** What shows the agent at work. */
export function isAgentRecord({ kind }: TranscriptRecord): boolean {
  return kind === 'assistant' || kind === 'tool_result' || kind === 'interruption' || kind === 'turn_end';
}

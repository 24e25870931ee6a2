import { EARLIEST_TIME_MS } from '../../contract/values.js';
import { type ImportedEvent, isoTime, makeEvent, makeSession } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { idOf, textOf } from '../names.js';
import { pathIn } from '../paths.js';
import type { Call, Place } from './calls.js';
import type { FileChange } from './file-change.js';
import { queuedTexts, textBlocks, type TranscriptRecord } from './record.js';
import type { Run, Verdict } from './run.js';
import type { Sessions, SessionState } from './sessions.js';
import type { Standing } from './standing.js';
import type { ToolUse } from './tool-uses.js';

/** Independent of the transcript's path, so that a copy of it gives the same events. */
export const SOURCE = 'urn:runboard:claude-code';

/**
 * A copy's events are dated just before its run's prompt, so that the original's win (transcripts.md); those of undated
 * records before all others.
 */
function timeOf(run: Run | null, standing: Standing, atMs: number): number {
  if (standing === 'undated') return EARLIEST_TIME_MS;
  return standing === 'copy' ? Math.max((run?.startedAtMs ?? atMs) - 1, EARLIEST_TIME_MS) : atMs;
}

export function runStarted(run: Run, { userId }: EventOptions): ImportedEvent {
  const { runId, sessionId, startedAtMs } = run;
  const data = {
    runId,
    sessionId,
    key: run.key ?? undefined,
    userId: userId ?? undefined,
    startedAt: isoTime(startedAtMs),
  };
  return makeEvent(SOURCE, 'run.started', timeOf(run, run.promptStanding, startedAtMs), data);
}

export function runCompleted(run: Run, verdict: Verdict, completedAtMs: number, options: EventOptions): ImportedEvent {
  const { error, cutOff, status, seq } = verdict;
  const cutOffSummary = cutOff ? 'the transcript ends in the middle of the run' : undefined;
  const errorSummary = error && options.withText && error.firstLine ? error.firstLine : error?.kindAndStatus;
  const data = {
    runId: run.runId,
    sessionId: run.sessionId,
    key: run.key ?? undefined,
    startedAt: isoTime(run.startedAtMs),
    completedAt: isoTime(completedAtMs),
    status,
    failureCategory: error?.category,
    errorSummary: errorSummary ?? cutOffSummary,
    artifacts: run.artifacts.toData(),
    awaitMs: run.awaits.total || undefined,
  };
  return makeEvent(SOURCE, 'run.completed', timeOf(run, run.standing, run.knownAtMs), data, seq);
}

/** A call, and the requests to other models that were made for it; each is a call of its own. */
export function callsRecorded(call: Call, runId: string | null): ImportedEvent[] {
  const place = {
    sessionId: call.sessionId,
    runId: runId ?? undefined,
    key: call.key ?? undefined,
  };
  const at = isoTime(call.atMs);
  const event = (data: Record<string, unknown>): ImportedEvent =>
    makeEvent(SOURCE, 'llm_call.recorded', timeOf(call.run, call.standing, call.knownAtMs), data, call.lines);
  const { callId, model, usage, terms } = call;
  const own = { callId, ...place, requestId: call.requestId ?? undefined, at, model, usage };
  const events = usage ? [event({ ...own, costUsd: call.costUsd ?? undefined, ...terms })] : [];
  for (const { place: number, ...other } of call.others?.values() ?? []) {
    const { model, usage, terms } = other;
    events.push(event({ callId: idOf(`${callId}:${number}`), ...place, at, model, usage, ...terms }));
  }
  return events;
}

/** A call of a tool: ended, or open at the end of the transcript. */
export function toolCallRecorded(use: ToolUse, runId: string | null): ImportedEvent {
  const { id, name, place, inputBytes, folder, result } = use;
  const startedAt = isoTime(place.atMs);
  const { status, rejectedBy, errorType, outputBytes } = result ?? {};
  const ended = result && { completedAt: isoTime(result.atMs), status, errorType, rejectedBy, outputBytes };
  const wait = result?.waited && { awaitStartedAt: startedAt, awaitMs: Math.max(0, result.atMs - place.atMs) };
  const data = {
    toolCallId: id,
    sessionId: place.sessionId,
    runId: runId ?? undefined,
    key: place.key ?? undefined,
    ...{ name, startedAt, inputBytes, ...ended, ...wait },
    files: result?.file ? [toldFile(result.file, folder)] : undefined,
  };
  const known = result ?? place;
  return makeEvent(SOURCE, 'tool_call.recorded', timeOf(place.run, known.standing, known.atMs), data);
}

function toldFile({ path, operation, linesAdded, linesDeleted }: FileChange, folder: string | null): object {
  const told = { path: pathIn(folder, path), operation };
  return operation === 'read' ? told : { ...told, linesAdded, linesDeleted };
}

/** A prompt (`role` user) or an assistant's text (agent); `messageId` is the record's uuid. */
export function messageCreated(
  record: TranscriptRecord,
  role: 'user' | 'agent',
  place: Place & { messageId: string },
  { userId, withText }: EventOptions,
): ImportedEvent {
  const data = {
    messageId: place.messageId,
    sessionId: place.sessionId,
    key: place.key ?? undefined,
    role,
    sentAt: isoTime(place.atMs),
    userId: role === 'user' ? (userId ?? undefined) : undefined,
    text: withText ? textOf(readable(textsOf(record).join('\n'))) : undefined,
  };
  return makeEvent(SOURCE, 'message.created', timeOf(place.run, place.standing, place.atMs), data);
}

function textsOf({ kind, message, raw }: TranscriptRecord): string[] {
  return kind === 'queued' ? queuedTexts(raw) : textBlocks(message);
}

/** A slash command as it was typed. */
function readable(text: string): string {
  const name = /<command-name>([\s\S]*?)<\/command-name>/.exec(text);
  if (!name || !/^\s*<command-/.test(text)) return text;
  return `${name[1]} ${/<command-args>([\s\S]*?)<\/command-args>/.exec(text)?.[1] ?? ''}`.trim();
}

/** `fileSessionId`: whose main file says it. */
export function sessionCreated(
  state: SessionState,
  sessions: Sessions,
  fileSessionId: string,
  options: EventOptions,
): ImportedEvent {
  const { sessionId, firstAtMs, branch, folder } = state;
  const title = options.withText ? sessions.titleOf(sessionId) : null;
  const data = {
    sessionId,
    createdByUserId: options.userId ?? undefined,
    createdAt: isoTime(firstAtMs),
    repo: options.repoOf(folder) ?? undefined,
    runtime: 'claude-code',
    branch: branch ?? undefined,
    title: title?.text,
  };
  return makeSession(SOURCE, data, firstAtMs, title?.count ?? 0, sessionId === fileSessionId);
}

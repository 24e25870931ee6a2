import { type ImportedEvent, isoTime, makeEvent, makeSession } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { idOf, textOf } from '../names.js';
import { pathIn } from '../paths.js';
import type { Counts } from './counter.js';
import type { SessionState } from './session.js';
import type { ToolCall } from './tool-calls.js';
import type { Turn, Verdict } from './turn.js';

/** Independent of the rollout's path, so that a copy of it gives the same events. */
export const SOURCE = 'urn:runboard:codex';

/** One request to a model. */
export interface Call {
  callId: string;
  sessionId: string;
  turn: Turn;
  atMs: number;
  model: string;
  counts: Counts;
}

export function runStarted({ id, sessionId, startedAtMs }: Turn, { userId }: EventOptions): ImportedEvent {
  const data = { runId: id, sessionId, userId: userId ?? undefined, startedAt: isoTime(startedAtMs) };
  return makeEvent(SOURCE, 'run.started', startedAtMs, data);
}

export function runCompleted(turn: Turn, verdict: Verdict, { withText }: EventOptions): ImportedEvent {
  const { error, cutOff, status, completedAtMs, seq } = verdict;
  const cutOffSummary = cutOff ? 'the transcript ends in the middle of the run' : undefined;
  const data = {
    runId: turn.id,
    sessionId: turn.sessionId,
    startedAt: isoTime(turn.startedAtMs),
    completedAt: isoTime(completedAtMs),
    status,
    failureCategory: error?.category,
    errorSummary: (withText && error?.firstLine) || error?.kindAndStatus || cutOffSummary,
    artifacts: turn.patches.toData(),
  };
  return makeEvent(SOURCE, 'run.completed', turn.knownAtMs, data, seq);
}

/** `inRun`: false for a helper's, which falls to its parent's run by time. */
export function callRecorded({ callId, sessionId, turn, atMs, model, counts }: Call, inRun: boolean): ImportedEvent {
  const data = {
    callId: idOf(callId),
    sessionId,
    runId: inRun ? turn.id : undefined,
    at: isoTime(atMs),
    model,
    usage: {
      inputTokens: counts.input,
      outputTokens: counts.output,
      cacheReadTokens: counts.cached,
      cacheWriteTokens: counts.written || undefined,
      reasoningTokens: counts.reasoning,
    },
    tier: turn.tier,
  };
  return makeEvent(SOURCE, 'llm_call.recorded', atMs, data, 1);
}

/** `inRun` as for calls of a model. */
export function toolCallRecorded(
  call: ToolCall,
  { sessionId, folder, inRun }: { sessionId: string; folder: string | null; inRun: boolean },
): ImportedEvent {
  const { id, name, turn, startedAtMs, inputBytes, files, end } = call;
  const { status, errorType, outputBytes } = end ?? {};
  const rejectedBy = status === 'REJECTED' ? 'person' : undefined;
  const ended = end && { completedAt: isoTime(end.atMs), status, errorType, rejectedBy, outputBytes };
  const startedAt = isoTime(startedAtMs);
  const wait = end && rejectedBy && { awaitStartedAt: startedAt, awaitMs: Math.max(0, end.atMs - startedAtMs) };
  const data = {
    ...{
      toolCallId: id,
      sessionId,
      runId: inRun ? turn.id : undefined,
      name,
      startedAt,
      inputBytes,
      ...ended,
      ...wait,
    },
    files:
      files.length > 0 ? files.map(({ path, ...change }) => ({ path: pathIn(folder, path), ...change })) : undefined,
  };
  return makeEvent(SOURCE, 'tool_call.recorded', end?.atMs ?? startedAtMs, data);
}

export function messageCreated(
  { role, text }: { role: 'user' | 'agent'; text: string },
  place: { sessionId: string; atMs: number },
  { userId, withText }: EventOptions,
): ImportedEvent {
  const data = {
    messageId: idOf(`${place.sessionId}:${role}:${place.atMs}`),
    sessionId: place.sessionId,
    role,
    sentAt: isoTime(place.atMs),
    userId: role === 'user' ? (userId ?? undefined) : undefined,
    text: withText ? textOf(text) : undefined,
  };
  return makeEvent(SOURCE, 'message.created', place.atMs, data);
}

export function sessionCreated(session: SessionState, firstAtMs: number, options: EventOptions): ImportedEvent {
  const title = options.withText ? session.title : null;
  const createdAtMs = session.atMs ?? firstAtMs;
  const data = {
    sessionId: session.sessionId,
    createdByUserId: options.userId ?? undefined,
    createdAt: isoTime(createdAtMs),
    repo: options.repoOf(session.folder, session.repositoryUrl) ?? undefined,
    runtime: 'codex',
    branch: session.branch ?? undefined,
    parentSessionId: session.parentId ?? undefined,
    title: title?.text,
  };
  return makeSession(SOURCE, data, createdAtMs, title?.count ?? 0);
}

import { EARLIEST_TIME_MS } from '../../contract/values.js';
import { type ImportedEvent, isoTime, makeEvent, makeSession } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { textOf } from '../names.js';
import type { Call } from './calls.js';
import { textBlocks, type TranscriptRecord } from './record.js';
import type { Run, Verdict } from './run.js';
import type { Sessions, SessionState } from './sessions.js';

/** The same wherever a transcript lies, so that a copy of it gives the same events. */
export const SOURCE = 'urn:runboard:claude-code';

/** A copy's events are dated just before its run's prompt, so that the original's win (transcripts.md). */
function timeOf(run: Run | null, foreign: boolean, atMs: number): number {
  return foreign ? Math.max((run?.startedAtMs ?? atMs) - 1, EARLIEST_TIME_MS) : atMs;
}

export function runStarted(run: Run, { userId }: EventOptions, promptForked: boolean): ImportedEvent {
  const { runId, sessionId, startedAtMs } = run;
  const data = {
    runId,
    sessionId,
    key: run.key ?? undefined,
    userId: userId ?? undefined,
    startedAt: isoTime(startedAtMs),
  };
  return makeEvent(SOURCE, 'run.started', timeOf(run, promptForked, startedAtMs), data);
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
  };
  return makeEvent(SOURCE, 'run.completed', timeOf(run, run.forked, run.knownAtMs), data, seq);
}

export function callRecorded(call: Call, runId: string | null): ImportedEvent | null {
  if (!call.usage) return null;
  const data = {
    callId: call.callId,
    sessionId: call.sessionId,
    runId: runId ?? undefined,
    key: call.run?.key ?? undefined,
    requestId: call.requestId ?? undefined,
    at: isoTime(call.atMs),
    model: call.model,
    usage: call.usage,
    costUsd: call.costUsd ?? undefined,
    ...call.terms,
  };
  return makeEvent(SOURCE, 'llm_call.recorded', timeOf(call.run, call.foreign, call.knownAtMs), data, call.lines);
}

/** A prompt (`role` user) or an assistant's text (agent); `messageId` is the record's uuid. */
export function messageCreated(
  record: TranscriptRecord,
  role: 'user' | 'agent',
  place: { messageId: string; sessionId: string; atMs: number; run: Run | null; foreign: boolean },
  { userId, withText }: EventOptions,
): ImportedEvent {
  const data = {
    messageId: place.messageId,
    sessionId: place.sessionId,
    key: place.run?.key ?? undefined,
    role,
    sentAt: isoTime(place.atMs),
    userId: role === 'user' ? (userId ?? undefined) : undefined,
    text: withText ? textOf(readable(textBlocks(record.message).join('\n'))) : undefined,
  };
  return makeEvent(SOURCE, 'message.created', timeOf(place.run, place.foreign, place.atMs), data);
}

/** A slash command as it was typed. */
function readable(text: string): string {
  const name = /<command-name>([\s\S]*?)<\/command-name>/.exec(text);
  if (!name || !/^\s*<command-/.test(text)) return text;
  return `${name[1]} ${/<command-args>([\s\S]*?)<\/command-args>/.exec(text)?.[1] ?? ''}`.trim();
}

export function sessionCreated(state: SessionState, sessions: Sessions, options: EventOptions): ImportedEvent {
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
  return makeSession(SOURCE, data, firstAtMs, title?.count ?? 0);
}

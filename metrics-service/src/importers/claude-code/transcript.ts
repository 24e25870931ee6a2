import type { ImportedEvent } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { idOf } from '../names.js';
import { type Call, Calls, isCall } from './calls.js';
import { Queue } from './queue.js';
import { textBlocks, type TranscriptRecord } from './record.js';
import { Run } from './run.js';
import { Sessions } from './sessions.js';
import type { Since } from './since.js';
import { callRecorded, messageCreated, runCompleted, runStarted, sessionCreated } from './to-events.js';

export interface TranscriptOptions extends EventOptions {
  /** `main`: a session's own file; `subagent`: one beside its main file; `orphan`: a subagent's whose main is missing */
  role: 'main' | 'subagent' | 'orphan';
  /** the session, where a record does not say it */
  sessionId: string;
  since: Since;
  onProblem: (reason: string) => void;
}

/** Turns the records of one file, in their order, into events. Holds a run, the latest calls and the sessions. */
export class Transcript {
  /** the run that records fall to */
  private run: Run | null = null;
  /** a slash command that the agent may yet work on, and its message */
  private candidate: { run: Run; message: ImportedEvent | null } | null = null;
  private readonly calls: Calls;
  private readonly sessions = new Sessions();
  private readonly queue = new Queue();
  private readonly promptForked = new WeakSet<Run>();
  private lastAtMs: number | null = null;
  private latestAtMs = 0;
  private sessionId: string;
  private events: ImportedEvent[] = [];

  constructor(private readonly options: TranscriptOptions) {
    this.calls = new Calls(options.onProblem);
    this.sessionId = options.sessionId;
  }

  /** Takes the next record; returns the events that are known by it. */
  add(record: TranscriptRecord): ImportedEvent[] {
    this.events = [];
    if (record.kind === 'title') this.sessions.addTitle(record);
    if (record.kind === 'queue') this.queue.add(record);
    // a record that does not say when or where it was stands where the one before it did
    const atMs = record.atMs ?? this.lastAtMs;
    const sessionId = record.sessionId ?? this.sessionId;
    if (atMs === null) {
      if (isCall(record)) this.options.onProblem('a call without a readable timestamp');
      return this.events;
    }
    this.lastAtMs = atMs;
    this.sessionId = sessionId;
    if (record.atMs !== null) {
      this.latestAtMs = Math.max(this.latestAtMs, atMs);
      if (this.options.role === 'main') this.sessions.add(record, sessionId, atMs);
    }
    if (this.options.role === 'main') this.addToMain(record, sessionId, atMs);
    else this.addToSubagent(record, sessionId, atMs);
    return this.events;
  }

  /** What is known when the file ends, at the instant `nowMs`. */
  end(nowMs: number): ImportedEvent[] {
    this.events = [];
    this.dropCandidate();
    return this.tell(this.calls.takeAll(), nowMs);
  }

  /** What is known at the instant `nowMs` of a file that may go on, calls only where they have grown. */
  peek(nowMs: number): ImportedEvent[] {
    this.events = [];
    return this.tell(this.calls.takeGrown(), nowMs);
  }

  private tell(calls: Call[], nowMs: number): ImportedEvent[] {
    if (this.options.role === 'main') this.close(this.run, false, nowMs);
    this.emitCalls(calls);
    for (const state of this.sessions.all()) {
      if (!this.options.since.keepsSession(state)) continue;
      this.events.push(sessionCreated(state, this.sessions, this.options));
    }
    return this.events;
  }

  /** Whether somebody or the agent did something in it. */
  get used(): boolean {
    return this.sessions.all().length > 0 || this.calls.any;
  }

  /** What an orphan adds to the run of its session's orphans; null: no call. */
  get orphanRun(): { run: Run; latestAtMs: number } | null {
    return this.options.role === 'orphan' && this.run ? { run: this.run, latestAtMs: this.latestAtMs } : null;
  }

  private addToMain(record: TranscriptRecord, sessionId: string, atMs: number): void {
    const { kind } = record;
    if (kind === 'prompt') this.startRun(record, sessionId, atMs);
    else if (kind === 'command' || (kind === 'notification' && this.queue.opensTurn(record))) {
      this.offerRun(record, sessionId, atMs);
    } else if (kind === 'assistant' || (kind === 'interruption' && !record.sidechain)) {
      this.confirmRun(record, sessionId, atMs);
    }
    const run = this.candidate?.run ?? this.run;
    const foreign = record.forked || (run !== null && sessionId !== run.sessionId);
    if (run && kind === 'tool_result') run.artifacts.add(record);
    if (run && !record.sidechain && isAgentRecord(record)) run.addAgentRecord(record, atMs, foreign);
    if (kind !== 'assistant') return;
    this.addCall(record, { sessionId, run, atMs, foreign });
    if (!record.sidechain && record.uuid !== null && textBlocks(record.message).some((text) => text.trim() !== '')) {
      const place = { messageId: record.uuid, sessionId, run, atMs, foreign };
      if (this.wanted(run, place)) this.events.push(messageCreated(record, 'agent', place, this.options));
    }
  }

  private addToSubagent(record: TranscriptRecord, sessionId: string, atMs: number): void {
    if (this.options.role === 'orphan' && isCall(record)) this.run ??= startRunOf(sessionId, atMs, record.forked);
    const run = this.run;
    if (run && record.kind === 'tool_result') run.artifacts.add(record);
    if (run && isAgentRecord(record)) run.addAgentRecord(record, atMs, record.forked);
    if (record.kind === 'assistant') this.addCall(record, { sessionId, run, atMs, foreign: record.forked });
  }

  private addCall(record: TranscriptRecord, place: Pick<Call, 'sessionId' | 'run' | 'atMs' | 'foreign'>): void {
    if (isCall(record)) this.emitCalls(this.calls.add(record, place));
  }

  private emitCalls(calls: Call[]): void {
    for (const call of calls) {
      if (!this.wanted(call.run, call)) continue;
      const event = callRecorded(call, call.run?.runId ?? null);
      if (event) this.events.push(event);
    }
  }

  /** A prompt: ends the run before it. Whether it is a run itself, the agent's answer shows. */
  private startRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    this.dropCandidate();
    this.close(this.run, true, 0);
    this.run = this.newRun(record, sessionId, atMs);
    const message = this.promptMessage(record, this.run);
    if (message) this.events.push(message);
  }

  /** A slash command or a notification that may be a run: the run before it goes on until the agent works on it. */
  private offerRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    this.dropCandidate();
    const run = this.newRun(record, sessionId, atMs);
    this.candidate = { run, message: record.kind === 'command' ? this.promptMessage(record, run) : null };
  }

  private confirmRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    if (this.candidate) {
      this.close(this.run, true, 0);
      this.run = this.candidate.run;
      if (this.candidate.message) this.events.push(this.candidate.message);
      this.candidate = null;
    } else if (!this.run && isCall(record)) {
      this.run = startRunOf(sessionId, atMs, record.forked);
    }
    if (!this.run || this.run.confirmed) return;
    this.run.confirmed = true;
    this.options.since.note(this.run);
    if (this.options.since.keepsRun(this.run)) {
      this.events.push(runStarted(this.run, this.options, this.promptForked.has(this.run)));
    }
  }

  private newRun(record: TranscriptRecord, sessionId: string, atMs: number): Run {
    const runId = record.uuid ?? idOf(`${sessionId}:${atMs}`) ?? sessionId;
    const run = new Run(runId, sessionId, atMs, record.forked, promptKey(record, sessionId));
    if (record.forked) this.promptForked.add(run);
    return run;
  }

  private promptMessage(record: TranscriptRecord, run: Run): ImportedEvent | null {
    const { sessionId, startedAtMs: atMs, runId: messageId } = run;
    if (!this.options.since.keepsRun(run)) return null;
    return messageCreated(record, 'user', { messageId, sessionId, atMs, run, foreign: record.forked }, this.options);
  }

  private dropCandidate(): void {
    if (this.candidate) this.run?.absorb(this.candidate.run);
    this.candidate = null;
  }

  private close(run: Run | null, promptFollows: boolean, nowMs: number): void {
    if (!run?.confirmed || !this.options.since.keepsRun(run)) return;
    const verdict = run.verdict(promptFollows, this.latestAtMs, nowMs);
    if (verdict) this.events.push(runCompleted(run, verdict, run.lastAgentAtMs ?? run.startedAtMs, this.options));
  }

  private wanted(run: Run | null, { sessionId, atMs }: Pick<Call, 'sessionId' | 'atMs'>): boolean {
    const { since } = this.options;
    return run ? since.keepsRun(run) : since.keepsMoment(sessionId, atMs);
  }
}

/** As telemetry and hooks name the prompt (telemetry.md). */
function promptKey({ raw }: TranscriptRecord, sessionId: string): string | null {
  const promptId = idOf(raw.promptId);
  return promptId === null ? null : `prompt:${sessionId}:${promptId}`;
}

/** The run of the calls before a file's first prompt. */
function startRunOf(sessionId: string, atMs: number, forked: boolean): Run {
  return new Run(idOf(`${sessionId}:start`) ?? sessionId, sessionId, atMs, forked);
}

function isAgentRecord({ kind }: TranscriptRecord): boolean {
  return kind === 'assistant' || kind === 'tool_result' || kind === 'interruption' || kind === 'turn_end';
}

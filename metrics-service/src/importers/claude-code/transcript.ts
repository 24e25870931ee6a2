import type { ImportedEvent } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { idOf } from '../names.js';
import { type Call, Calls, isCall, type Place } from './calls.js';
import { Copies } from './copies.js';
import { fileChangeOf } from './file-change.js';
import { isAgentRecord, keyOfPrompt, runOf, startRunOf, type Prompt } from './prompt.js';
import type { PromptIds } from './prompt-ids.js';
import { Queue } from './queue.js';
import { textBlocks, type TranscriptRecord } from './record.js';
import type { Run } from './run.js';
import { Sessions } from './sessions.js';
import type { Since } from '../since.js';
import {
  callsRecorded,
  messageCreated,
  runCompleted,
  runStarted,
  sessionCreated,
  toolCallRecorded,
} from './to-events.js';
import { ToolUses, type ToolUse } from './tool-uses.js';

export interface TranscriptOptions extends EventOptions {
  /** `main`: a session's own file; `subagent`: one that belongs to a main file; `orphan`: a subagent without its main file */
  role: 'main' | 'subagent' | 'orphan';
  /** the session, for records that do not state one */
  sessionId: string;
  since: Since;
  promptIds: PromptIds;
  onProblem: (reason: string) => void;
}

/** Turns the records of one file, in order, into events. Keeps the current run, the latest calls and the sessions. */
export class Transcript {
  /** the run that records belong to */
  private run: Run | null = null;
  /** a slash command that the agent may yet work on */
  private candidate: Prompt | null = null;
  /** a prompt whose message is not told yet: what follows may show that it is a copy */
  private prompt: Prompt | null = null;
  private readonly copies = new Copies();
  /** what telemetry calls the prompt that a subagent works for */
  private promptId: string | null = null;
  private readonly calls: Calls;
  private readonly toolUses = new ToolUses();
  private readonly sessions = new Sessions();
  private readonly queue = new Queue();
  private lastAtMs: number | null = null;
  private latestAtMs = 0;
  private sessionId: string;
  private events: ImportedEvent[] = [];

  constructor(private readonly options: TranscriptOptions) {
    this.calls = new Calls(options.onProblem);
    this.sessionId = options.sessionId;
  }

  /** Takes the next record; returns the events that are complete with it. */
  add(record: TranscriptRecord): ImportedEvent[] {
    this.events = [];
    if (this.copies.isRepeated(record)) return this.events;
    if (record.kind === 'title') this.sessions.addTitle(record);
    if (record.kind === 'queue') this.queue.add(record);
    // a record without time or session has those of the one before it
    const atMs = record.atMs ?? this.lastAtMs;
    const sessionId = record.sessionId ?? this.sessionId;
    if (atMs === null) {
      if (isCall(record)) this.options.onProblem('a call without a readable timestamp');
      return this.events;
    }
    this.lastAtMs = atMs;
    this.sessionId = sessionId;
    this.copies.note(record);
    if (record.atMs !== null) {
      this.latestAtMs = Math.max(this.latestAtMs, atMs);
      if (this.options.role === 'main') this.sessions.add(record, sessionId, atMs);
    }
    if (this.options.role === 'main') this.addToMain(record, sessionId, atMs);
    else this.addToSubagent(record, sessionId, atMs);
    return this.events;
  }

  /** The remaining events at the end of the file, as of `nowMs`. */
  end(nowMs: number): ImportedEvent[] {
    this.events = [];
    this.dropCandidate();
    return this.tell(this.calls.takeAll(), nowMs);
  }

  /** The events so far of a file that may grow, as of `nowMs`; calls only if they have grown. */
  peek(nowMs: number): ImportedEvent[] {
    this.events = [];
    return this.tell(this.calls.takeGrown(), nowMs);
  }

  private tell(calls: Call[], nowMs: number): ImportedEvent[] {
    this.tellPrompt();
    if (this.options.role === 'main') this.close(this.run, false, nowMs);
    this.emitCalls(calls);
    this.emitToolUses(this.toolUses.takeOpen());
    for (const state of this.sessions.all()) {
      if (!this.options.since.keepsSession(state)) continue;
      this.events.push(sessionCreated(state, this.sessions, this.options.sessionId, this.options));
    }
    return this.events;
  }

  /** Whether somebody or the agent did something in it. */
  get used(): boolean {
    return this.sessions.all().length > 0 || this.calls.any;
  }

  /** What an orphan adds to the run of its session's orphans; null if it has no call. */
  get orphanRun(): { run: Run; latestAtMs: number } | null {
    return this.options.role === 'orphan' && this.run ? { run: this.run, latestAtMs: this.latestAtMs } : null;
  }

  private addToMain(record: TranscriptRecord, sessionId: string, atMs: number): void {
    const { kind, uuid } = record;
    if (kind === 'prompt') this.startRun(record, sessionId, atMs);
    else if (kind === 'command' || (kind === 'notification' && this.queue.opensTurn(record))) {
      this.offerRun(record, sessionId, atMs);
    } else if (kind === 'assistant' || (kind === 'interruption' && !record.sidechain)) {
      this.confirmRun(record, sessionId, atMs);
    }
    const run = this.candidate?.run ?? this.run;
    const standing = this.copies.standingOf(record, run, sessionId);
    const place = { sessionId, run, key: run?.key ?? null, atMs, standing };
    this.addToolUses(record, place);
    if (run && !record.sidechain) {
      if (isAgentRecord(record)) run.addAgentRecord(record, atMs, standing);
      else if (record.raw.type === 'user' && record.raw.isMeta === true) run.awaits.retry(atMs);
    }
    if (kind === 'queued') this.tellMessage(record, 'user', place, uuid ?? idOf(`${sessionId}:queued:${atMs}`));
    if (kind !== 'assistant') return;
    this.addCall(record, place);
    const hasText = textBlocks(record.message).some((text) => text.trim() !== '');
    if (!record.sidechain && hasText) this.tellMessage(record, 'agent', place, uuid);
  }

  private addToSubagent(record: TranscriptRecord, sessionId: string, atMs: number): void {
    this.promptId = idOf(record.raw.promptId) ?? this.promptId;
    if (this.options.role === 'orphan' && isCall(record)) {
      this.run ??= startRunOf(sessionId, atMs, this.copies.standingOf(record, null, sessionId));
    }
    const { run } = this;
    const standing = this.copies.standingOf(record, null, sessionId);
    const place = { sessionId, run, key: keyOfPrompt(this.promptId, sessionId), atMs, standing };
    this.addToolUses(record, place);
    if (run && isAgentRecord(record)) run.addAgentRecord(record, atMs, standing);
    if (record.kind === 'assistant') this.addCall(record, place);
  }

  private addToolUses(record: TranscriptRecord, place: Place): void {
    if (record.kind === 'assistant') this.emitToolUses(this.toolUses.begin(record, place));
    if (record.kind !== 'tool_result') return;
    const change = fileChangeOf(record);
    place.run?.artifacts.add(change);
    this.emitToolUses(this.toolUses.end(record, place, change));
  }

  private emitToolUses(uses: readonly ToolUse[]): void {
    for (const use of uses) {
      const { run } = use.place;
      if (this.wanted(run, use.place)) this.events.push(toolCallRecorded(use, run?.runId ?? null));
    }
  }

  private addCall(record: TranscriptRecord, place: Place): void {
    if (isCall(record)) this.emitCalls(this.calls.add(record, place));
  }

  private emitCalls(calls: Call[]): void {
    for (const call of calls) {
      if (!this.wanted(call.run, call)) continue;
      for (const event of callsRecorded(call, call.run?.runId ?? null)) this.events.push(event);
    }
  }

  /** A prompt ends the previous run. Whether it is a run itself is known when the agent answers. */
  private startRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    this.tellPrompt();
    this.dropCandidate();
    this.close(this.run, true, 0);
    this.run = this.newRun(record, sessionId, atMs);
    this.prompt = { record, run: this.run };
  }

  /** A slash command or notification that may be a run: the previous run continues until the agent works on it. */
  private offerRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    this.dropCandidate();
    this.candidate = { record, run: this.newRun(record, sessionId, atMs) };
  }

  private confirmRun(record: TranscriptRecord, sessionId: string, atMs: number): void {
    if (this.candidate) {
      this.tellPrompt();
      this.close(this.run, true, 0);
      this.run = this.candidate.run;
      if (this.candidate.record.kind === 'command') this.prompt = this.candidate;
      this.candidate = null;
    } else if (!this.run && isCall(record)) {
      this.run = startRunOf(sessionId, atMs, this.copies.standingOf(record, null, sessionId));
    }
    if (this.run && !this.run.confirmed) this.tellRun(this.run, record);
    this.tellPrompt();
  }

  private tellRun(run: Run, { forked }: TranscriptRecord): void {
    run.confirmed = true;
    if (forked && run.promptStanding === 'own') run.promptStanding = 'copy';
    this.options.since.note(run);
    if (this.options.since.keepsRun(run)) this.events.push(runStarted(run, this.options));
  }

  private newRun(record: TranscriptRecord, sessionId: string, atMs: number): Run {
    const standing = this.copies.standingOf(record, null, sessionId);
    return runOf(record, { sessionId, atMs, standing }, this.options.promptIds);
  }

  private tellPrompt(): void {
    if (!this.prompt) return;
    const { record, run } = this.prompt;
    this.prompt = null;
    const { sessionId, startedAtMs: atMs, key, promptStanding: standing } = run;
    this.tellMessage(record, 'user', { sessionId, run, key, atMs, standing }, run.runId);
  }

  private tellMessage(record: TranscriptRecord, role: 'user' | 'agent', place: Place, messageId: string | null): void {
    if (messageId === null || !this.wanted(place.run, place)) return;
    this.events.push(messageCreated(record, role, { ...place, messageId }, this.options));
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

import type { ImportedEvent } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { isObject } from '../json-lines.js';
import { idOf, nameOf, textOf } from '../names.js';
import type { Since } from '../since.js';
import { Calls, stepId } from './calls.js';
import { Counter, readCounts, within } from './counter.js';
import { History } from './history.js';
import { Messages } from './messages.js';
import type { Owners } from './owners.js';
import { isAgentRecord, isCall, type Message, type RolloutRecord } from './record.js';
import { emptySession, readSession, type SessionState } from './session.js';
import {
  type Call,
  callRecorded,
  messageCreated,
  runCompleted,
  runStarted,
  sessionCreated,
  toolCallRecorded,
} from './to-events.js';
import { ToolCalls, type ToolCall } from './tool-calls.js';
import { Turn } from './turn.js';
import { Turns } from './turns.js';

export interface RolloutOptions extends EventOptions {
  /** the session, if the file does not state one */
  sessionId: string;
  /** leaves out runs that started before, and what belongs to them */
  sinceMs?: number | undefined;
  owners: Owners;
  since: Since;
  onProblem: (reason: string) => void;
}

/** Turns the records of one rollout, in order, into events. Keeps the session and the latest turns. */
export class Rollout {
  session: SessionState;
  private named = false;
  private readonly turns: Turns;
  private readonly counter = new Counter();
  private readonly calls = new Calls();
  private readonly toolCalls = new ToolCalls();
  private readonly history: History;
  private firstAtMs: number | null = null;
  private lastAtMs: number | null = null;
  private latestAtMs = 0;
  private readonly messages = new Messages();
  private events: ImportedEvent[] = [];

  constructor(private readonly options: RolloutOptions) {
    this.session = emptySession(options.sessionId);
    this.history = new History(options.owners);
    this.turns = new Turns(this, this.history);
  }

  /** Takes the next record; returns the events that are complete with it. */
  add(record: RolloutRecord): ImportedEvent[] {
    this.events = [];
    const { type, kind, payload } = record;
    // a record without a time has that of the one before it
    const atMs = record.atMs ?? this.lastAtMs;
    if (type === 'session_meta') this.enterSession(record, atMs);
    if (atMs === null) {
      if (isCall(record)) this.options.onProblem('a call without a readable timestamp');
      return this.events;
    }
    this.lastAtMs = atMs;
    this.firstAtMs ??= atMs;
    this.latestAtMs = Math.max(this.latestAtMs, atMs);
    this.history.note(atMs);
    const { firstOrdinal } = this.session;
    if (firstOrdinal !== null && record.ordinal !== null && record.ordinal < firstOrdinal) return this.events;
    if (type !== 'token_usage_record') this.emitCalls(this.calls.takePending());
    if (type === 'event_msg' && kind === 'thread_settings_applied') this.turns.takeSettings(payload.thread_settings);
    if (type === 'turn_context') this.turns.takeSettings(payload);
    const message = this.messages.in(record);
    const historic = message?.role === 'user' && this.history.addPrompt(this.session, message.text, atMs);
    if (message?.role === 'user' && this.turns.current?.foreign === null)
      this.turns.decide(this.turns.current, historic);
    this.turns.enter(record, atMs, historic);
    if (type === 'token_usage_record') this.addRecord(payload, atMs);
    else if (type === 'event_msg' && kind === 'token_count') this.addCount(record, atMs);
    if (!this.turns.isCopy(atMs)) this.addOwn(record, message, atMs);
    return this.events;
  }

  /** The remaining events if the file ends here, as of `nowMs`; unless `final`, it may still grow. */
  end(nowMs: number, final: boolean): ImportedEvent[] {
    this.events = [];
    this.emitCalls(this.calls.takePending());
    if (final && this.turns.current) this.emitCalls(this.calls.takeSteps(this.turns.current));
    for (const call of this.toolCalls.takeOpen()) this.emitToolCall(call);
    this.close(this.turns.current, false, nowMs);
    this.emitSession();
    return this.events;
  }

  /** Whether somebody or the agent did something in it. */
  get used(): boolean {
    return this.session.used;
  }

  private enterSession(record: RolloutRecord, atMs: number | null): void {
    const found = readSession(record.payload, atMs);
    if (!found) return this.options.onProblem('a session_meta without id');
    if (!this.named) {
      this.session = { ...found, lastAtMs: atMs ?? 0 };
      this.named = true;
      if (found.forked) this.counter.mark('forked');
    } else if (found.sessionId === this.session.sessionId) {
      if (!this.session.forked || this.session.used) this.counter.mark('resumed');
    } else if (found.sessionId !== this.session.parentId && (found.atMs ?? 0) > (this.session.atMs ?? Infinity)) {
      // the parent's history came first; the fork's own session begins here
      this.close(this.turns.current, true, 0);
      this.turns.current = null;
      this.emitSession();
      this.session = { ...found, forked: true, lastAtMs: atMs ?? 0 };
      this.counter.mark('forked');
    } else if (!this.session.used && !this.session.forked) {
      // its own beginning is followed by that of the session it was copied from
      this.session.forked = true;
      this.counter.mark('forked');
    }
  }

  private addOwn(record: RolloutRecord, message: Message | null, atMs: number): void {
    const { type, kind, payload } = record;
    this.session.lastAtMs = Math.max(this.session.lastAtMs, atMs);
    if (message) {
      this.session.used = true;
      if (!this.session.helper && this.wanted(this.turns.current, atMs)) {
        this.events.push(messageCreated(message, { sessionId: this.session.sessionId, atMs }, this.options));
      }
    }
    if (type === 'event_msg' && kind === 'thread_name_updated' && typeof payload.thread_name === 'string') {
      this.session.title = { text: textOf(payload.thread_name), count: (this.session.title?.count ?? 0) + 1 };
    }
    const id = idOf(payload.turn_id);
    const turn = (id === null ? null : this.turns.get(id)) ?? this.turns.current;
    if (!turn || turn.foreign !== false) return;
    const toolCall = this.toolCalls.add(record, turn, atMs);
    if (toolCall) this.emitToolCall(toolCall);
    if (isAgentRecord(record)) turn.addAgentRecord(atMs, message?.role === 'agent');
    else if (type !== 'event_msg') return;
    else if (kind === 'task_complete') turn.complete(payload, atMs);
    else if (kind === 'turn_aborted') turn.abort(atMs);
    else if (kind === 'error') turn.addError(payload, atMs);
    else return;
    if (kind === 'patch_apply_end') turn.patches.add(payload);
    this.start(turn);
    // a correction of a turn that was followed by another; that of the latest turn is emitted when its end is known
    if (turn !== this.turns.current) this.close(turn, true, 0);
  }

  private addCount({ payload }: RolloutRecord, atMs: number): void {
    if (!isObject(payload.info)) return;
    const total = readCounts(payload.info.total_token_usage);
    const last = readCounts(payload.info.last_token_usage);
    if (typeof total === 'string') return this.options.onProblem(`total_token_usage.${total}`);
    if (total === null) return;
    if (this.turns.isCopy(atMs)) return this.counter.skip(total);
    const known = typeof last === 'string' ? null : last;
    const answered = this.turns.current === null || this.turns.current.answered;
    const counts = this.counter.step(total, known, answered);
    if (!counts) return;
    const turn = (this.turns.current ??= this.beginStart(atMs));
    const callId = stepId(this.session.sessionId, turn, total, this.counter.restarts);
    this.start(turn);
    this.calls.addStep(this.callOf(callId, turn, counts, atMs));
  }

  /** A response's own record; that of a compaction stands nowhere else. */
  private addRecord(payload: RolloutRecord['payload'], atMs: number): void {
    const counts = readCounts(payload.usage);
    if (typeof counts === 'string') return this.options.onProblem(`usage.${counts}`);
    const id = idOf(payload.turn_id);
    const named = { type: '', kind: '', atMs: null, ordinal: null, payload };
    if (id !== null && !this.turns.get(id)) this.turns.begin(id, 'named', named, atMs);
    if (counts === null) return;
    const turn = (id === null ? null : this.turns.get(id)) ?? (this.turns.current ??= this.beginStart(atMs));
    if (turn.foreign !== false || this.turns.isCopy(atMs)) return;
    this.start(turn);
    const callId = idOf(payload.response_id) ?? `${turn.id}:${atMs}:${counts.input}:${counts.output}`;
    const call = this.calls.addRecord(this.callOf(callId, turn, within(counts), atMs));
    if (call) this.emitCalls([{ ...call, model: nameOf(payload.model) ?? call.model }]);
  }

  private callOf(callId: string, turn: Turn, counts: Call['counts'], atMs: number): Call {
    return { callId, sessionId: this.ownerId, turn, atMs, model: turn.model ?? this.turns.model, counts };
  }

  /** The session that calls belong to: a helper's are its parent's. */
  private get ownerId(): string {
    const { sessionId, helps } = this.session;
    return helps === null ? sessionId : this.options.owners.adopt(sessionId, helps);
  }

  private emitCalls(calls: Call[]): void {
    const helping = this.session.helps !== null;
    for (const call of calls) {
      const { turn, sessionId, atMs } = call;
      const wanted = helping ? this.options.since.keepsMoment(sessionId, atMs) : this.wanted(turn, atMs);
      if (wanted) this.events.push(callRecorded(call, !helping));
    }
  }

  /** The run of the calls before a file's first turn. */
  private beginStart(atMs: number): Turn {
    const { sessionId } = this.session;
    return new Turn(idOf(`${sessionId}:start`) ?? sessionId, sessionId, atMs, 'implicit', false);
  }

  start(turn: Turn): void {
    if (turn.started || turn.foreign !== false) return;
    turn.started = true;
    this.session.used = true;
    if (this.session.helps !== null) return;
    this.options.since.note(turn);
    if (this.wanted(turn, 0)) this.events.push(runStarted(turn, this.options));
  }

  leave(turn: Turn): void {
    this.close(turn, true, 0);
  }

  private close(turn: Turn | null, followed: boolean, nowMs: number): void {
    if (!turn?.started || turn.foreign !== false) return;
    if (followed) this.emitCalls(this.calls.takeSteps(turn));
    if (this.session.helps !== null || !this.wanted(turn, 0)) return;
    const verdict = turn.verdict(followed, this.latestAtMs, nowMs);
    if (verdict) this.events.push(runCompleted(turn, verdict, this.options));
  }

  private emitToolCall(call: ToolCall): void {
    if (!this.wanted(call.turn, 0)) return;
    const { folder, helps } = this.session;
    this.events.push(toolCallRecorded(call, { sessionId: this.ownerId, folder, inRun: helps === null }));
  }

  private emitSession(): void {
    const { used, lastAtMs } = this.session;
    if (!used || this.session.helps !== null || lastAtMs < (this.options.sinceMs ?? 0)) return;
    this.events.push(sessionCreated(this.session, this.firstAtMs ?? lastAtMs, this.options));
  }

  private wanted(turn: Turn | null, atMs: number): boolean {
    return (turn?.startedAtMs ?? atMs) >= (this.options.sinceMs ?? 0);
  }
}

import type { ImportedEvent } from '../events.js';
import type { EventOptions } from '../import-options.js';
import { isObject } from '../json-lines.js';
import { idOf, nameOf, textOf } from '../names.js';
import { Counter, readCounts } from './counter.js';
import type { Owners } from './owners.js';
import { isAgentRecord, messageOf, type RolloutRecord } from './record.js';
import { emptySession, readSession, type SessionState, uuidMs } from './session.js';
import { callRecorded, messageCreated, runCompleted, runStarted, sessionCreated } from './to-events.js';
import { Turn, type TurnOrigin } from './turn.js';

export interface RolloutOptions extends EventOptions {
  /** the session, if the file does not state one */
  sessionId: string;
  /** leaves out runs that started before, and what belongs to them */
  sinceMs?: number | undefined;
  owners: Owners;
  onProblem: (reason: string) => void;
}

/** A fork without turn ids copies its parent's history within this time after its own beginning. */
const COPIED_WITHIN_MS = 1000;
const TURNS_REMEMBERED = 16;

/** Turns the records of one rollout, in order, into events. Keeps the session and the latest turns. */
export class Rollout {
  private session: SessionState;
  private named = false;
  private turn: Turn | null = null;
  private readonly turns = new Map<string, Turn>();
  private readonly counter = new Counter();
  private model = 'unknown';
  private firstAtMs: number | null = null;
  private lastAtMs: number | null = null;
  private latestAtMs = 0;
  /** whether messages are recorded as events or, in newer versions, as items: if both are, one of them counts */
  private messageKind: string | null = null;
  private events: ImportedEvent[] = [];

  constructor(private readonly options: RolloutOptions) {
    this.session = emptySession(options.sessionId);
  }

  /** Takes the next record; returns the events that are complete with it. */
  add(record: RolloutRecord): ImportedEvent[] {
    this.events = [];
    // a record without a time has that of the one before it
    const atMs = record.atMs ?? this.lastAtMs;
    if (record.type === 'session_meta') this.enterSession(record, atMs);
    if (atMs === null) {
      if (record.kind === 'token_count' && isObject(record.payload.info)) {
        this.options.onProblem('a call without a readable timestamp');
      }
      return this.events;
    }
    this.lastAtMs = atMs;
    this.firstAtMs ??= atMs;
    this.latestAtMs = Math.max(this.latestAtMs, atMs);
    if (record.type === 'turn_context') this.model = nameOf(record.payload.model) ?? this.model;
    this.enterTurn(record, atMs);
    if (record.kind === 'token_count' && record.type === 'event_msg') this.addCount(record, atMs);
    if (!this.isCopy(atMs)) this.addOwn(record, atMs);
    return this.events;
  }

  /** The remaining events if the file ends here, as of `nowMs`. It may still grow. */
  end(nowMs: number): ImportedEvent[] {
    this.events = [];
    this.close(this.turn, false, nowMs);
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
      this.close(this.turn, true, 0);
      this.turn = null;
      this.emitSession();
      this.session = { ...found, forked: true, lastAtMs: atMs ?? 0 };
      this.counter.mark('forked');
    } else if (!this.session.used && !this.session.forked) {
      // its own beginning is followed by that of the session it was copied from
      this.session.forked = true;
      this.counter.mark('forked');
    }
  }

  private enterTurn({ type, kind, payload }: RolloutRecord, atMs: number): void {
    const task = type === 'event_msg' && kind === 'task_started';
    if (task || type === 'turn_context') {
      const id = idOf(payload.turn_id);
      if (id !== null) this.enterNamed(id, atMs);
      else if (task) this.begin(`${this.session.sessionId}:${atMs}`, 'task', atMs);
    } else if (type === 'event_msg' && kind === 'user_message' && !this.isCopy(atMs)) {
      if (!this.turn?.open || this.turn.foreign || (this.turn.origin === 'implicit' && this.turn.answered)) {
        this.begin(`${this.session.sessionId}:${atMs}`, 'implicit', atMs);
      }
    }
  }

  private enterNamed(id: string, atMs: number): void {
    const current = this.turn;
    if (current?.id === id) return;
    if (current?.open && current.origin !== 'named' && !current.started && !current.foreign) {
      // the record that began it had no id yet
      this.turn = null;
      this.begin(id, 'named', current.startedAtMs);
    } else if (this.turns.has(id)) this.turn = this.turns.get(id) ?? null;
    else this.begin(id, 'named', atMs);
  }

  private begin(id: string, origin: TurnOrigin, atMs: number): void {
    this.close(this.turn, true, 0);
    const { sessionId } = this.session;
    const turn = new Turn(idOf(id) ?? sessionId, sessionId, atMs, origin, this.isParents(id, origin, atMs));
    this.turn = turn;
    this.turns.set(turn.id, turn);
    const [oldest] = this.turns.keys();
    if (this.turns.size > TURNS_REMEMBERED && oldest !== undefined) this.turns.delete(oldest);
    if (origin === 'named') this.start(turn);
  }

  /** Whether a turn belongs to the session whose history this rollout begins with. */
  private isParents(id: string, origin: TurnOrigin, atMs: number): boolean {
    const { sessionId, forked } = this.session;
    if (this.isEarlier(atMs)) return true;
    if (origin !== 'named') return forked && atMs < this.copiedUntilMs;
    const bornMs = Math.min(uuidMs(sessionId) ?? Infinity, this.session.atMs ?? Infinity);
    if (forked && (uuidMs(id) ?? Infinity) < bornMs) return true;
    return !this.options.owners.claim(id, sessionId) && forked;
  }

  private isEarlier(atMs: number): boolean {
    return this.session.atMs !== null && atMs < this.session.atMs;
  }

  private get copiedUntilMs(): number {
    return Math.max(this.session.atMs ?? 0, this.firstAtMs ?? 0) + COPIED_WITHIN_MS;
  }

  /** Whether a record at this place is part of the parent's history. */
  private isCopy(atMs: number): boolean {
    if (this.isEarlier(atMs) || this.turn?.foreign === true) return true;
    return this.session.forked && this.turn === null && atMs < this.copiedUntilMs;
  }

  private addOwn(record: RolloutRecord, atMs: number): void {
    const { type, kind, payload } = record;
    this.session.lastAtMs = Math.max(this.session.lastAtMs, atMs);
    const message = messageOf(record);
    if (message && (this.messageKind ??= kind === 'item_completed' ? 'item' : 'event') === messageKindOf(kind)) {
      this.session.used = true;
      if (this.wanted(this.turn, atMs)) {
        this.events.push(messageCreated(message, { sessionId: this.session.sessionId, atMs }, this.options));
      }
    }
    if (type === 'event_msg' && kind === 'thread_name_updated' && typeof payload.thread_name === 'string') {
      this.session.title = { text: textOf(payload.thread_name), count: (this.session.title?.count ?? 0) + 1 };
    }
    const id = idOf(payload.turn_id);
    const turn = (id === null ? null : this.turns.get(id)) ?? this.turn;
    if (!turn || turn.foreign) return;
    if (isAgentRecord(record)) turn.addAgentRecord(atMs, message?.role === 'agent');
    else if (type !== 'event_msg') return;
    else if (kind === 'task_complete') turn.complete(payload, atMs);
    else if (kind === 'turn_aborted') turn.abort(atMs);
    else if (kind === 'error') turn.addError(payload, atMs);
    else return;
    if (kind === 'patch_apply_end') turn.patches.add(payload);
    this.start(turn);
    // a correction of a turn that was followed by another; that of the latest turn is emitted when its end is known
    if (turn !== this.turn) this.close(turn, true, 0);
  }

  private addCount({ payload }: RolloutRecord, atMs: number): void {
    if (!isObject(payload.info)) return;
    const total = readCounts(payload.info.total_token_usage);
    const last = readCounts(payload.info.last_token_usage);
    if (typeof total === 'string') return this.options.onProblem(`total_token_usage.${total}`);
    if (total === null) return;
    if (this.isCopy(atMs)) return this.counter.skip(total);
    const known = typeof last === 'string' ? null : last;
    const answered = this.turn === null || this.turn.answered;
    const counts = this.counter.step(total, known, answered);
    if (!counts) return;
    this.turn ??= this.beginStart(atMs);
    this.start(this.turn);
    if (!this.wanted(this.turn, atMs)) return;
    const { sessionId } = this.session;
    const { restarts } = this.counter;
    const call = { sessionId, turn: this.turn, atMs, model: this.model, counts, total, restarts };
    this.events.push(callRecorded(call));
  }

  /** The run of the calls before a file's first turn. */
  private beginStart(atMs: number): Turn {
    const { sessionId } = this.session;
    return new Turn(idOf(`${sessionId}:start`) ?? sessionId, sessionId, atMs, 'implicit', false);
  }

  private start(turn: Turn): void {
    if (turn.started || turn.foreign) return;
    turn.started = true;
    this.session.used = true;
    if (this.wanted(turn, 0)) this.events.push(runStarted(turn, this.options));
  }

  private close(turn: Turn | null, followed: boolean, nowMs: number): void {
    if (!turn?.started || turn.foreign || !this.wanted(turn, 0)) return;
    const verdict = turn.verdict(followed, this.latestAtMs, nowMs);
    if (verdict) this.events.push(runCompleted(turn, verdict, this.options));
  }

  private emitSession(): void {
    const { used, lastAtMs } = this.session;
    if (!used || lastAtMs < (this.options.sinceMs ?? 0)) return;
    this.events.push(sessionCreated(this.session, this.firstAtMs ?? lastAtMs, this.options));
  }

  private wanted(turn: Turn | null, atMs: number): boolean {
    return (turn?.startedAtMs ?? atMs) >= (this.options.sinceMs ?? 0);
  }
}

function messageKindOf(kind: string): string {
  return kind === 'item_completed' ? 'item' : 'event';
}

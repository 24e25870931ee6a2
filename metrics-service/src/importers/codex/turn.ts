import type { JsonObject } from '../json-lines.js';
import { Patches } from './patches.js';
import { readTurnError, type TurnError } from './turn-error.js';

const MESSAGE_DONE_MS = 5 * 60_000;
const ROLLOUT_OVER_MS = 24 * 3_600_000;

export interface Verdict {
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  completedAtMs: number;
  error?: TurnError;
  /** the rollout ends in the middle of the turn */
  cutOff?: true;
  /** how much of the rollout the verdict is based on; grows with the file */
  seq: number;
}

/** How a turn's beginning is known: by its id, by a `task_started` without one, or by a prompt or call alone. */
export type TurnOrigin = 'named' | 'task' | 'implicit';

/** A turn, as far as the rollout has been read. Its size does not depend on the length. */
export class Turn {
  /** its `run.started` was emitted */
  started = false;
  /** the agent did something in it */
  answered = false;
  readonly patches = new Patches();
  model: string | null = null;
  tier: string | undefined;
  private records = 0;
  private lastAgentAtMs: number | null = null;
  private latestAtMs = 0;
  private saidLast = false;
  private error: TurnError | null = null;
  private ending: 'complete' | 'aborted' | null = null;

  constructor(
    /** the run's */
    readonly id: string,
    readonly sessionId: string,
    readonly startedAtMs: number,
    public origin: TurnOrigin,
    /** of the parent, whose history the rollout begins with; null: its prompt will show */
    public foreign: boolean | null,
  ) {}

  get open(): boolean {
    return this.ending === null;
  }

  /** The `time` of its `run.completed`: that of the newest agent record, so that a later import of a longer file wins. */
  get knownAtMs(): number {
    return Math.max(this.latestAtMs, this.startedAtMs);
  }

  addAgentRecord(atMs: number, isMessage: boolean): void {
    this.answered = true;
    // records after the end (a command's last output) do not change its time
    if (!this.open) return;
    this.take(atMs);
    this.error = null;
    this.saidLast = isMessage;
  }

  addError(payload: JsonObject, atMs: number): void {
    const error = readTurnError(payload);
    if (!error) return;
    this.take(atMs);
    this.error = error;
  }

  complete(payload: JsonObject, atMs: number): void {
    this.take(atMs);
    this.ending = 'complete';
    const { error, last_agent_message: lastMessage } = payload;
    if (typeof error === 'object' && error !== null) this.error = readTurnError(error as JsonObject) ?? this.error;
    // the tool also completes a task that ended with an error, but then there is no answer
    else if (typeof lastMessage === 'string' && lastMessage !== '') this.error = null;
  }

  abort(atMs: number): void {
    this.take(atMs);
    this.ending = 'aborted';
  }

  /** The outcome; null: in flight. `followed`: another turn has started. */
  verdict(followed: boolean, lastRecordAtMs: number, nowMs: number): Verdict | null {
    const completedAtMs = this.lastAgentAtMs ?? this.startedAtMs;
    const known = { completedAtMs, seq: 2 * this.records };
    if (this.ending === 'aborted') return { status: 'CANCELED', ...known };
    if (this.error) return { status: 'FAILED', error: this.error, ...known };
    if (this.ending === 'complete') return { status: 'SUCCEEDED', ...known };
    // the oldest versions wrote no end: there the answer ends the turn
    const done = followed || nowMs - completedAtMs > MESSAGE_DONE_MS;
    if (this.origin === 'implicit' && this.saidLast && done) return { status: 'SUCCEEDED', ...known };
    if (followed) return { status: 'CANCELED', ...known, seq: known.seq + 1 };
    if (nowMs - lastRecordAtMs > ROLLOUT_OVER_MS) return { status: 'CANCELED', cutOff: true, ...known };
    return null;
  }

  private take(atMs: number): void {
    this.records += 1;
    this.lastAgentAtMs = atMs;
    this.latestAtMs = Math.max(this.latestAtMs, atMs);
  }
}

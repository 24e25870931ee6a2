import { keyOf } from '../key-of.js';
import type { Counts } from './counter.js';
import type { Call } from './to-events.js';
import type { Turn } from './turn.js';

/**
 * The calls of a rollout: those that it records one by one, else the steps of its count. A response told in both forms
 * counts once: a turn with records has no steps.
 */
export class Calls {
  private readonly seen = new Set<number>();
  /** a step whose record may be the next line */
  private pending: Call | null = null;
  /** steps of the turns without records, in a rollout that has records */
  private readonly steps = new Map<Turn, Call[]>();
  private readonly recorded = new WeakSet<Turn>();
  private hasRecords = false;

  /** Takes a record of a response; null: it was told before. */
  addRecord(call: Call): Call | null {
    const { pending } = this;
    this.pending = null;
    this.hasRecords = true;
    this.recorded.add(call.turn);
    this.steps.delete(call.turn);
    if (pending && pending.turn !== call.turn) this.steps.set(pending.turn, [pending]);
    const key = keyOf(call.callId);
    if (this.seen.has(key)) return null;
    this.seen.add(key);
    return call;
  }

  /** Takes a step of the count. */
  addStep(call: Call): void {
    if (this.recorded.has(call.turn)) return;
    if (!this.hasRecords) this.pending = call;
    else this.steps.set(call.turn, [...(this.steps.get(call.turn) ?? []), call]);
  }

  /** The step that is a call for certain, when a line follows that is no record. */
  takePending(): Call[] {
    const { pending } = this;
    this.pending = null;
    return pending ? [pending] : [];
  }

  /** The steps of a turn that is over, and had no records: an older version went on with the rollout. */
  takeSteps(turn: Turn): Call[] {
    const steps = this.steps.get(turn) ?? [];
    this.steps.delete(turn);
    return steps;
  }
}

/** What tells a step from others of its session, and is the same in a fork's copy of the turn. */
export function stepId(sessionId: string, turn: Turn, total: Counts, restarts: number): string {
  return `${turn.origin === 'named' ? turn.id : sessionId}:${restarts}:${total.input}:${total.output}`;
}

import { isObject } from '../json-lines.js';
import { idOf, nameOf } from '../names.js';
import type { TranscriptRecord } from './record.js';
import type { Run } from './run.js';
import type { Standing } from './standing.js';
import { type OtherRequest, readBilled } from './iterations.js';
import { type CallTerms, type CallUsage, hasCounts, readCostUsd } from './usage.js';

/** One request to a model: the lines that share `message.id`. The last one holds the true usage. */
export interface Call {
  callId: string;
  /** the id of the call in telemetry */
  requestId: string | null;
  sessionId: string;
  run: Run | null;
  /** what telemetry and hooks call its prompt */
  key: string | null;
  atMs: number;
  model: string;
  usage: CallUsage | null;
  terms: CallTerms | null;
  costUsd: number | string | null;
  lines: number;
  /** how many of them the events made so far contain */
  emittedLines: number;
  /** the time of the newest line */
  knownAtMs: number;
  standing: Standing;
  /** what was asked of other models for it, by its place; null: nothing */
  others: Map<number, OtherRequest> | null;
}

/** Where a record stands. */
export type Place = Pick<Call, 'sessionId' | 'run' | 'key' | 'atMs' | 'standing'>;

const CALLS_HELD = 2000;

/** Whether a record is a line of a call. */
export function isCall(record: TranscriptRecord): boolean {
  const { message } = record;
  return record.kind === 'assistant' && isObject(message.usage) && message.model !== '<synthetic>';
}

/** Groups lines into calls. Keeps the latest calls only: the lines of one call are close together. */
export class Calls {
  private readonly held = new Map<string, Call>();
  /** the id of the one that a line was added to last */
  private last: string | null = null;
  /** there has been one */
  any = false;

  constructor(private readonly onProblem: (reason: string) => void) {}

  /** Adds a line; returns the calls that are complete and no longer kept. */
  add(record: TranscriptRecord, place: Place): Call[] {
    const { message, raw } = record;
    const callId = idOf(message.id) ?? idOf(raw.requestId) ?? record.uuid;
    if (callId === null) {
      this.onProblem('a call without message.id');
      return [];
    }
    const model = nameOf(message.model) ?? 'unknown';
    const known = this.held.get(callId);
    const call = known ?? {
      ...place,
      callId,
      requestId: idOf(raw.requestId),
      model,
      usage: null,
      terms: null,
      costUsd: null,
      lines: 0,
      emittedLines: 0,
      others: null,
      knownAtMs: place.atMs,
    };
    call.lines += 1;
    call.knownAtMs = Math.max(call.knownAtMs, place.atMs);
    const billed = readBilled(isObject(message.usage) ? message.usage : {}, model);
    if (typeof billed.usage === 'string') this.onProblem(billed.usage);
    else if (hasCounts(billed.usage) || !(call.usage && hasCounts(call.usage))) {
      call.usage = billed.usage;
      call.terms = billed.terms;
      call.model = billed.model;
    }
    for (const other of billed.others) (call.others ??= new Map()).set(other.place, other);
    call.costUsd = readCostUsd(raw.costUSD) ?? call.costUsd;
    this.any = true;
    if (this.last !== callId) {
      this.held.delete(callId);
      this.held.set(callId, call);
      this.last = callId;
    }
    return this.held.size > CALLS_HELD ? this.take(1) : [];
  }

  /** The calls with lines that no event contains yet; from now on they count as emitted. */
  takeGrown(): Call[] {
    const grown = [...this.held.values()].filter(({ lines, emittedLines }) => lines > emittedLines);
    for (const call of grown) call.emittedLines = call.lines;
    return grown;
  }

  takeAll(): Call[] {
    return this.take(this.held.size);
  }

  private take(count: number): Call[] {
    const taken: Call[] = [];
    for (const call of this.held.values()) {
      if (taken.length === count) break;
      taken.push(call);
    }
    for (const { callId } of taken) this.held.delete(callId);
    if (this.held.size === 0) this.last = null;
    return taken;
  }
}

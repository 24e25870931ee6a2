import { isObject } from '../json-lines.js';
import { idOf, nameOf } from '../names.js';
import type { TranscriptRecord } from './record.js';
import type { Run } from './run.js';
import { type CallTerms, type CallUsage, readCostUsd, readTerms, readUsage } from './usage.js';

/** One request to a model: the lines that share `message.id`. The last one holds the true usage. */
export interface Call {
  callId: string;
  /** by which telemetry knows the call */
  requestId: string | null;
  sessionId: string;
  run: Run | null;
  atMs: number;
  model: string;
  usage: CallUsage | null;
  terms: CallTerms | null;
  costUsd: number | string | null;
  lines: number;
  /** how many of them the events made so far contain */
  emittedLines: number;
  /** of the newest line */
  knownAtMs: number;
  /** the record is a copy of another session's */
  foreign: boolean;
}

const CALLS_HELD = 2000;

/** Whether a record is a line of a call. */
export function isCall(record: TranscriptRecord): boolean {
  const { message } = record;
  return record.kind === 'assistant' && isObject(message.usage) && message.model !== '<synthetic>';
}

/** Groups lines to calls. Holds the latest calls only: lines of one call stand close together. */
export class Calls {
  private readonly held = new Map<string, Call>();
  /** there has been one */
  any = false;

  constructor(private readonly onProblem: (reason: string) => void) {}

  /** Adds a line; returns the calls that are held no longer. */
  add(record: TranscriptRecord, place: Pick<Call, 'sessionId' | 'run' | 'atMs' | 'foreign'>): Call[] {
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
      knownAtMs: place.atMs,
    };
    call.lines += 1;
    call.knownAtMs = Math.max(call.knownAtMs, place.atMs);
    const said = isObject(message.usage) ? message.usage : {};
    const usage = readUsage(said);
    if (typeof usage === 'string') this.onProblem(usage);
    else {
      call.usage = usage;
      call.terms = readTerms(said);
      call.model = model;
    }
    call.costUsd = readCostUsd(raw.costUSD) ?? call.costUsd;
    this.any = true;
    this.held.delete(callId);
    this.held.set(callId, call);
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
    const taken = [...this.held.values()].slice(0, count);
    for (const { callId } of taken) this.held.delete(callId);
    return taken;
  }
}

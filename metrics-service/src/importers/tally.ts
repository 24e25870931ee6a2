import type { ImportedEvent } from './events.js';
import { keyOf } from './key-of.js';

export interface ModelTotals {
  model: string;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

interface CallRow {
  model: number;
  input: number;
  output: number;
  timeMs: number;
  /** orders ids with the same time: their counter, then the beginning of their hash */
  counter: number;
  hash: number;
}

/** Counts what an import found: each session, run and call once, even if several files have it. A few bytes per call. */
export class Tally {
  private readonly sessions = new Set<number>();
  private readonly runs = new Set<number>();
  private readonly calls = new Map<number, CallRow>();
  private readonly models: string[] = [];
  events = 0;
  /** when the first and the last run started, in epoch ms; null if there is none */
  span: { firstMs: number; lastMs: number } | null = null;

  add(events: readonly ImportedEvent[]): void {
    for (const event of events) {
      const { type, data } = event;
      this.events += 1;
      if (typeof data.sessionId === 'string') this.sessions.add(keyOf(data.sessionId));
      if (type === 'run.started') this.addRun(data);
      if (type === 'llm_call.recorded') this.addCall(event);
    }
  }

  /** The sums; models are ordered by output tokens. */
  totals(): { events: number; sessions: number; runs: number; calls: number; models: ModelTotals[] } {
    const models = this.models.map((model) => ({ model, calls: 0, inputTokens: 0, outputTokens: 0 }));
    for (const { model, input, output } of this.calls.values()) {
      const row = models[model];
      if (!row) continue;
      row.calls += 1;
      row.inputTokens += input;
      row.outputTokens += output;
    }
    models.sort((a, b) => b.outputTokens - a.outputTokens || (a.model < b.model ? -1 : 1));
    const counts = { sessions: this.sessions.size, runs: this.runs.size, calls: this.calls.size };
    return { events: this.events, ...counts, models: models.filter(({ calls }) => calls > 0) };
  }

  private addRun({ runId, startedAt }: ImportedEvent['data']): void {
    this.runs.add(keyOf(String(runId)));
    const ms = Date.parse(String(startedAt));
    const { firstMs, lastMs } = this.span ?? { firstMs: ms, lastMs: ms };
    this.span = { firstMs: Math.min(firstMs, ms), lastMs: Math.max(lastMs, ms) };
  }

  /** Of several events about a call the one with the greatest (time, id) wins, as in the service. */
  private addCall({ time, id, data }: ImportedEvent): void {
    const key = keyOf(String(data.callId));
    const known = this.calls.get(key);
    const [, counter = '', hash = ''] = id.split(':');
    const row = { timeMs: Date.parse(time), counter: Number(counter), hash: parseInt(hash.slice(0, 7), 16) };
    if (known && !isGreater(row, known)) return;
    const usage = data.usage as { inputTokens: number; outputTokens: number };
    this.calls.set(key, {
      model: this.modelIndex(String(data.model)),
      input: usage.inputTokens,
      output: usage.outputTokens,
      ...row,
    });
  }

  private modelIndex(model: string): number {
    const index = this.models.indexOf(model);
    return index >= 0 ? index : this.models.push(model) - 1;
  }
}

type Order = Pick<CallRow, 'timeMs' | 'counter' | 'hash'>;
function isGreater(a: Order, b: Order): boolean {
  return (a.timeMs - b.timeMs || a.counter - b.counter || a.hash - b.hash) > 0;
}

import type { ImportedEvent } from '../../src/importers/events.js';

/** A slow, plain merge of events as design section 4 says, written apart from the service's. */
export interface Folded {
  sessions: Map<string, Record<string, unknown>>;
  runs: Map<string, Record<string, unknown>>;
  calls: Map<string, Record<string, unknown>>;
  toolCalls: Map<string, Record<string, unknown>>;
  messages: Map<string, Record<string, unknown>>;
  users: Map<string, Record<string, unknown>>;
}

const OUTCOME = [
  'status',
  'completedAt',
  'failureCategory',
  'errorSummary',
  'usage',
  'costUsd',
  'phases',
  'artifacts',
  'awaitMs',
];

export function fold(events: Iterable<ImportedEvent>): Folded {
  const once = new Map([...events].map((event) => [`${event.source}\n${event.id}`, event]));
  const order = [...once.values()].sort(
    (a, b) => compare(a.time, b.time) || compare(a.id, b.id) || compare(a.source, b.source),
  );
  const folded: Folded = {
    sessions: new Map(),
    runs: new Map(),
    calls: new Map(),
    toolCalls: new Map(),
    messages: new Map(),
    users: new Map(),
  };
  for (const { type, data } of order) {
    const [table, id] = placeOf(folded, type, data);
    const row = table.get(id) ?? {};
    if (type === 'run.completed') for (const field of OUTCOME) delete row[field];
    for (const [field, value] of Object.entries(data)) if (value !== undefined && value !== null) row[field] = value;
    table.set(id, row);
  }
  return folded;
}

function placeOf(
  folded: Folded,
  type: string,
  data: Record<string, unknown>,
): [Map<string, Record<string, unknown>>, string] {
  if (type.startsWith('run.')) return [folded.runs, String(data.runId)];
  if (type === 'session.created') return [folded.sessions, String(data.sessionId)];
  if (type === 'llm_call.recorded') return [folded.calls, String(data.callId)];
  if (type === 'tool_call.recorded') return [folded.toolCalls, String(data.toolCallId)];
  if (type === 'message.created') return [folded.messages, String(data.messageId)];
  if (type === 'user.upserted') return [folded.users, String(data.userId)];
  throw new Error(`an importer makes no ${type}`);
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** [calls, input without cached, output, cache writes, cache reads] by model, as data/README.md writes them. */
export function totalsOf(folded: Folded): Record<string, number[]> {
  const totals: Record<string, number[]> = {};
  for (const { model, usage } of folded.calls.values()) {
    const counts = usage as Record<string, number>;
    const [input, output] = [counts.inputTokens ?? 0, counts.outputTokens ?? 0];
    const [write, read] = [counts.cacheWriteTokens ?? 0, counts.cacheReadTokens ?? 0];
    const name = String(model)
      .replace(/^claude-/, '')
      .replace(/-\d{8}$/, '');
    const before = totals[name] ?? [0, 0, 0, 0, 0];
    totals[name] = [1, input - write - read, output, write, read].map((value, index) => value + (before[index] ?? 0));
  }
  return totals;
}

/** `id start-end STATUS [category]` of each run, in order of their start. */
export function runsOf(folded: Folded): string[] {
  return [...folded.runs.values()]
    .sort((a, b) => compare(String(a.startedAt), String(b.startedAt)) || compare(String(a.runId), String(b.runId)))
    .map(({ runId, startedAt, completedAt, status, failureCategory }) => {
      const end = typeof completedAt === 'string' ? completedAt.slice(11, 19) : 'open';
      const outcome = [status ?? 'IN_FLIGHT', failureCategory].filter((word) => typeof word === 'string').join(' ');
      return `${String(runId).slice(0, 8)} ${String(startedAt).slice(11, 19)}-${end} ${outcome}`;
    });
}

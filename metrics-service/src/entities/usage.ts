import type { EventData } from '../contract/events.js';
import type { Json } from '../contract/json.js';

/** What is spent is measured over so long. */
export const SPENDING_MS = 10 * 60_000;
/** So much is kept of it: the clock of whoever asks may be behind. */
export const KEPT_MS = SPENDING_MS + 60_000;

/** What was told of a run's usage, and when: by one event, or in all (ingest/usage-told.ts). */
export interface UsageTold<Stamp> {
  readonly until: number;
  /** without a stamp: the event's own */
  readonly told: readonly { readonly at: number; readonly usage: Json; readonly stamp?: Stamp }[];
  readonly isCut?: true;
}

/** A run's reported usage as stored; a list without models reports nothing. */
export function runUsage({ usage }: Pick<EventData<'run.completed'>, 'usage'>): Json {
  if (!usage || usage.length === 0) return null;
  return usage.map((part) => ({
    model: part.model,
    inputTokens: part.inputTokens,
    outputTokens: part.outputTokens,
    cacheReadTokens: part.cacheReadTokens ?? 0,
    cacheWriteTokens: part.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: part.cacheWrite1hTokens ?? 0,
  }));
}

/** The same with its moment. */
export function usageTold(said: EventData<'run.progressed'>): Json {
  const usage = runUsage(said);
  return usage === null ? null : { until: said.at, told: [{ at: said.at, usage }] };
}

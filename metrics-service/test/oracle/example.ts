import { merge } from './merge.js';
import { metricValue } from './metrics.js';
import { priceOf } from './prices.js';
import { toNumber } from './fraction.js';
import type { Scope } from './rows.js';
import type { SentEvent, World } from './types.js';

/** Helpers for the hand-worked examples of the oracle's own tests. */

let nextId = 0;

/** An event with an id of its own; `meta` may say its time, id and source. */
export function event(type: string, data: Record<string, unknown>, meta: Partial<SentEvent> = {}): SentEvent {
  return { specversion: '1.0', source: 'a', id: `e${nextId++}`, type, data, ...meta };
}

/** A run started (in UTC) and completed so many ms later. */
export function run(
  runId: string,
  startedAt: string,
  data: Record<string, unknown> & { lasts?: number } = {},
): SentEvent[] {
  const { lasts = 1000, sessionId = 's1', userId, model, ...outcome } = data;
  const completedAt = new Date(Date.parse(startedAt) + lasts).toISOString();
  return [
    event('run.started', { runId, sessionId, userId, model, startedAt }),
    event('run.completed', { runId, completedAt, status: 'SUCCEEDED', ...outcome }),
  ];
}

export function world(...events: (SentEvent | SentEvent[])[]): World {
  return merge(events.flat(), priceOf);
}

export const DAY_MS = 86_400_000;

/** The metric over 2026-01-01T00:00Z to 2026-01-11T00:00Z unless the scope says otherwise. */
export function value(id: string, of: World, scope: Partial<Scope> = {}): number | null {
  const exact = metricValue(id, {
    world: of,
    window: { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-01-11T00:00:00Z') },
    timezone: 'UTC',
    filters: {},
    group: [],
    postHandoffMs: DAY_MS,
    now: Date.parse('2026-01-12T00:00:00Z'),
    ...scope,
  });
  return exact === null ? null : toNumber(exact);
}

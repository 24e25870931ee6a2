import { EVENT_TYPES, type EventType } from '../contract/events.js';
import type { Fault } from './parse.js';
import type { Outcome, Sent } from './record.js';

/** How many events of a type had an outcome, for the service's own metrics. */
export interface OutcomeCount {
  type: EventType | 'unknown';
  outcome: 'accepted' | 'duplicate' | Fault['code'];
  count: number;
}

/** Counts the outcomes of a request by type; a type that is not in the contract counts as `unknown`. */
export function countOutcomes(sent: readonly Sent[], outcomes: readonly Outcome[]): OutcomeCount[] {
  const counts = new Map<string, OutcomeCount>();
  outcomes.forEach((given, index) => {
    const type = typeOf(sent[index]!);
    const outcome = typeof given === 'string' ? given : given.code;
    const key = `${type} ${outcome}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { type, outcome, count: 1 });
  });
  return [...counts.values()];
}

function typeOf({ item, parsed }: Sent): EventType | 'unknown' {
  const type = parsed.event?.type ?? (item && typeof item === 'object' && 'type' in item ? item.type : null);
  return EVENT_TYPES.find((known) => known === type) ?? 'unknown';
}

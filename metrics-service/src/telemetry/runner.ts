import { EARLIEST_TIME_MS } from '../contract/values.js';
import { idOf } from '../importers/names.js';
import { eventOf, idOfParts } from './events.js';
import type { Mapped } from './records.js';
import { isoOf } from '../iso.js';
import { momentOfText } from './times.js';
import { textOf, type Attributes } from './values.js';

export const RUNNER_SOURCE = 'hook:runner';

/** How a runner's session ended, as the outcome of its open run. */
const OUTCOMES: Readonly<Record<string, { status: string; failureCategory?: string }>> = {
  completed: { status: 'SUCCEEDED' },
  failed: { status: 'FAILED', failureCategory: 'infrastructure' },
  interrupted: { status: 'CANCELED' },
  abandoned: { status: 'CANCELED' },
};

/** Maps what a runner's `post-session` script says: `{sessionId, exitReason, correlationId, endedAt}`. Pure. */
export function mapRunner(input: Attributes, receivedMs: number): Mapped {
  const exitReason = textOf(input.exitReason) ?? '';
  const name = 'post-session';
  const sessionId = idOf(textOf(input.sessionId));
  if (sessionId === null) return { name, outcome: 'unusable', note: 'has no sessionId', events: [] };
  const outcome = Object.hasOwn(OUTCOMES, exitReason) ? OUTCOMES[exitReason] : undefined;
  if (!outcome) return { name, outcome: 'unusable', note: 'has no exitReason that is known', events: [] };
  const atMs = momentOfText(textOf(input.endedAt))?.ms ?? receivedMs;
  const at = isoOf(atMs);
  const source = RUNNER_SOURCE;
  const ended = eventOf({ source, id: idOfParts(sessionId, exitReason, at), timeMs: atMs }, 'session.ended', {
    ...{ sessionId, at },
    ...outcome,
  });
  const workItemId = idOf(textOf(input.correlationId));
  if (workItemId === null) return { name, outcome: 'mapped', events: [ended] };
  // whatever else says what the session is for, wins
  const linked = { source, id: idOfParts(sessionId, workItemId, at), timeMs: EARLIEST_TIME_MS };
  return { name, outcome: 'mapped', events: [ended, eventOf(linked, 'session.seen', { sessionId, at, workItemId })] };
}

import { MINUTE_MS, type Calendar } from './calendar.js';
import type { Draw } from './draw.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { demoEvent, iso } from './event.js';
import { MODELS, type UsageSum } from './models.js';
import { PEOPLE } from './people.js';
import { startedEvent } from './run.js';
import { createdEvent, messageEvent } from './session.js';

export const RUNAWAY_RUNS = 60;
export const RUNS_IN_FLIGHT = 9;
/** Which of them. */
const SILENT = 1;
export const RUNAWAY_SESSION = 'demo-session-runaway';

/**
 * Somebody left an agent alone on Friday evening: it tried again every quarter of an hour until Saturday morning, and
 * used as much as everybody else in the week (`week`).
 */
export function* runawaySession(draw: Draw, week: UsageSum, { runaway }: Calendar): Generator<CloudEvent> {
  const person = PEOPLE.find(({ team }) => team === 'griffin')!;
  const facts = { sessionId: RUNAWAY_SESSION, person, startMs: runaway.startMs };
  const usage = week.part(RUNAWAY_RUNS);
  yield createdEvent(draw, facts, 'claude-code');
  yield messageEvent(`${RUNAWAY_SESSION}-asked`, facts, 'user', facts.startMs);
  for (let count = 0; count < RUNAWAY_RUNS; count += 1) {
    const runId = `${RUNAWAY_SESSION}-run-${count + 1}`;
    const startMs = facts.startMs + count * 15 * MINUTE_MS + 2_000;
    const endMs = startMs + Math.round(draw.between(11, 14.5) * MINUTE_MS);
    const isLast = count === RUNAWAY_RUNS - 1;
    yield startedEvent(draw, { runId, sessionId: RUNAWAY_SESSION, startMs }, MODELS.large);
    yield demoEvent('run.completed', runId, endMs, {
      runId,
      completedAt: iso(endMs),
      usage,
      ...(isLast
        ? { status: 'CANCELED' }
        : { status: 'FAILED', failureCategory: 'test_failure', errorSummary: 'the same 2 tests fail; trying again' }),
    });
  }
}

/**
 * Runs that started within the last half hour and have not ended: one is silent, and soon stuck; the others have asked somebody
 * something and wait, however long that takes.
 */
export function* runsInFlight(draw: Draw, { nowMs }: Calendar): Generator<CloudEvent> {
  for (let count = 1; count <= RUNS_IN_FLIGHT; count += 1) {
    const sessionId = `demo-session-in-flight-${count}`;
    const person = PEOPLE[(count * 7) % PEOPLE.length]!;
    const startMs = nowMs - Math.round(draw.between(0.5, 25) * MINUTE_MS);
    const facts = { sessionId, person, startMs };
    const runId = `${sessionId}-run-1`;
    const runtime = count % 3 === 0 ? 'codex' : 'claude-code';
    const model = runtime === 'codex' ? MODELS.other : MODELS.large;
    yield createdEvent(draw, facts, runtime);
    yield messageEvent(`${runId}-asked`, facts, 'user', startMs);
    yield startedEvent(draw, { runId, sessionId, startMs: startMs + 1_000 }, model);
    if (count === SILENT) continue;
    const at = iso(startMs + 20_000);
    const waits = { runId, at, phase: 'waiting', activity: 'waits for an answer' };
    yield demoEvent('run.progressed', `${runId}-waits`, startMs + 20_000, waits);
  }
}

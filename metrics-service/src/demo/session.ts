import { HANDOFF_METHODS } from '../contract/events.js';
import { HOUR_MS, MINUTE_MS, type Calendar } from './calendar.js';
import type { Draw } from './draw.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { demoEvent, iso } from './event.js';
import { chooseModel, type ModelUsage, type Runtime } from './models.js';
import { HANDOFF_TEAM, repositoriesOf, type Person } from './people.js';
import { ordinaryRun } from './run.js';
import { toolCallEvents } from './tools.js';
import type { Work } from './work.js';

const VERBS = ['Add', 'Fix', 'Tidy up', 'Test', 'Speed up', 'Explain'];
const THINGS = ['the cart', 'the sign-in page', 'rounding of totals', 'the search index', 'the nightly job', 'retries'];

export interface SessionFacts {
  readonly sessionId: string;
  readonly person: Person;
  readonly startMs: number;
  readonly work?: Work | null;
}

/** The start of a session: by whom, in which repository, with which agent. */
export function createdEvent(
  draw: Draw,
  { sessionId, person, startMs, work }: SessionFacts,
  runtime: Runtime,
): CloudEvent {
  const repo = draw.one(repositoriesOf(person.team));
  return demoEvent('session.created', sessionId, startMs, {
    sessionId,
    createdByUserId: person.id,
    createdAt: iso(startMs),
    repo,
    workspace: person.team,
    runtime,
    title: `${draw.one(VERBS)} ${draw.one(THINGS)}`,
    ...(work ? { workItemId: work.workItemId, stage: work.stage } : {}),
  });
}

export function messageEvent(
  messageId: string,
  { sessionId, person }: SessionFacts,
  role: 'user' | 'agent',
  atMs: number,
): CloudEvent {
  const author = role === 'user' ? { userId: person.id } : {};
  return demoEvent('message.created', messageId, atMs, { messageId, sessionId, role, sentAt: iso(atMs), ...author });
}

export interface Session {
  readonly events: readonly CloudEvent[];
  /** what its runs used, and when they began */
  /** when its last run ended */
  readonly endMs: number;
  readonly used: readonly { readonly startMs: number; readonly usage: ModelUsage }[];
}

/**
 * An ordinary session: a message and a run, several times, and sometimes a handoff, after which some
 * continue. Runs that would end after now are left out.
 */
export function ordinarySession(
  draw: Draw,
  facts: SessionFacts & { runs: number; day: number },
  { nowMs, outage }: Calendar,
): Session {
  const { sessionId, person, startMs, runs, day, work } = facts;
  const runtime: Runtime = draw.chance(0.68) ? 'claude-code' : 'codex';
  const events = [createdEvent(draw, facts, runtime)];
  const used: { startMs: number; usage: ModelUsage }[] = [];
  const handoffAfter = draw.chance(person.team === HANDOFF_TEAM ? 0.62 : 0.07)
    ? draw.chance(0.4)
      ? Math.max(1, runs - 1)
      : runs
    : 0;
  let [atMs, endMs] = [startMs, startMs];
  for (let count = 1; count <= runs; count += 1) {
    const runId = `${sessionId}-run-${count}`;
    const askedMs = Math.round(atMs);
    const begunMs = askedMs + draw.whole(800, 5_000);
    const model = chooseModel(draw, { team: person.team, runtime, day });
    const run = ordinaryRun(draw, { runId, sessionId, model, startMs: begunMs, outage, work });
    if (run.endMs > nowMs) break;
    events.push(messageEvent(`${runId}-asked`, facts, 'user', askedMs));
    const { endMs: runEndMs, awaitMs } = run;
    const called = toolCallEvents({ runId, sessionId, startMs: begunMs, endMs: runEndMs, awaitMs }, nowMs);
    for (const event of [...run.events, ...called]) events.push(event);
    events.push(messageEvent(`${runId}-answered`, facts, 'agent', run.endMs));
    used.push({ startMs: begunMs, usage: run.usage });
    endMs = run.endMs;
    atMs = run.endMs + draw.skewed(4 * MINUTE_MS, 0.9);
    if (count === handoffAfter && atMs <= nowMs) {
      events.push(handoffEvent(draw, facts, Math.round(atMs)));
      atMs += draw.between(0.5 * HOUR_MS, 2 * HOUR_MS);
    }
  }
  return { events, used, endMs };
}

function handoffEvent(draw: Draw, { sessionId, person }: SessionFacts, atMs: number): CloudEvent {
  const handoffId = `${sessionId}-handoff`;
  const method = draw.one(HANDOFF_METHODS);
  const data = { handoffId, sessionId, userId: person.id, occurredAt: iso(atMs), method };
  return demoEvent('handoff.created', handoffId, atMs, data);
}

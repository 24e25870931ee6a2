import type { CloudEvent } from '../contract/cloud-event.js';
import { idOf, nameOf } from '../importers/names.js';
import { eventOf, idOfParts } from './events.js';
import type { Told } from './records.js';
import { dayOf } from './times.js';

/** What a record tells of its session and its user in passing. */
export interface Seen {
  readonly sessionId: string;
  readonly atMs: number;
  readonly source: string;
  readonly runtime: string | null;
  readonly repo?: string | null;
  readonly workspace?: string | null;
  readonly workItemId?: string | null;
  readonly team?: string | null;
  /** the ids of its user that it names, the one that counts first */
  readonly userIds: readonly string[];
}

/**
 * The events that say so: one for each session, set of values and day. Their id and content are made of these alone, so
 * that the thousand records of a session make one event and copies of it.
 */
export function seenEvents(seen: Seen, known?: Map<string, Told[]>): readonly CloudEvent[] {
  if (!known) return makeEvents(seen);
  const { sessionId, source, userIds, atMs, runtime, repo, workspace, workItemId, team } = seen;
  const values = [Math.floor(atMs / DAY_MS), source, runtime, repo, workspace, workItemId, team, ...userIds];
  const ofSession = known.get(sessionId) ?? [];
  if (ofSession.length === 0) known.set(sessionId, ofSession);
  const found = ofSession.find((told) => isSame(told.values, values));
  if (found) return found.events;
  const events = makeEvents(seen);
  ofSession.push({ values, events });
  return events;
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((value, index) => value === others[index]);
}

const DAY_MS = 86_400_000;

function makeEvents(seen: Seen): CloudEvent[] {
  const { sessionId, source, userIds } = seen;
  const at = dayOf(seen.atMs);
  const timeMs = Date.parse(at);
  const userId = userIds[0] ?? null;
  const values = {
    sessionId,
    at,
    userId,
    runtime: nameOf(seen.runtime),
    repo: nameOf(seen.repo),
    workspace: nameOf(seen.workspace),
    workItemId: idOf(seen.workItemId),
  };
  const events = [eventOf({ source, timeMs, id: idOfParts(JSON.stringify(values)) }, 'session.seen', values)];
  for (const otherId of userIds.slice(1)) {
    const idHintId = idOfParts(userId!, otherId);
    const id = idOfParts(idHintId, at);
    events.push(eventOf({ source, timeMs, id }, 'id_hint.recorded', { idHintId, userId, otherId, at }));
  }
  const team = nameOf(seen.team);
  if (team !== null && userId !== null) {
    const id = idOfParts(userId, team, at);
    events.push(eventOf({ source, timeMs, id }, 'user.upserted', { userId, team }));
  }
  return events;
}

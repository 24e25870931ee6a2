import type { Stamp } from './entity.js';
import type { SentEvent } from './types.js';
import { instant } from './values.js';

/** What metrics are made of: event type -> the entity it is about, the member with its id, the member that is its own moment. */
const TYPES: Record<string, [kind: string, idMember: string, moment: string | null]> = {
  'user.upserted': ['user', 'userId', null],
  'session.created': ['session', 'sessionId', 'createdAt'],
  'session.seen': ['session', 'sessionId', 'at'],
  'session.ended': ['session', 'sessionId', 'at'],
  'session.settled': ['session', 'sessionId', 'through'],
  'session.linked': ['session', 'sessionId', 'at'],
  'work_item.upserted': ['work item', 'workItemId', null],
  'work_item.closed': ['work item', 'workItemId', 'closedAt'],
  'work_item.reopened': ['work item', 'workItemId', 'at'],
  'work_item.reviewed': ['work item', 'workItemId', 'at'],
  'escalation.recorded': ['escalation', 'escalationId', 'occurredAt'],
  'escalation.resolved': ['escalation', 'escalationId', 'at'],
  'message.created': ['message', 'messageId', 'sentAt'],
  'run.queued': ['run', 'runId', 'queuedAt'],
  'run.started': ['run', 'runId', 'startedAt'],
  'run.seen': ['run', 'runId', 'at'],
  'run.progressed': ['run', 'runId', 'at'],
  'run.errored': ['run', 'runId', 'at'],
  'run.stopped': ['run', 'runId', 'at'],
  'run.completed': ['run', 'runId', 'completedAt'],
  'llm_call.recorded': ['call', 'callId', 'at'],
  'tool_call.recorded': ['tool', 'toolCallId', 'startedAt'],
  'handoff.created': ['handoff', 'handoffId', 'occurredAt'],
  'run.deleted': ['run', 'runId', null],
  'session.deleted': ['session', 'sessionId', null],
};

/** The entity that an event is about, and what decides which of two events goes before. */
export function readEvent(event: SentEvent): { kind: string; entityId: string; stamp: Stamp } {
  const [kind, idMember, moment] = TYPES[event.type] ?? ['other', 'id', null];
  const time = event.time ?? (moment === null ? undefined : (event.data[moment] ?? event.data.completedAt));
  if (typeof time !== 'string') throw new Error(`${event.type} must carry its time`);
  return {
    kind,
    entityId: (event.data[idMember] ?? `key:${event.data.key as string}`) as string,
    stamp: { rank: event.runboardrank ?? 1, time: instant(time), id: event.id, source: event.source },
  };
}

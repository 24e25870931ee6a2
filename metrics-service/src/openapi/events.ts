import { z } from 'zod';
import { envelope, eventData, EVENT_TYPES, ownMoment, type EventType } from '../contract/events.js';
import { time } from '../contract/values.js';

/** The events of POST /v1/events as schemas of their own: the envelope with one type and its data. */

const TEXTS: Record<EventType, string> = {
  'user.upserted': 'Who a user is: name, e-mail, role and team.',
  'session.created': 'A session of work with an agent.',
  'session.deleted': 'Hides a session and what belongs to it, until a later event about it.',
  'message.created': 'A message of a session. Its text is kept only where the organization wants it.',
  'run.queued': 'A run waits to start.',
  'run.started': 'A run has started.',
  'run.progressed': 'What a run has used so far (cumulative), and where it is.',
  'run.completed': 'How a run ended; of several, the latest counts as a whole.',
  'run.deleted': 'Hides a run, until a later event about it.',
  'llm_call.recorded': 'One call of a model. inputTokens include those read from and written to the cache.',
  'handoff.created': 'A person took the work over to a local machine.',
};

const USAGE = { inputTokens: 48_210, outputTokens: 1_904, cacheReadTokens: 40_000, cacheWriteTokens: 6_000 };

/** An example of each type's data. */
const DATA: { [Type in EventType]: z.input<(typeof eventData)[Type]> } = {
  'user.upserted': { userId: 'ann', name: 'Ann Example', email: 'ann@example.org', role: 'member', team: 'core' },
  'session.created': {
    sessionId: 's-1',
    createdByUserId: 'ann',
    createdAt: '2026-01-31T09:00:00Z',
    repo: 'web',
    runtime: 'cloud',
  },
  'session.deleted': { sessionId: 's-1' },
  'message.created': { messageId: 'm-1', sessionId: 's-1', role: 'user', sentAt: '2026-01-31T09:00:01Z' },
  'run.queued': { runId: 'r-1', sessionId: 's-1', userId: 'ann', queuedAt: '2026-01-31T09:00:02Z' },
  'run.started': { runId: 'r-1', sessionId: 's-1', startedAt: '2026-01-31T09:00:04Z', queueWaitMs: 2_000 },
  'run.progressed': { runId: 'r-1', at: '2026-01-31T09:03:00Z', phase: 'edit', contextTokens: 52_000 },
  'run.completed': {
    runId: 'r-1',
    completedAt: '2026-01-31T09:10:04Z',
    status: 'FAILED',
    failureCategory: 'test_failure',
    errorSummary: '2 of 40 tests failed',
    usage: [{ model: 'claude-sonnet-4-5', ...USAGE }],
    costUsd: '0.0731',
    artifacts: { filesChanged: 3, linesAdded: 120, linesDeleted: 14, testsRun: 40, testsPassed: 38 },
  },
  'run.deleted': { runId: 'r-1' },
  'llm_call.recorded': {
    callId: 'c-1',
    sessionId: 's-1',
    runId: 'r-1',
    at: '2026-01-31T09:01:00Z',
    model: 'claude-sonnet-4-5',
    usage: USAGE,
  },
  'handoff.created': { handoffId: 'h-1', sessionId: 's-1', occurredAt: '2026-01-31T09:20:00Z', method: 'OPEN_IN_CLI' },
};

/** A valid event of the type. */
export function exampleEvent(type: EventType): Record<string, unknown> {
  const needsTime = ownMoment[type] === null ? { time: '2026-01-31T10:00:00Z' } : {};
  return { specversion: '1.0', id: `${type}-1`, source: '/my-platform', type, ...needsTime, data: DATA[type] };
}

/** `run.completed` is RunCompletedEvent. */
export function eventSchemaName(type: EventType): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}

function eventSchema(type: EventType) {
  const moment = ownMoment[type];
  const said = moment === null ? 'when it was known' : `when it was known; data.${moment} where it is absent`;
  const { description } = time.meta()!;
  const at = time.meta({ description: `${said}: ${description}` });
  return envelope
    .extend({ type: z.literal(type), time: moment === null ? at : at.nullish(), data: eventData[type] })
    .meta({ description: TEXTS[type], examples: [exampleEvent(type)] });
}

export const EVENT_SCHEMAS = EVENT_TYPES.map((type) => ({ name: eventSchemaName(type), schema: eventSchema(type) }));

const [first, ...others] = EVENT_SCHEMAS.map(({ schema }) => schema);

/** Any event: a CloudEvent whose `type` says what its `data` holds. */
export const anyEvent = z.discriminatedUnion('type', [first!, ...others]).meta({
  description:
    'A CloudEvent 1.0 whose `type` says what its `data` holds. Unknown members of `data` are kept and ignored.',
  discriminator: {
    propertyName: 'type',
    mapping: Object.fromEntries(EVENT_TYPES.map((type) => [type, `#/components/schemas/${eventSchemaName(type)}`])),
  },
});

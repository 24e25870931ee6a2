import { z } from 'zod';
import { count, name, oneOf, optionalName, optionalOneOf, optionalText, time, usd } from './values.js';

/** What an event says (design section 4). `data` members that are not named here are ignored and kept in the log. */

export const RUN_OUTCOMES = ['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT'] as const;
export const FAILURE_CATEGORIES = [
  'agent_error',
  'tool_error',
  'test_failure',
  'build_failure',
  'merge_conflict',
  'environment_setup',
  'permission_denied',
  'context_overflow',
  'budget_exceeded',
  'rate_limited',
  'provider_error',
  'network',
  'infrastructure',
  'invalid_request',
  'unknown',
] as const;
export const HANDOFF_METHODS = ['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH'] as const;
export const MESSAGE_ROLES = ['user', 'agent', 'system'] as const;
export const USER_ROLES = ['admin', 'manager', 'member'] as const;

interface UsageCounts {
  inputTokens: number;
  cacheReadTokens?: number | null | undefined;
  cacheWriteTokens?: number | null | undefined;
  cacheWrite1hTokens?: number | null | undefined;
}

function checkUsage(usage: UsageCounts, context: z.core.$RefinementCtx): void {
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  // BigInt, because two counts of up to 2^53 − 1 do not add exactly as doubles
  if (BigInt(usage.cacheReadTokens ?? 0) + BigInt(cacheWrite) > BigInt(usage.inputTokens)) {
    context.addIssue({
      code: 'custom',
      path: ['inputTokens'],
      message: 'must be at least cacheReadTokens + cacheWriteTokens: inputTokens includes the cached ones',
    });
  }
  if ((usage.cacheWrite1hTokens ?? 0) > cacheWrite) {
    context.addIssue({
      code: 'custom',
      path: ['cacheWrite1hTokens'],
      message: 'must be at most cacheWriteTokens, of which it is a part',
    });
  }
}

const usageMembers = {
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count.nullish(),
  cacheWriteTokens: count.nullish(),
  cacheWrite1hTokens: count.nullish(),
  reasoningTokens: count.nullish(),
};
/** Token usage of one call; `inputTokens` includes the cached ones. */
export const callUsage = z.object(usageMembers).superRefine(checkUsage);
/** Token usage of a run, summed per model. */
export const runUsage = z.array(z.object({ ...usageMembers, model: name }).superRefine(checkUsage));
const phases = z.array(z.object({ name, startedAt: time, completedAt: time }));
const artifacts = z
  .object({
    filesChanged: count.nullish(),
    linesAdded: count.nullish(),
    linesDeleted: count.nullish(),
    testsRun: count.nullish(),
    testsPassed: count.nullish(),
  })
  .superRefine(({ testsRun, testsPassed }, context) => {
    if (testsRun != null && testsPassed != null && testsPassed > testsRun) {
      context.addIssue({ code: 'custom', path: ['testsPassed'], message: 'must be at most testsRun' });
    }
  });

const runMembers = {
  runId: name,
  sessionId: name,
  userId: optionalName,
  model: optionalName,
  taskType: optionalName,
  agent: optionalName,
};

/** The schema of each event type's `data`. */
export const eventData = {
  'user.upserted': z.object({
    userId: name,
    email: optionalName,
    name: optionalName,
    role: optionalOneOf(USER_ROLES),
    team: optionalName,
  }),
  'session.created': z.object({
    sessionId: name,
    createdByUserId: optionalName,
    createdAt: time,
    repo: optionalName,
    workspace: optionalName,
    runtime: optionalName,
    title: optionalText,
    branch: optionalText,
    parentSessionId: optionalName,
    workItemId: optionalName,
  }),
  'session.deleted': z.object({ sessionId: name }),
  'message.created': z.object({
    messageId: name,
    sessionId: name,
    role: oneOf(MESSAGE_ROLES),
    sentAt: time,
    userId: optionalName,
    text: optionalText,
  }),
  'run.queued': z.object({ ...runMembers, queuedAt: time }),
  'run.started': z.object({ ...runMembers, startedAt: time, queueWaitMs: count.nullish() }),
  'run.progressed': z.object({
    runId: name,
    at: time,
    usage: runUsage.nullish(),
    phase: optionalName,
    contextTokens: count.nullish(),
    contextLimit: count.nullish(),
  }),
  'run.completed': z.object({
    runId: name,
    completedAt: time,
    status: oneOf(RUN_OUTCOMES),
    sessionId: optionalName,
    startedAt: time.nullish(),
    failureCategory: optionalOneOf(FAILURE_CATEGORIES),
    errorSummary: optionalText,
    usage: runUsage.nullish(),
    costUsd: usd.nullish(),
    phases: phases.nullish(),
    artifacts: artifacts.nullish(),
  }),
  'run.deleted': z.object({ runId: name }),
  'llm_call.recorded': z.object({
    callId: name,
    sessionId: name,
    runId: optionalName,
    at: time,
    model: name,
    usage: callUsage,
    costUsd: usd.nullish(),
  }),
  'handoff.created': z.object({
    handoffId: name,
    sessionId: name,
    userId: optionalName,
    occurredAt: time,
    method: oneOf(HANDOFF_METHODS),
  }),
} as const;

export type EventType = keyof typeof eventData;
/** `data` of an event as validated: times in epoch milliseconds, money in nano-US-dollars. */
export type EventData<Type extends EventType> = z.output<(typeof eventData)[Type]>;
export const EVENT_TYPES = Object.keys(eventData) as EventType[];

/** Which member of `data` is an event's own moment, used where `time` is missing; none: `time` is required. */
export const ownMoment: Record<EventType, string | null> = {
  'user.upserted': null,
  'session.created': 'createdAt',
  'session.deleted': null,
  'message.created': 'sentAt',
  'run.queued': 'queuedAt',
  'run.started': 'startedAt',
  'run.progressed': 'at',
  'run.completed': 'completedAt',
  'run.deleted': null,
  'llm_call.recorded': 'at',
  'handoff.created': 'occurredAt',
};

/** The CloudEvents 1.0 attributes that every event carries. */
export const envelope = z.object({
  specversion: z.literal('1.0', { error: 'must be "1.0" (CloudEvents 1.0)' }),
  id: name,
  source: name,
  type: z.string({ error: 'must be a text' }),
  time: time.nullish(),
  datacontenttype: z
    .string()
    .regex(/^application\/([\w.+-]+\+)?json\s*(;|$)/i, { error: 'must be JSON: leave it out, or application/json' })
    .nullish(),
});

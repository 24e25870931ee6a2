import { z } from 'zod';
import { eventType } from '../event-type.js';
import { optionalPersonId, text, url, words } from '../holds.js';
import { callUsage, runUsage } from '../usage.js';
import { usd } from '../usd.js';
import {
  naturalNumber,
  list,
  name,
  numbersByName,
  oneOf,
  optionalItemId,
  optionalKey,
  optionalName,
  optionalOneOf,
  REQUIRED_WITHOUT_KEY,
  time,
} from '../values.js';

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

const phases = list(z.object({ name, startedAt: time, completedAt: time }), 1_000);
const artifacts = z
  .object({
    filesChanged: naturalNumber.nullish(),
    linesAdded: naturalNumber.nullish(),
    linesDeleted: naturalNumber.nullish(),
    testsRun: naturalNumber.nullish(),
    testsPassed: naturalNumber.nullish(),
  })
  .superRefine(({ testsRun, testsPassed }, context) => {
    if (testsRun != null && testsPassed != null && testsPassed > testsRun) {
      context.addIssue({ code: 'custom', path: ['testsPassed'], message: 'must be at most testsRun' });
    }
  });

/** Most numbers of its own that a run may report. */
export const MOST_COUNTERS = 20;

/** An event without a key must name its run or session. */
function needs(...members: readonly ('runId' | 'sessionId')[]) {
  return (data: Record<string, unknown>, context: z.core.$RefinementCtx): void => {
    if (data.key != null) return;
    for (const member of members) {
      if (data[member] != null) continue;
      context.addIssue({ code: 'custom', path: [member], message: REQUIRED_WITHOUT_KEY });
    }
  };
}

/** A run is named by its id, by its key, or by both. */
const ofRun = { runId: name.nullish(), key: optionalKey };
const runMembers = {
  ...ofRun,
  sessionId: name.nullish(),
  userId: optionalPersonId,
  model: optionalName,
  taskType: optionalName,
  agent: optionalName,
  role: optionalName,
  workflow: optionalName,
  stage: optionalName,
  workItemId: optionalItemId,
  url,
};

const USAGE = { inputTokens: 48_210, outputTokens: 1_904, cacheReadTokens: 40_000, cacheWriteTokens: 6_000 };

/** Runs and their model calls. */
export const runEvents = {
  'run.queued': eventType({
    says: 'A run waits to start.',
    moment: 'queuedAt',
    data: z.object({ ...runMembers, queuedAt: time }).superRefine(needs('runId', 'sessionId')),
    example: { runId: 'r-1', sessionId: 's-1', userId: 'ann', queuedAt: '2026-01-31T09:00:02Z' },
  }),
  'run.started': eventType({
    says: 'A run has started.',
    moment: 'startedAt',
    data: z
      .object({
        ...runMembers,
        startedAt: time,
        queueWaitMs: naturalNumber.nullish(),
        /** nobody will say when it ends: that is derived from its last records (telemetry, hooks) */
        endIsDerived: z.boolean().nullish(),
        /** the span of its agent, and the one that this lies in */
        spanId: optionalName,
        parentSpanId: optionalName,
      })
      .superRefine(needs('runId', 'sessionId')),
    example: { runId: 'r-1', sessionId: 's-1', startedAt: '2026-01-31T09:00:04Z', queueWaitMs: 2_000 },
  }),
  'run.seen': eventType({
    says: 'What a record tells of a run in passing: since when it has been going on. Nobody will say when it ends.',
    moment: 'at',
    data: z
      .object({ ...ofRun, at: time, startedAt: time, sessionId: name.nullish() })
      .superRefine(needs('runId', 'sessionId')),
    example: { key: 'trace:4bf92f35', at: '2026-01-31T09:00:09Z', startedAt: '2026-01-31T09:00:04Z' },
  }),
  'run.progressed': eventType({
    says: 'What a run has used so far (cumulative), where it is, and what it does. Alone it is a sign of life.',
    moment: 'at',
    data: z
      .object({
        ...ofRun,
        at: time,
        usage: runUsage.nullish(),
        phase: optionalName,
        contextTokens: naturalNumber.nullish(),
        contextLimit: naturalNumber.nullish(),
        /** one line */
        activity: text,
        /** the third of seven: 3, 7 */
        step: naturalNumber.nullish(),
        steps: naturalNumber.nullish(),
      })
      .superRefine(needs('runId')),
    example: { runId: 'r-1', at: '2026-01-31T09:03:00Z', phase: 'edit', contextTokens: 52_000, step: 3, steps: 7 },
  }),
  'run.errored': eventType({
    says: 'A request of a run failed. If nothing follows it, and nobody says how the run ended, the run failed.',
    moment: 'at',
    data: z
      .object({ ...ofRun, at: time, failureCategory: optionalOneOf(FAILURE_CATEGORIES), errorSummary: words })
      .superRefine(needs('runId')),
    example: {
      key: 'prompt:s-1:p-1',
      at: '2026-01-31T09:02:00Z',
      failureCategory: 'provider_error',
      errorSummary: 'overloaded_error, status 529',
    },
  }),
  'run.stopped': eventType({
    says: 'The agent stopped, as its hooks say. It ends the run unless a run.completed says how it ended.',
    moment: 'at',
    data: z
      .object({
        ...ofRun,
        at: time,
        status: oneOf(RUN_OUTCOMES),
        failureCategory: optionalOneOf(FAILURE_CATEGORIES),
        errorSummary: words,
      })
      .superRefine(needs('runId')),
    example: { key: 'prompt:s-1:p-1', at: '2026-01-31T09:10:04Z', status: 'SUCCEEDED' },
  }),
  'run.completed': eventType({
    says: 'How a run ended; of several, the latest counts as a whole.',
    moment: 'completedAt',
    data: z
      .object({
        ...ofRun,
        completedAt: time,
        status: oneOf(RUN_OUTCOMES),
        sessionId: optionalName,
        startedAt: time.nullish(),
        failureCategory: optionalOneOf(FAILURE_CATEGORIES),
        errorSummary: words,
        usage: runUsage.nullish(),
        costUsd: usd.nullish(),
        phases: phases.nullish(),
        artifacts: artifacts.nullish(),
        awaitMs: naturalNumber.nullish(),
        counters: numbersByName(MOST_COUNTERS).nullish(),
      })
      .superRefine(needs('runId')),
    example: {
      runId: 'r-1',
      completedAt: '2026-01-31T09:10:04Z',
      status: 'FAILED',
      failureCategory: 'test_failure',
      errorSummary: '2 of 40 tests failed',
      usage: [{ model: 'claude-sonnet-4-5', ...USAGE }],
      costUsd: '0.0731',
      artifacts: { filesChanged: 3, linesAdded: 120, linesDeleted: 14, testsRun: 40, testsPassed: 38 },
      awaitMs: 45_000,
      counters: { candidates: 4 },
    },
  }),
  'run.deleted': eventType({
    says: 'Hides a run, until a later event about it.',
    moment: null,
    data: z.object(ofRun).superRefine(needs('runId')),
    example: { runId: 'r-1' },
  }),
  'llm_call.recorded': eventType({
    says: 'One call of a model. inputTokens include those read from and written to the cache.',
    moment: 'at',
    data: z
      .object({
        callId: name,
        sessionId: name.nullish(),
        runId: optionalName,
        key: optionalKey,
        requestId: optionalName,
        at: time,
        model: name,
        usage: callUsage,
        costUsd: usd.nullish(),
        tier: optionalName,
        speed: optionalName,
        region: optionalName,
        webSearches: naturalNumber.nullish(),
        phase: optionalName,
        /** the span that it lies in */
        parentSpanId: optionalName,
        /** why it failed; a run whose end is derived failed if nothing follows */
        failureCategory: optionalOneOf(FAILURE_CATEGORIES),
        errorSummary: words,
      })
      .superRefine(needs('sessionId')),
    example: {
      callId: 'c-1',
      sessionId: 's-1',
      runId: 'r-1',
      at: '2026-01-31T09:01:00Z',
      model: 'claude-sonnet-4-5',
      usage: USAGE,
      phase: 'edit',
    },
  }),
} as const;

import type { Json } from '../contract/json.js';
import { entity } from './entity.js';
import { runUsage } from './usage.js';

const ofQueuedOrStarted = {
  key: 'key',
  session_id: 'sessionId',
  reported_user_id: 'userId',
  reported_model: 'model',
  task_type: 'taskType',
  agent: 'agent',
  role: 'role',
  workflow: 'workflow',
  stage: 'stage',
  work_item_id: 'workItemId',
  url: 'url',
} as const;

/** The numbers that are known; null if none is. */
function knownNumbers(counters: Readonly<Record<string, number | null>> | null | undefined): Json {
  const known = Object.entries(counters ?? {}).filter(([, value]) => value !== null);
  return known.length === 0 ? null : Object.fromEntries(known);
}

/** A run's tokens and cost by model and by the phase its calls were made in; '' where there is none. */
export const runModels = {
  run_id: 'text',
  model: 'text',
  phase: 'text',
  input_tokens: 'bigint',
  output_tokens: 'bigint',
  cache_read_tokens: 'bigint',
  cache_write_tokens: 'bigint',
  cost_nanos: 'numeric',
  unpriced_tokens: 'bigint',
} as const;

export const run = entity('run', {
  table: 'runs',
  id: 'runId',
  plural: 'runs',
  fields: {
    deleted: [0, {}],
    key: [15, 'text'],
    session_id: [1, 'text'],
    reported_user_id: [2, 'text'],
    queued_at: [3, 'timestamptz'],
    started_at: [4, 'timestamptz'],
    reported_queue_wait_ms: [5, 'bigint'],
    reported_model: [6, 'text'],
    task_type: [7, 'text'],
    agent: [8, 'text'],
    url: [16, 'text'],
    role: [20, 'text'],
    workflow: [21, 'text'],
    // where they are not stated: its session's
    stage: [22, 'text'],
    work_item_id: [23, 'text'],
    progressed_at: [9, 'timestamptz'],
    progress_usage: [10, 'jsonb'],
    phase: [11, 'text'],
    context_tokens: [12, 'bigint'],
    context_limit: [13, 'bigint'],
    end_is_derived: [17, 'boolean'],
    errored: [18, { errored_at: 'timestamptz', errored_category: 'text', errored_summary: 'text' }],
    stopped: [
      19,
      { stopped_at: 'timestamptz', stopped_status: 'text', stopped_category: 'text', stopped_summary: 'text' },
    ],
    // how it ended: of several run.completed events the latest wins as a whole
    outcome: [
      14,
      {
        completed_at: 'timestamptz',
        status: 'text',
        reported_failure_category: 'text',
        error_summary: 'text',
        completed_usage: 'jsonb',
        reported_cost_nanos: 'bigint',
        phases: 'jsonb',
        files_changed: 'bigint',
        lines_added: 'bigint',
        lines_deleted: 'bigint',
        tests_run: 'bigint',
        tests_passed: 'bigint',
        reported_await_ms: 'bigint',
        counters: 'jsonb',
      },
    ],
  },
  initial: { status: 'IN_FLIGHT' },
  derived: {
    own: 'jsonb',
    one_with: 'text',
    deleted: 'boolean',
    hidden: 'boolean',
    superseded: 'boolean',
    user_id: 'text',
    failure_category: 'text',
    failure_fingerprint: 'text',
    failure_fingerprint_text: 'text',
    execution_ms: 'bigint',
    await_ms: 'bigint',
    queue_wait_ms: 'bigint',
    phase_ms: 'jsonb',
    model: 'text',
    input_tokens: 'bigint',
    output_tokens: 'bigint',
    cache_read_tokens: 'bigint',
    cache_write_tokens: 'bigint',
    cost_nanos: 'numeric',
    cost_is_partial: 'boolean',
    idle: 'boolean',
    has_derived_end: 'boolean',
  },
  madeOf: { failure_fingerprint: 'error_summary', failure_fingerprint_text: 'error_summary' },
  moments: ['queued_at', 'started_at', 'progressed_at', 'errored_at', 'stopped_at', 'completed_at'],
  belongsTo: ['session'],
  person: 'user_id',
  parts: { run_models: runModels },
  events: {
    queued: { ...ofQueuedOrStarted, queued_at: 'queuedAt' },
    started: {
      ...ofQueuedOrStarted,
      started_at: 'startedAt',
      reported_queue_wait_ms: 'queueWaitMs',
      end_is_derived: 'endIsDerived',
    },
    progressed: {
      key: 'key',
      progressed_at: 'at',
      progress_usage: runUsage,
      phase: 'phase',
      context_tokens: 'contextTokens',
      context_limit: 'contextLimit',
    },
    completed: {
      key: 'key',
      session_id: 'sessionId',
      started_at: 'startedAt',
      outcome: {
        completed_at: 'completedAt',
        status: 'status',
        reported_failure_category: 'failureCategory',
        error_summary: 'errorSummary',
        completed_usage: runUsage,
        reported_cost_nanos: 'costUsd',
        phases: (said) => said.phases?.map((phase) => [phase.name, phase.startedAt, phase.completedAt]),
        files_changed: (said) => said.artifacts?.filesChanged,
        lines_added: (said) => said.artifacts?.linesAdded,
        lines_deleted: (said) => said.artifacts?.linesDeleted,
        tests_run: (said) => said.artifacts?.testsRun,
        tests_passed: (said) => said.artifacts?.testsPassed,
        reported_await_ms: 'awaitMs',
        counters: ({ counters }) => knownNumbers(counters),
      },
    },
    errored: {
      key: 'key',
      errored: { errored_at: 'at', errored_category: 'failureCategory', errored_summary: 'errorSummary' },
    },
    stopped: {
      key: 'key',
      stopped: {
        stopped_at: 'at',
        stopped_status: 'status',
        stopped_category: 'failureCategory',
        stopped_summary: 'errorSummary',
      },
    },
    deleted: { deleted: {}, key: 'key' },
  },
});

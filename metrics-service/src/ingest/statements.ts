import type { EventData } from '../contract/events.js';
import type { EntityKind } from './entities.js';
import type { Json } from './json.js';
import type { ParsedEvent } from './parse.js';

/** A stored value: null where the field was cleared or its member is unknown; times as ISO 8601 text. */
export type Value = Json;

/** What one event states: about which entity, and the columns of each field that it names. */
export interface Statement {
  kind: EntityKind;
  entityId: string;
  fields: Record<string, Record<string, Value>>;
}

/** An event as a statement about its entity (design section 4, "How events merge"). Pure. */
export function statementOf(event: ParsedEvent): Statement {
  switch (event.type) {
    case 'user.upserted': {
      const { userId, ...said } = event.data;
      return about('user', userId, texts({ email: said.email, name: said.name, role: said.role, team: said.team }));
    }
    case 'session.created': {
      const said = event.data;
      return about('session', said.sessionId, {
        ...texts({
          created_by_user_id: said.createdByUserId,
          repo: said.repo,
          workspace: said.workspace,
          runtime: said.runtime,
          title: said.title,
          branch: said.branch,
          parent_session_id: said.parentSessionId,
          work_item_id: said.workItemId,
        }),
        ...columns({ created_at: iso(said.createdAt) }),
      });
    }
    case 'session.deleted':
      return about('session', event.data.sessionId, { deleted: {} });
    case 'message.created': {
      const said = event.data;
      return about('message', said.messageId, {
        ...columns({ session_id: said.sessionId, role: said.role, sent_at: iso(said.sentAt) }),
        ...texts({ user_id: said.userId, text: said.text }),
      });
    }
    case 'handoff.created': {
      const said = event.data;
      return about('handoff', said.handoffId, {
        ...columns({ session_id: said.sessionId, method: said.method, occurred_at: iso(said.occurredAt) }),
        ...texts({ user_id: said.userId }),
      });
    }
    case 'run.queued':
      return about('run', event.data.runId, {
        ...runFields(event.data),
        ...columns({ queued_at: iso(event.data.queuedAt) }),
      });
    case 'run.started':
      return about('run', event.data.runId, {
        ...runFields(event.data),
        ...columns({ started_at: iso(event.data.startedAt), reported_queue_wait_ms: event.data.queueWaitMs }),
      });
    case 'run.progressed': {
      const said = event.data;
      return about('run', said.runId, {
        ...columns({
          progressed_at: iso(said.at),
          progress_usage: usageList(said.usage),
          context_tokens: said.contextTokens,
          context_limit: said.contextLimit,
        }),
        ...texts({ phase: said.phase }),
      });
    }
    case 'run.completed':
      return about('run', event.data.runId, {
        ...texts({ session_id: event.data.sessionId }),
        ...columns({ started_at: event.data.startedAt == null ? null : iso(event.data.startedAt) }),
        outcome: outcome(event.data),
      });
    case 'run.deleted':
      return about('run', event.data.runId, { deleted: {} });
    case 'llm_call.recorded': {
      const said = event.data;
      return about('call', said.callId, {
        ...columns({
          session_id: said.sessionId,
          at: iso(said.at),
          model: said.model,
          reported_cost_nanos: said.costUsd?.toString(),
        }),
        ...texts({ reported_run_id: said.runId }),
        usage: {
          input_tokens: said.usage.inputTokens,
          output_tokens: said.usage.outputTokens,
          cache_read_tokens: said.usage.cacheReadTokens ?? 0,
          cache_write_tokens: said.usage.cacheWriteTokens ?? 0,
          cache_write_1h_tokens: said.usage.cacheWrite1hTokens ?? 0,
          reasoning_tokens: said.usage.reasoningTokens ?? null,
        },
      });
    }
  }
}

function about(kind: EntityKind, entityId: string, fields: Statement['fields']): Statement {
  return { kind, entityId, fields };
}

/** One field per column; absent and null say nothing. */
function columns(values: Record<string, Value | undefined>): Statement['fields'] {
  const fields: Statement['fields'] = {};
  for (const [column, value] of Object.entries(values)) {
    if (value != null) fields[column] = { [column]: value };
  }
  return fields;
}

/** As `columns`, for optional texts: '' clears the field. */
function texts(values: Record<string, string | null | undefined>): Statement['fields'] {
  const fields: Statement['fields'] = {};
  for (const [column, value] of Object.entries(values)) {
    if (value != null) fields[column] = { [column]: value === '' ? null : value };
  }
  return fields;
}

function runFields(said: EventData<'run.queued'> | EventData<'run.started'>): Statement['fields'] {
  return {
    ...columns({ session_id: said.sessionId }),
    ...texts({
      reported_user_id: said.userId,
      reported_model: said.model,
      task_type: said.taskType,
      agent: said.agent,
    }),
  };
}

function outcome(said: EventData<'run.completed'>): Record<string, Value> {
  return {
    completed_at: iso(said.completedAt),
    status: said.status,
    reported_failure_category: said.failureCategory || null,
    error_summary: said.errorSummary || null,
    completed_usage: usageList(said.usage),
    reported_cost_nanos: said.costUsd?.toString() ?? null,
    phases: said.phases?.map((phase) => [phase.name, phase.startedAt, phase.completedAt]) ?? null,
    files_changed: said.artifacts?.filesChanged ?? null,
    lines_added: said.artifacts?.linesAdded ?? null,
    lines_deleted: said.artifacts?.linesDeleted ?? null,
    tests_run: said.artifacts?.testsRun ?? null,
    tests_passed: said.artifacts?.testsPassed ?? null,
  };
}

/** A run's reported usage as stored; a list of no models reports nothing. */
function usageList(usage: EventData<'run.completed'>['usage']): Value {
  if (!usage || usage.length === 0) return null;
  return usage.map((part) => ({
    model: part.model,
    inputTokens: part.inputTokens,
    outputTokens: part.outputTokens,
    cacheReadTokens: part.cacheReadTokens ?? 0,
    cacheWriteTokens: part.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: part.cacheWrite1hTokens ?? 0,
  }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

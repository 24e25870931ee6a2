import type { EventData, EventType } from '../contract/events.js';
import { union, without } from '../entities/field-sets.js';
import { entities, type EntityName } from '../entities/index.js';
import type { Json } from './json.js';

/** A stored value: null where the field was cleared or its member is unknown; times as ISO 8601 text. */
export type Value = Json;

/** What one event states: about which entity, which of its fields (as in `stamps`), and the columns of those. */
export class Statement {
  fields = 0;
  readonly values: Record<string, Value> = {};

  constructor(
    readonly kind: EntityName,
    readonly entityId: string,
  ) {}

  /** States a column; absent and null say nothing. */
  set(column: string, value: Value | undefined): this {
    if (value === null || value === undefined) return this;
    this.values[column] = value;
    this.#add(entities[this.kind].columnSets[column], column);
    return this;
  }

  /** As `set`, for optional texts: '' clears the field. */
  text(column: string, value: string | null | undefined): this {
    if (value !== '') return this.set(column, value);
    this.values[column] = null;
    this.#add(entities[this.kind].columnSets[column], column);
    return this;
  }

  /** States a field of several columns as one: what is null in it is unknown from now on. */
  whole(field: string, values: Record<string, Value> = {}): this {
    Object.assign(this.values, values);
    this.#add(entities[this.kind].fieldSets[field], field);
    return this;
  }

  /** Takes a field of one column back. */
  forget(column: string): void {
    if (!(column in this.values)) return;
    delete this.values[column];
    this.fields = without(this.fields, entities[this.kind].columnSets[column]!);
  }

  #add(set: number | undefined, name: string): void {
    if (set === undefined) throw new Error(`${this.kind} has no ${name}`);
    this.fields = union(this.fields, set);
  }
}

/** An event's validated data, by its type. */
export type TypedData = { [Type in EventType]: { type: Type; data: EventData<Type> } }[EventType];

/** An event as a statement about its entity (design section 4, "How events merge"). Pure. */
export function statementOf(event: TypedData): Statement {
  switch (event.type) {
    case 'user.upserted':
      return user(event.data);
    case 'session.created':
      return session(event.data);
    case 'session.deleted':
      return new Statement('session', event.data.sessionId).whole('deleted');
    case 'message.created':
      return message(event.data);
    case 'handoff.created':
      return handoff(event.data);
    case 'run.queued':
      return run(event.data).set('queued_at', iso(event.data.queuedAt));
    case 'run.started':
      return run(event.data)
        .set('started_at', iso(event.data.startedAt))
        .set('reported_queue_wait_ms', event.data.queueWaitMs);
    case 'run.progressed':
      return progress(event.data);
    case 'run.completed':
      return new Statement('run', event.data.runId)
        .text('session_id', event.data.sessionId)
        .set('started_at', event.data.startedAt == null ? null : iso(event.data.startedAt))
        .whole('outcome', outcome(event.data));
    case 'run.deleted':
      return new Statement('run', event.data.runId).whole('deleted');
    case 'llm_call.recorded':
      return call(event.data);
  }
}

function user(said: EventData<'user.upserted'>): Statement {
  return new Statement('user', said.userId)
    .text('email', said.email)
    .text('name', said.name)
    .text('role', said.role)
    .text('team', said.team);
}

function session(said: EventData<'session.created'>): Statement {
  return new Statement('session', said.sessionId)
    .text('created_by_user_id', said.createdByUserId)
    .set('created_at', iso(said.createdAt))
    .text('repo', said.repo)
    .text('workspace', said.workspace)
    .text('runtime', said.runtime)
    .text('title', said.title)
    .text('branch', said.branch)
    .text('parent_session_id', said.parentSessionId)
    .text('work_item_id', said.workItemId);
}

function message(said: EventData<'message.created'>): Statement {
  return new Statement('message', said.messageId)
    .set('session_id', said.sessionId)
    .set('role', said.role)
    .set('sent_at', iso(said.sentAt))
    .text('user_id', said.userId)
    .text('text', said.text);
}

function handoff(said: EventData<'handoff.created'>): Statement {
  return new Statement('handoff', said.handoffId)
    .set('session_id', said.sessionId)
    .set('method', said.method)
    .set('occurred_at', iso(said.occurredAt))
    .text('user_id', said.userId);
}

function run(said: EventData<'run.queued'> | EventData<'run.started'>): Statement {
  return new Statement('run', said.runId)
    .set('session_id', said.sessionId)
    .text('reported_user_id', said.userId)
    .text('reported_model', said.model)
    .text('task_type', said.taskType)
    .text('agent', said.agent);
}

function progress(said: EventData<'run.progressed'>): Statement {
  return new Statement('run', said.runId)
    .set('progressed_at', iso(said.at))
    .set('progress_usage', usageList(said.usage))
    .set('context_tokens', said.contextTokens)
    .set('context_limit', said.contextLimit)
    .text('phase', said.phase);
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

function call(said: EventData<'llm_call.recorded'>): Statement {
  return new Statement('llm_call', said.callId)
    .set('session_id', said.sessionId)
    .text('reported_run_id', said.runId)
    .set('at', iso(said.at))
    .set('model', said.model)
    .set('reported_cost_nanos', said.costUsd?.toString())
    .whole('usage', {
      input_tokens: said.usage.inputTokens,
      output_tokens: said.usage.outputTokens,
      cache_read_tokens: said.usage.cacheReadTokens ?? 0,
      cache_write_tokens: said.usage.cacheWriteTokens ?? 0,
      cache_write_1h_tokens: said.usage.cacheWrite1hTokens ?? 0,
      reasoning_tokens: said.usage.reasoningTokens ?? null,
    });
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

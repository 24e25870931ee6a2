import type { CloudEvent } from '../../contract/cloud-event.js';
import { categoryOf } from '../../importers/failure-category.js';
import { idOf, nameOf } from '../../importers/names.js';
import { RecordContext, type Naming } from '../context.js';
import { termOf } from '../../importers/terms.js';
import type { Mapped, MappingRights, SpanRecord } from '../records.js';
import { isoOf } from '../../iso.js';
import { countOf, textOf } from '../values.js';
import { operationName, operationOf, type Operation } from './operations.js';
import { usageOf } from './usage.js';

const NAMING: Naming = {
  runtime: null,
  session: ['gen_ai.conversation.id', 'session.id', 'traceloop.association.properties.session_id'],
  users: ['user.id', 'enduser.id', 'user.email', 'ai.telemetry.metadata.userId'],
};

export function isGenAiSpan(span: SpanRecord): boolean {
  return operationName(span) !== null;
}

/** A span as its mapping takes it; times in ISO 8601. */
interface Span {
  readonly record: SpanRecord;
  readonly context: RecordContext;
  /** ties what is told of one trace together */
  readonly key: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
}

/**
 * Maps one span of any agent (https://github.com/open-telemetry/semantic-conventions-genai): a trace is a run. What lies in
 * what is derived where all spans are known. Texts are never taken. Pure.
 */
export function mapGenAiSpan(record: SpanRecord, rights: MappingRights): Mapped {
  const name = operationName(record)!;
  const operation = operationOf(name);
  if (operation === null) return { name, outcome: 'unknown', events: [] };
  const { traceId, spanId, parentSpanId, startedAt, endedAt, attributes: own } = record;
  if (startedAt === null || endedAt === null || endedAt.ms < startedAt.ms) {
    return { name, outcome: 'unusable', note: 'has no times between 2000 and 2100', events: [] };
  }
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) {
    return { name, outcome: 'unusable', note: 'has no ids of its trace and span', events: [] };
  }
  const reading = { name, origin: record, own, atMs: endedAt.ms, identity: `${traceId}\n${spanId}`, rights };
  const span = {
    record,
    context: new RecordContext(reading, NAMING),
    key: `trace:${traceId}`,
    startedAt: isoOf(startedAt.ms),
    endedAt: isoOf(endedAt.ms),
    spanId,
    parentSpanId: /[1-9a-f]/.test(parentSpanId) ? parentSpanId : null,
  };
  return MAPPINGS[operation](span);
}

const MAPPINGS: Readonly<Record<Operation, (span: Span) => Mapped>> = {
  agent: mapAgent,
  workflow: mapAgent,
  call: mapCall,
  tool: mapTool,
  other: ({ context, record }) => context.mapped([], record.traceId),
};

/** Every agent's span is a run with the trace's key: which of them is the run, is derived. */
function mapAgent(span: Span): Mapped {
  const { context, record, key, startedAt, endedAt, spanId, parentSpanId } = span;
  const { sessionId } = context;
  const runId = `key:${key}#${spanId}`;
  const [userId] = context.userIds;
  const { agent, workflow, ...platform } = context.platform;
  const [, named] = /^invoke_(?:agent|workflow) (.+)$/.exec(record.name) ?? [];
  const isWorkflow = operationOf(context.name) === 'workflow';
  const agentName = nameOf(
    context.firstText('gen_ai.agent.name', 'gen_ai.agent.id', 'ai.telemetry.functionId') ?? (isWorkflow ? null : named),
  );
  const workflowName = nameOf(
    context.firstText('gen_ai.workflow.name', 'traceloop.workflow.name') ?? (isWorkflow ? named : null),
  );
  const started = {
    ...{ runId, key, spanId, parentSpanId, sessionId, userId, startedAt },
    agent: agent ?? agentName,
    workflow: workflow ?? workflowName,
    ...platform,
    model: nameOf(context.firstText('gen_ai.request.model', 'ai.model.id')),
  };
  const completed = {
    runId,
    key,
    completedAt: endedAt,
    ...(record.failed ? failureOf(span) : { status: 'SUCCEEDED' }),
  };
  return context.mapped(
    [seen(span), context.event('run.started', started), context.event('run.completed', completed)],
    record.traceId,
  );
}

function mapCall(span: Span): Mapped {
  const { context, record, key, endedAt, spanId, parentSpanId } = span;
  const { traceId, failed } = record;
  const usage = usageOf(context);
  if (typeof usage === 'string') return context.unusable(usage);
  if (usage === null) {
    const { failureCategory, errorSummary } = failureOf(span);
    const error = { key, at: endedAt, failureCategory, errorSummary };
    const mapped = context.mapped([seen(span), ...(failed ? [context.event('run.errored', error)] : [])], traceId);
    return failed ? mapped : { ...mapped, note: mapped.note ?? 'tells no tokens' };
  }
  const model = nameOf(
    context.firstText('gen_ai.response.model', 'ai.response.model', 'gen_ai.request.model', 'ai.model.id'),
  );
  if (model === null) return context.unusable('has no model');
  const response = idOf(context.firstText('gen_ai.response.id', 'ai.response.id'));
  const requestId = response !== null && !isReused(response) ? response : null;
  const call = {
    callId: requestId === null ? `span:${traceId}:${spanId}` : idOf(`request:${requestId}`),
    ...{ requestId, key, parentSpanId, at: endedAt, model, usage },
    tier: termOf(context.firstText('openai.response.service_tier', 'gen_ai.openai.response.service_tier')),
  };
  return context.mapped([seen(span), context.event('llm_call.recorded', call)], traceId);
}

function mapTool(span: Span): Mapped {
  const { context, record, key, startedAt, endedAt, spanId, parentSpanId } = span;
  const [, named] = /^execute_tool (.+)$/.exec(record.name) ?? [];
  const name = nameOf(context.firstText('gen_ai.tool.name', 'ai.toolCall.name', 'traceloop.entity.name') ?? named);
  if (name === null) return context.unusable('has no gen_ai.tool.name');
  const id = idOf(context.firstText('gen_ai.tool.call.id', 'ai.toolCall.id'));
  const isOwn = id !== null && id.length >= 8 && !id.includes(name);
  const call = {
    toolCallId: isOwn ? id : `span:${record.traceId}:${spanId}`,
    ...{ key, name, startedAt, completedAt: endedAt, spanId, parentSpanId },
    status: record.failed ? 'FAILED' : 'SUCCEEDED',
    errorType: record.failed ? nameOf(context.text('error.type')) : null,
  };
  return context.mapped([context.event('tool_call.recorded', call)], record.traceId);
}

/** The run that it is part of has been going on since then. */
function seen({ context, key, startedAt, endedAt }: Span): CloudEvent {
  return context.event('run.seen', { key, at: endedAt, startedAt, sessionId: context.sessionId });
}

/** By `error.type` alone: a status's message may quote what somebody wrote. */
function failureOf({ context }: Span): { status: string; failureCategory: string; errorSummary: string | null } {
  const type = textOf(context.value('error.type')) ?? String(countOf(context.value('error.type')) ?? '');
  const kind = /^[\w.:-]{1,100}$/.test(type) ? type : '';
  const status = /^[1-5]\d\d$/.test(kind) ? Number(kind) : 0;
  return { status: 'FAILED', failureCategory: categoryOf(kind, status, ''), errorSummary: kind || null };
}

/** Some servers draw the ids of their responses from a thousand: they tell nothing apart. */
function isReused(responseId: string): boolean {
  return /^chatcmpl-\d{1,3}$/.test(responseId);
}

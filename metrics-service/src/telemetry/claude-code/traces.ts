import { idOf, nameOf } from '../../importers/names.js';
import type { Mapped, MappingRights, SpanRecord } from '../records.js';
import { isoOf } from '../../iso.js';
import { booleanOf, roundedCountOf } from '../values.js';
import { Context } from './context.js';
import { speedOf, usageOf } from './usage.js';

const PREFIX = 'claude_code.';

export function isClaudeCodeSpan({ name }: SpanRecord): boolean {
  return name.startsWith(PREFIX);
}

/** Maps one span of Claude Code (https://code.claude.com/docs/en/monitoring-usage, "Traces", a beta). Pure. */
export function mapClaudeCodeSpan(span: SpanRecord, rights: MappingRights): Mapped {
  const { name, startedAt, endedAt, traceId, spanId } = span;
  const mapping = MAPPINGS[name];
  if (!mapping) return { name, outcome: 'unknown', events: [] };
  if (startedAt === null || endedAt === null) {
    return { name, outcome: 'unusable', note: 'has no times between 2000 and 2100', events: [] };
  }
  const context = new Context(name, span, span.attributes, endedAt.ms, `${traceId}\n${spanId}`, rights);
  return mapping(context, span, { startedAt: isoOf(startedAt.ms), endedAt: isoOf(endedAt.ms) });
}

type Times = Record<'startedAt' | 'endedAt', string>;
type Mapping = (context: Context, span: SpanRecord, times: Times) => Mapped;

const MAPPINGS: Readonly<Record<string, Mapping | undefined>> = {
  'claude_code.interaction': mapInteraction,
  'claude_code.llm_request': mapRequest,
  'claude_code.tool': (context, _span, times) => mapTool(context, times, {}),
  'claude_code.tool.execution': mapExecution,
  'claude_code.tool.blocked_on_user': mapWait,
};

/** A run where nothing else tells of the prompt: spans do not say its id, so it is hidden while its calls are the prompt's. */
function mapInteraction(context: Context, { traceId, spanId }: SpanRecord, { startedAt }: Times): Mapped {
  const { sessionId, userIds } = context;
  if (sessionId === null) return context.unusable('has no session.id');
  const key = context.key ?? `trace:${traceId}:${spanId}`;
  const run = { key, sessionId, userId: userIds[0], startedAt, endIsDerived: true, ...context.platform };
  return context.mapped([context.event('run.started', run)]);
}

function mapRequest(context: Context, _span: SpanRecord, { endedAt }: Times): Mapped {
  if (booleanOf(context.value('success')) === false) return context.mapped([]);
  const usage = usageOf(context);
  if (typeof usage === 'string') return context.unusable(usage);
  const model = nameOf(context.text('model') ?? context.text('gen_ai.request.model'));
  if (model === null) return context.unusable('has no model');
  const requestId = idOf(context.text('request_id') ?? context.text('gen_ai.response.id'));
  const named = requestId ?? idOf(context.text('client_request_id'));
  if (named === null) return context.unusable('has no request_id');
  const { sessionId, key } = context;
  const call = {
    callId: idOf(`request:${named}`),
    requestId,
    sessionId,
    key,
    at: endedAt,
    model,
    usage,
    speed: speedOf(context),
  };
  return context.mapped([context.event('llm_call.recorded', call)]);
}

function mapExecution(context: Context, _span: SpanRecord, times: Times): Mapped {
  const succeeded = booleanOf(context.value('success'));
  return mapTool(context, times, {
    status: succeeded === null ? null : succeeded ? 'SUCCEEDED' : 'FAILED',
    errorType: succeeded === false ? nameOf(context.text('error_class')) : null,
  });
}

/** How long a tool call waited for a person; a version whose span does not name its tool call tells it of nobody. */
function mapWait(context: Context, { startedAt, endedAt }: SpanRecord, times: Times): Mapped {
  const isNamed = idOf(context.text('tool_use_id') ?? context.text('gen_ai.tool.call.id')) !== null;
  const waitedMs = roundedCountOf(context.value('duration_ms')) ?? Math.max(0, endedAt!.ms - startedAt!.ms);
  const wait = { completedAt: null, awaitStartedAt: times.startedAt, awaitMs: waitedMs };
  return isNamed ? mapTool(context, times, wait) : context.mapped([]);
}

function mapTool(context: Context, { startedAt, endedAt }: Times, more: Record<string, unknown>): Mapped {
  const toolCallId = idOf(context.text('tool_use_id') ?? context.text('gen_ai.tool.call.id'));
  if (toolCallId === null) return context.unusable('has no tool_use_id');
  const { sessionId, key } = context;
  const name = nameOf(context.text('tool_name'));
  // an execution's name is that of the span above it
  if (name === null) return context.mapped([]);
  return context.mapped([
    context.event('tool_call.recorded', { toolCallId, sessionId, key, name, startedAt, completedAt: endedAt, ...more }),
  ]);
}

import { categoryOf } from '../../importers/failure-category.js';
import { idOf, nameOf, textOf as storable } from '../../importers/names.js';
import { idOfParts } from '../events.js';
import type { LogRecord, Mapped, MappingRights } from '../records.js';
import { isoOf } from '../../iso.js';
import { momentText } from '../times.js';
import { booleanOf, roundedCountOf, wordOf, type Value } from '../values.js';
import { Context } from './context.js';
import { rejectedBy } from './rejections.js';
import { costUsdOf, speedOf, usageOf } from './usage.js';

const PREFIX = 'claude_code.';

/** The name of the event that a record is, without `claude_code.`; null if it is none of Claude Code's. */
export function claudeCodeEvent({ body, eventName, attributes, resource, scope }: LogRecord): string | null {
  const said = attributes['event.name'];
  const name = nonEmpty(said) ?? nonEmpty(eventName) ?? nonEmpty(body);
  const isOurs =
    scope.startsWith('com.anthropic.claude_code') ||
    resource['service.name'] === 'claude-code' ||
    [said, eventName, body].some((one) => nonEmpty(one)?.startsWith(PREFIX));
  return isOurs && name !== null ? name.replace(PREFIX, '').slice(0, 100) : null;
}

function nonEmpty(value: Value | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

type Mapping = (context: Context) => Mapped;

/** Maps one log record of Claude Code (https://code.claude.com/docs/en/monitoring-usage, "Events"). Pure. */
export function mapClaudeCodeLog(record: LogRecord, event: string, rights: MappingRights): Mapped {
  const name = PREFIX + event;
  const mapping = Object.hasOwn(MAPPINGS, event) ? MAPPINGS[event] : undefined;
  if (!mapping) return { name, outcome: 'unknown', events: [] };
  if (record.at === null) return { name, outcome: 'unusable', note: 'has no time between 2000 and 2100', events: [] };
  const { attributes } = record;
  const word = (one: string): string => wordOf(attributes[one]);
  const identity = `${momentText(record.at)}\n${word('event.sequence')}\n${word('request_id')}\n${word('tool_use_id')}`;
  return mapping(new Context(name, record, attributes, record.at.ms, identity, rights));
}

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  user_prompt: mapPrompt,
  api_request: mapRequest,
  api_error: mapError,
  api_retries_exhausted: mapError,
  api_refusal: mapRefusal,
  tool_result: mapToolResult,
  tool_decision: mapToolDecision,
  assistant_response: mapResponse,
};

/** A prompt starts a run. A command may lead to no message, or to several: it has no message.uuid. */
function mapPrompt(context: Context): Mapped {
  const { sessionId, key, atMs, userIds, platform } = context;
  if (sessionId === null) return context.unusable('has no session.id');
  const uuid = idOf(context.text('message.uuid'));
  const isCommand = context.text('command_name') !== null;
  const runId = uuid ?? (key === null ? idOf(`prompt:${sessionId}:${isoOf(atMs)}`) : null);
  const [userId] = userIds;
  const run = { runId, key, sessionId, userId, startedAt: isoOf(atMs), endIsDerived: true, ...platform };
  const messageId = uuid ?? idOf(`key:${key ?? runId}`);
  const message = {
    messageId,
    key,
    sessionId,
    userId,
    role: 'user',
    sentAt: isoOf(atMs),
    text: saidText(context, 'prompt'),
  };
  const events = [context.event('run.started', run)];
  if (uuid !== null || !isCommand) events.push(context.event('message.created', message));
  return context.mapped(events);
}

function mapRequest(context: Context): Mapped {
  const usage = usageOf(context);
  if (typeof usage === 'string') return context.unusable(usage);
  const model = nameOf(context.text('model'));
  if (model === null) return context.unusable('has no model');
  const { sessionId, key, atMs } = context;
  const requestId = idOf(context.text('request_id'));
  const named = requestId ?? idOf(context.text('client_request_id'));
  const call = {
    callId: idOf(
      `request:${named ?? idOfParts(sessionId ?? '', isoOf(atMs), wordOf(context.value('event.sequence')))}`,
    ),
    requestId,
    sessionId,
    key,
    at: isoOf(atMs),
    model,
    usage,
    costUsd: costUsdOf(context),
    speed: speedOf(context),
  };
  return context.mapped([context.event('llm_call.recorded', call)]);
}

/** Says only kind and status: a message may quote what somebody wrote. */
function mapError(context: Context): Mapped {
  const status = roundedCountOf(context.value('status_code')) ?? 0;
  const error = context.text('error') ?? '';
  const kind = /"type":\s*"(\w+_error)"/.exec(error)?.[1] ?? 'api_error';
  return runError(context, {
    failureCategory: categoryOf(kind, status, error),
    errorSummary: status === 0 ? kind : `${kind}, status ${status}`,
  });
}

/** A refusal that another model has taken over is none that anybody saw. */
function mapRefusal(context: Context): Mapped {
  if (booleanOf(context.value('server_fallback_hop')) === true) return context.mapped([]);
  return runError(context, { failureCategory: 'invalid_request', errorSummary: 'refusal' });
}

function runError(context: Context, error: { failureCategory: string; errorSummary: string }): Mapped {
  const { key, sessionId, atMs } = context;
  if (sessionId === null) return context.unusable('has no session.id');
  if (key === null) return context.unusable('has no prompt.id');
  return context.mapped([context.event('run.errored', { key, at: isoOf(atMs), ...error })]);
}

function mapToolResult(context: Context): Mapped {
  const { sessionId, key, atMs } = context;
  const name = nameOf(context.text('tool_name'));
  if (name === null) return context.unusable('has no tool_name');
  const durationMs = roundedCountOf(context.value('duration_ms'));
  const id = context.text('tool_use_id');
  const succeeded = booleanOf(context.value('success'));
  const call = {
    toolCallId: idOf(id) ?? idOfParts(sessionId ?? '', isoOf(atMs), wordOf(context.value('event.sequence'))),
    sessionId,
    key,
    name,
    startedAt: durationMs !== null && durationMs < atMs ? isoOf(atMs - durationMs) : null,
    completedAt: isoOf(atMs),
    status: succeeded === null ? null : succeeded ? 'SUCCEEDED' : 'FAILED',
    errorType: nameOf(context.text('error_type')),
    inputBytes: roundedCountOf(context.value('tool_input_size_bytes')),
    outputBytes: roundedCountOf(context.value('tool_result_size_bytes')),
  };
  return context.mapped([context.event('tool_call.recorded', call)]);
}

function mapToolDecision(context: Context): Mapped {
  const { sessionId, key, atMs } = context;
  const name = nameOf(context.text('tool_name'));
  if (name === null) return context.unusable('has no tool_name');
  const toolCallId = idOf(context.text('tool_use_id'));
  if (toolCallId === null) return context.unusable('has no tool_use_id');
  const at = isoOf(atMs);
  const isRejected = context.text('decision') === 'reject';
  const rejection = isRejected
    ? { completedAt: at, status: 'REJECTED', rejectedBy: rejectedBy(context.text('source')) }
    : {};
  return context.mapped([
    context.event('tool_call.recorded', { toolCallId, sessionId, key, name, startedAt: at, ...rejection }),
  ]);
}

/** Text of the conversation's own thread; subagents and helpers speak to nobody. */
function mapResponse(context: Context): Mapped {
  const { key, sessionId, atMs } = context;
  const source = context.text('query_source');
  const isOfThread = source === null || /^(repl_main_thread|sdk)\b/.test(source);
  if (!isOfThread || context.text('agent.name') !== null) return context.mapped([]);
  const id = context.text('request_id') ?? `${isoOf(atMs)}:${wordOf(context.value('event.sequence'))}`;
  const message = {
    messageId: idOf(`key:${key ?? sessionId}:${id}`),
    ...{ key, sessionId, role: 'agent', sentAt: isoOf(atMs), text: saidText(context, 'response') },
  };
  return context.mapped([context.event('message.created', message)]);
}

/** Texts are masked unless the user wants to send them. */
function saidText(context: Context, name: string): string | null {
  const text = context.text(name);
  return text === null || text === '<REDACTED>' ? null : storable(text);
}

import { MAX_KEY_CHARACTERS } from '../../contract/values.js';
import { categoryOf } from '../../importers/failure-category.js';
import { idOf, nameOf } from '../../importers/names.js';
import { RecordContext, type Naming } from '../context.js';
import { idOfParts } from '../events.js';
import { logName } from '../log-name.js';
import { mapPromptOf } from '../prompt.js';
import type { LogRecord, Mapped, MappingRights } from '../records.js';
import { isoOf } from '../../iso.js';
import { momentText } from '../times.js';
import { booleanOf, countOf, roundedCountOf, wordOf } from '../values.js';

const PREFIX = 'codex.';
/** What ties a conversation's records to the runs of its prompts, by time: only the prompt itself has a key of its own. */
const KEY = 'codex:';

/** https://github.com/openai/codex, codex-rs/otel: what every event of `[otel]` carries. */
const NAMING: Naming = {
  runtime: 'codex',
  session: ['conversation.id'],
  users: ['user.email', 'user.account_id'],
};

export function isCodexLog(record: LogRecord): boolean {
  return logName(record).startsWith(PREFIX);
}

type Mapping = (context: RecordContext) => Mapped;

/** Maps one log record of Codex's `[otel]` exporter. Commands, their output and texts of errors are never taken. Pure. */
export function mapCodexLog(record: LogRecord, rights: MappingRights): Mapped {
  const name = logName(record);
  const mapping = Object.hasOwn(MAPPINGS, name) ? MAPPINGS[name] : undefined;
  if (!mapping) return { name: name.slice(0, 100), outcome: 'unknown', events: [] };
  if (record.at === null) return { name, outcome: 'unusable', note: 'has no time between 2000 and 2100', events: [] };
  const { attributes: own } = record;
  const told = ['call_id', 'event.kind', 'input_token_count', 'output_token_count', 'attempt'];
  const identity = [momentText(record.at), ...told.map((one) => wordOf(own[one]))].join('\n');
  const context = new RecordContext({ name, origin: record, own, atMs: record.at.ms, identity, rights }, NAMING);
  return context.sessionId === null ? context.unusable('has no conversation.id') : mapping(context);
}

const nothing: Mapping = (context) => context.mapped([]);

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  'codex.conversation_starts': nothing,
  'codex.user_prompt': mapPrompt,
  'codex.sse_event': mapResponse,
  'codex.tool_decision': mapDecision,
  'codex.tool_result': mapResult,
  'codex.api_request': mapRequest,
  'codex.websocket_connect': nothing,
  'codex.websocket_request': nothing,
};

function mapPrompt(context: RecordContext): Mapped {
  const text = context.text('prompt');
  const key = keyOf(`${context.sessionId}:${isoOf(context.atMs)}`);
  return mapPromptOf(context, key, text === '[REDACTED]' ? null : text);
}

/** A request that is answered is told by its response. */
function mapRequest(context: RecordContext): Mapped {
  const status = roundedCountOf(context.value('http.response.status_code')) ?? 0;
  const error = context.text('error.message');
  return status >= 400 || error !== null ? failedCall(context, status, error ?? '') : context.mapped([]);
}

/** The error's text only says of which kind it is. */
function failedCall(context: RecordContext, status: number, error: string): Mapped {
  const { sessionId, atMs } = context;
  return context.mapped([
    context.event('llm_call.recorded', {
      ...{ callId: `codex:${context.ownId}`, sessionId, key: keyOf(sessionId!), at: isoOf(atMs) },
      model: nameOf(context.text('model') ?? context.text('slug')) ?? 'unknown',
      ...{ usage: NOTHING, costUsd: '0' },
      failureCategory: categoryOf('', status, error),
      errorSummary: status === 0 ? 'request failed' : `request failed, status ${status}`,
    }),
  ]);
}

const NOTHING = { inputTokens: 0, outputTokens: 0 };

/** Only a completed response tells its tokens. */
function mapResponse(context: RecordContext): Mapped {
  const kind = context.text('event.kind');
  const error = context.text('error.message');
  if (error !== null && kind !== 'response.completed') return failedCall(context, 0, error);
  const isCompleted = kind === 'response.completed';
  if (!isCompleted || context.value('input_token_count') === undefined) return context.mapped([]);
  const usage = usageOf(context);
  if (typeof usage === 'string') return context.unusable(usage);
  const model = nameOf(context.text('model') ?? context.text('slug'));
  if (model === null) return context.unusable('has no model');
  const { sessionId, atMs } = context;
  // a response has no id
  const callId = `codex:${context.ownId}`;
  const call = { callId, sessionId, key: keyOf(sessionId!), at: isoOf(atMs), model, usage };
  return context.mapped([context.event('llm_call.recorded', call)]);
}

/** Input includes what was cached, output what was reasoned. A text says which count is none. */
function usageOf(context: RecordContext): Record<string, number> | string {
  const count = (name: string): number | null => countOf(context.value(name));
  const [inputTokens, outputTokens] = [count('input_token_count'), count('output_token_count')];
  if (inputTokens === null) return 'input_token_count is no token count';
  if (outputTokens === null) return 'output_token_count is no token count';
  const reasoningTokens = Math.min(count('reasoning_token_count') ?? 0, outputTokens);
  return {
    inputTokens,
    outputTokens,
    reasoningTokens,
    cacheReadTokens: Math.min(count('cached_token_count') ?? 0, inputTokens),
  };
}

function mapDecision(context: RecordContext): Mapped {
  const { sessionId, atMs } = context;
  const at = isoOf(atMs);
  const isRejected = /^(denied|abort|timed_out)/.test(context.text('decision') ?? '');
  const rejectedBy = /^user/i.test(context.text('source') ?? '') ? 'person' : 'policy';
  return toolCall(context, {
    ...{ sessionId, startedAt: at },
    ...(isRejected ? { completedAt: at, status: 'REJECTED', rejectedBy } : {}),
  });
}

function mapResult(context: RecordContext): Mapped {
  const { sessionId, atMs } = context;
  const durationMs = roundedCountOf(context.value('duration_ms'));
  const succeeded = booleanOf(context.value('success'));
  const input = context.text('arguments');
  return toolCall(context, {
    sessionId,
    startedAt: durationMs !== null && durationMs < atMs ? isoOf(atMs - durationMs) : null,
    completedAt: isoOf(atMs),
    status: succeeded === null ? null : succeeded ? 'SUCCEEDED' : 'FAILED',
    inputBytes: input === null ? null : Buffer.byteLength(input),
  });
}

function toolCall(context: RecordContext, said: Record<string, unknown>): Mapped {
  const name = nameOf(context.text('tool_name'));
  if (name === null) return context.unusable('has no tool_name');
  const { sessionId, atMs } = context;
  const toolCallId = idOf(context.text('call_id')) ?? idOfParts(sessionId!, isoOf(atMs), name);
  return context.mapped([context.event('tool_call.recorded', { toolCallId, key: keyOf(sessionId!), name, ...said })]);
}

function keyOf(what: string): string {
  const key = KEY + what;
  return key.length <= MAX_KEY_CHARACTERS ? key : `${KEY}${idOfParts(what)}`;
}

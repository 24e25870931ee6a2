import { MAX_KEY_CHARACTERS } from '../../contract/values.js';
import { categoryOf } from '../../importers/failure-category.js';
import { nameOf } from '../../importers/names.js';
import { RecordContext, type Naming } from '../context.js';
import { idOfParts } from '../events.js';
import { logName } from '../log-name.js';
import { mapPromptOf } from '../prompt.js';
import type { LogRecord, Mapped, MappingRights } from '../records.js';
import { isoOf } from '../../iso.js';
import { momentText } from '../times.js';
import { booleanOf, countOf, roundedCountOf, wordOf } from '../values.js';

const PREFIX = 'gemini_cli.';

/** https://geminicli.com/docs/cli/telemetry, "Logs, metrics, and traces" */
export const NAMING: Naming = {
  runtime: 'gemini-cli',
  session: ['session.id'],
  users: ['user.email', 'installation.id'],
};

export function isGeminiLog(record: LogRecord): boolean {
  return logName(record).startsWith(PREFIX) || record.resource['service.name'] === 'gemini-cli';
}

type Mapping = (context: RecordContext, key: string | null) => Mapped;

/** Maps one log record of Gemini CLI. Arguments and results of tools and messages of errors are never taken. Pure. */
export function mapGeminiLog(record: LogRecord, rights: MappingRights): Mapped {
  const name = logName(record);
  const mapping = Object.hasOwn(MAPPINGS, name) ? MAPPINGS[name] : undefined;
  if (!mapping) return { name: name.slice(0, 100), outcome: 'unknown', events: [] };
  if (record.at === null) return { name, outcome: 'unusable', note: 'has no time between 2000 and 2100', events: [] };
  const { attributes: own } = record;
  const told = ['prompt_id', 'function_name', 'start_time', 'model', 'input_token_count', 'output_token_count'];
  const identity = [momentText(record.at), ...told.map((one) => wordOf(own[one]))].join('\n');
  const context = new RecordContext({ name, origin: record, own, atMs: record.at.ms, identity, rights }, NAMING);
  const { sessionId } = context;
  if (sessionId === null) return context.unusable('has no session.id');
  return mapping(context, keyOf(sessionId, context.text('prompt_id')));
}

const nothing: Mapping = (context) => context.mapped([]);

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  'gemini_cli.config': nothing,
  'gemini_cli.user_prompt': mapPrompt,
  'gemini_cli.api_request': nothing,
  'gemini_cli.api_response': mapResponse,
  'gemini_cli.api_error': mapError,
  'gemini_cli.tool_call': mapTool,
  // tells of the same response without its prompt
  'gen_ai.client.inference.operation.details': nothing,
};

function mapPrompt(context: RecordContext, key: string | null): Mapped {
  return key === null ? context.unusable('has no prompt_id') : mapPromptOf(context, key, context.text('prompt'));
}

function mapResponse(context: RecordContext, key: string | null): Mapped {
  const usage = usageOf(context);
  if (typeof usage === 'string') return context.unusable(usage);
  const model = nameOf(context.text('model'));
  if (model === null) return context.unusable('has no model');
  const { sessionId, atMs } = context;
  const role = nameOf(context.text('role'));
  const phase = role === 'main' ? null : role;
  // a response has no id
  const callId = `gemini:${context.ownId}`;
  const call = { callId, sessionId, key, at: isoOf(atMs), model, usage, phase };
  return context.mapped([context.event('llm_call.recorded', call)]);
}

/**
 * Prompt tokens include the cached ones; tokens of tools' prompts and of thoughts are counted apart from prompt and answer.
 * A text says which count is none.
 */
function usageOf(context: RecordContext): Record<string, number> | string {
  const counts: number[] = [];
  for (const name of TOKENS) {
    const value = context.value(name);
    const count = countOf(value ?? (name.startsWith('input') || name.startsWith('output') ? null : 0));
    if (count === null) return value === undefined ? `has no ${name}` : `${name} is no token count`;
    counts.push(count);
  }
  const [prompt, answer, cached, thoughts, tools] = counts as [number, number, number, number, number];
  const [inputTokens, outputTokens] = [prompt + tools, answer + thoughts];
  if (!Number.isSafeInteger(inputTokens) || !Number.isSafeInteger(outputTokens))
    return 'has more tokens than can be counted';
  return { inputTokens, outputTokens, cacheReadTokens: Math.min(cached, inputTokens), reasoningTokens: thoughts };
}

const TOKENS = [
  'input_token_count',
  'output_token_count',
  'cached_content_token_count',
  'thoughts_token_count',
  'tool_token_count',
];

/** Says only kind and status: a message may quote what somebody wrote. */
function mapError(context: RecordContext, key: string | null): Mapped {
  if (key === null) return context.unusable('has no prompt_id');
  const status = roundedCountOf(context.value('status_code')) ?? 0;
  const kind = /^[\w.-]{1,60}$/.exec(context.firstText('error.type', 'error_type') ?? '')?.[0] ?? 'api_error';
  const error = context.firstText('error.message', 'error') ?? '';
  return context.mapped([
    context.event('run.errored', {
      ...{ key, at: isoOf(context.atMs) },
      failureCategory: categoryOf(kind, status, error),
      errorSummary: status === 0 ? kind : `${kind}, status ${status}`,
    }),
  ]);
}

function mapTool(context: RecordContext, key: string | null): Mapped {
  const name = nameOf(context.text('function_name'));
  if (name === null) return context.unusable('has no function_name');
  const { sessionId, atMs } = context;
  const durationMs = roundedCountOf(context.value('duration_ms'));
  const startedMs =
    momentMs(context, 'start_time') ?? (durationMs !== null && durationMs < atMs ? atMs - durationMs : null);
  const isRejected = context.text('decision') === 'reject';
  const succeeded = booleanOf(context.value('success'));
  const ended = succeeded === null ? null : succeeded ? 'SUCCEEDED' : 'FAILED';
  const call = {
    toolCallId: `gemini:${context.ownId}`,
    ...{ sessionId, key, name },
    startedAt: startedMs === null ? null : isoOf(startedMs),
    completedAt: isoOf(momentMs(context, 'end_time') ?? atMs),
    status: isRejected ? 'REJECTED' : ended,
    rejectedBy: isRejected ? 'person' : null,
    errorType: isRejected ? null : nameOf(context.firstText('error.type', 'error_type')),
    outputBytes: roundedCountOf(context.value('content_length')),
  };
  return context.mapped([context.event('tool_call.recorded', call)]);
}

/** A time given as epoch milliseconds. */
function momentMs(context: RecordContext, name: string): number | null {
  const ms = roundedCountOf(context.value(name));
  return ms !== null && ms >= Date.UTC(2000, 0, 1) && ms < Date.UTC(2100, 0, 1) ? ms : null;
}

/** A prompt's id contains its session's. */
function keyOf(sessionId: string, promptId: string | null): string | null {
  if (promptId === null) return null;
  const key = `gemini:${sessionId}:${promptId}`;
  return key.length <= MAX_KEY_CHARACTERS ? key : `gemini:${idOfParts(key)}`;
}

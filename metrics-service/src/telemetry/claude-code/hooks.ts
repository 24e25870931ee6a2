import type { CloudEvent } from '../../contract/cloud-event.js';
import { idOf, nameOf, textOf as storable } from '../../importers/names.js';
import { eventOf, idOfParts } from '../events.js';
import type { Mapped } from '../records.js';
import { seenEvents } from '../session-seen.js';
import { isoOf } from '../../iso.js';
import { booleanOf, roundedCountOf, textOf, type Attributes } from '../values.js';
import { keyOfPrompt } from './context.js';

export const HOOK_SOURCE = 'hook:claude-code';

/** Why a turn failed (https://code.claude.com/docs/en/hooks, "StopFailure") as a failure category. */
const CATEGORIES: Readonly<Record<string, string>> = {
  rate_limit: 'rate_limited',
  overloaded: 'provider_error',
  server_error: 'provider_error',
  authentication_failed: 'permission_denied',
  oauth_org_not_allowed: 'permission_denied',
  account_on_hold: 'permission_denied',
  verification_required: 'permission_denied',
  cloud_credential_error: 'permission_denied',
  billing_error: 'budget_exceeded',
  invalid_request: 'invalid_request',
  model_not_found: 'invalid_request',
  max_output_tokens: 'context_overflow',
};

interface Hook {
  readonly sessionId: string;
  /** null where the agent is too old to tell the prompt */
  readonly key: string | null;
  readonly input: Attributes;
  readonly atMs: number;
  event(type: CloudEvent['type'], data: Record<string, unknown>): CloudEvent;
}

type Mapping = (hook: Hook) => CloudEvent[];

/**
 * Maps what one http hook of Claude Code posts (https://code.claude.com/docs/en/hooks), as of its receipt: hooks tell no
 * time. Commands, paths and results of tools are never taken. Pure.
 */
export function mapClaudeCodeHook(input: Attributes, atMs: number): Mapped {
  const name = textOf(input.hook_event_name) ?? '';
  const mapping = Object.hasOwn(MAPPINGS, name) ? MAPPINGS[name] : undefined;
  if (!mapping) return { name, outcome: 'unknown', events: [] };
  const sessionId = idOf(textOf(input.session_id));
  if (sessionId === null) return { name, outcome: 'unusable', note: 'has no session_id', events: [] };
  const prompt = textOf(input.prompt_id);
  const id = idOfParts(name, sessionId, prompt ?? '', textOf(input.tool_use_id) ?? '', isoOf(atMs));
  const event: Hook['event'] = (type, data) => eventOf({ source: HOOK_SOURCE, id, timeMs: atMs }, type, data);
  const hook = { sessionId, key: keyOfPrompt(sessionId, prompt), input, atMs, event };
  const seen = seenEvents({ sessionId, atMs, source: HOOK_SOURCE, runtime: 'claude-code', userIds: [] });
  return { name, outcome: 'mapped', events: [...seen, ...mapping(hook)] };
}

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  UserPromptSubmit: mapPrompt,
  Stop: (hook) => stopped(hook, { status: 'SUCCEEDED' }),
  StopFailure: mapFailure,
  SessionEnd: ({ sessionId, atMs, event }) => [event('session.ended', { sessionId, at: isoOf(atMs) })],
  PreToolUse: (hook) => toolCall(hook, { startedAt: isoOf(hook.atMs) }),
  PostToolUse: (hook) => toolCall(hook, { ...timesOf(hook), status: 'SUCCEEDED' }),
  PostToolUseFailure: (hook) =>
    toolCall(hook, {
      ...timesOf(hook),
      status: 'FAILED',
      errorType: booleanOf(hook.input.is_interrupt) === true ? 'interrupt' : null,
    }),
  PermissionRequest: (hook) => toolCall(hook, { startedAt: isoOf(hook.atMs), awaitStartedAt: isoOf(hook.atMs) }),
};

function mapPrompt({ sessionId, key, input, atMs, event }: Hook): CloudEvent[] {
  if (key === null) return [];
  const at = isoOf(atMs);
  const text = textOf(input.prompt);
  return [
    event('run.started', { key, sessionId, startedAt: at, endIsDerived: true }),
    event('message.created', {
      messageId: idOf(`key:${key}`),
      ...{ key, sessionId, role: 'user', sentAt: at, text: text === null ? null : storable(text) },
    }),
  ];
}

function mapFailure(hook: Hook): CloudEvent[] {
  const kind = textOf(hook.input.error) ?? textOf(hook.input.error_type) ?? 'unknown';
  const isKind = /^[a-z_]{1,60}$/.test(kind);
  return stopped(hook, {
    status: 'FAILED',
    failureCategory: CATEGORIES[kind] ?? 'unknown',
    errorSummary: isKind ? kind : null,
  });
}

/** Without the prompt it is the session's open run that ended so. */
function stopped({ sessionId, key, atMs, event }: Hook, how: Record<string, unknown>): CloudEvent[] {
  const at = isoOf(atMs);
  if (key !== null) return [event('run.stopped', { key, at, ...how })];
  const { status, failureCategory } = how;
  return [event('session.ended', { sessionId, at, status, failureCategory })];
}

function toolCall({ sessionId, key, input, event }: Hook, more: Record<string, unknown>): CloudEvent[] {
  const toolCallId = idOf(textOf(input.tool_use_id));
  const name = nameOf(textOf(input.tool_name));
  if (toolCallId === null || name === null) return [];
  return [event('tool_call.recorded', { toolCallId, sessionId, key, name, ...more })];
}

function timesOf({ input, atMs }: Hook): Record<string, string | null> {
  const durationMs = roundedCountOf(input.duration_ms);
  const startedMs = durationMs !== null && durationMs < atMs ? atMs - durationMs : null;
  return { startedAt: startedMs === null ? null : isoOf(startedMs), completedAt: isoOf(atMs) };
}

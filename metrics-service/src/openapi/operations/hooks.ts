import type { Operation } from '../operation.js';

const CLAUDE_CODE = { session_id: 's-1', prompt_id: 'p-1', hook_event_name: 'Stop', stop_hook_active: false };
const RUNNER = { sessionId: 's-1', exitReason: 'completed', correlationId: 'ABC-12', endedAt: '2026-01-31T10:00:00Z' };

const taken = {
  200: {
    description: 'Always an empty object, also for what is not known or too large: an agent is never disturbed.',
    content: { 'application/json': { schema: { type: 'object' }, examples: { taken: { value: {} } } } },
  },
} as const;

const hook = (name: string, id: string, summary: string, description: string, value: object): Operation => ({
  method: 'post',
  path: `/v1/hooks/${name}`,
  id,
  tag: 'Sending',
  summary,
  description,
  scope: 'ingest',
  body: {
    description: 'At most 1 MiB; larger ones are left out.',
    content: { 'application/json': { schema: { type: 'object' }, examples: { hook: { value } } } },
  },
  answers: taken,
  problems: ['invalid_request', 'unsupported_media_type'],
});

export const sendHooks: readonly Operation[] = [
  hook(
    'claude-code',
    'sendClaudeCodeHook',
    'Tell of a hook of Claude Code',
    'What an `http` hook of Claude Code posts: `UserPromptSubmit`, `Stop`, `StopFailure`, `SessionEnd`, and those of tools.',
    CLAUDE_CODE,
  ),
  hook(
    'runner',
    'sendRunnerHook',
    'Tell that a runner’s session ended',
    '`exitReason` is `completed`, `failed`, `interrupted` or `abandoned`, and so ended the session’s open run.',
    RUNNER,
  ),
];

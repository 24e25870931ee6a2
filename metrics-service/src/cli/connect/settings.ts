import { z } from 'zod';

/** What Claude Code's settings hold for this service: https://code.claude.com/docs/en/settings, …/monitoring-usage, …/hooks. */

type Json = Record<string, unknown>;

/** What is merged into must be of this shape. */
export const CLAUDE_CODE_SHAPE = z.looseObject({
  env: z.record(z.string(), z.unknown()).optional(),
  hooks: z.record(z.string(), z.array(z.unknown())).optional(),
});

export interface ClaudeCodeOptions {
  /** the service's address, without a slash at its end */
  readonly url: string;
  readonly token: string;
  readonly hooks: boolean;
  /** tell of every tool call as well */
  readonly toolHooks: boolean;
  readonly traces: boolean;
}

const HOOK_PATH = '/v1/hooks/claude-code';
const HOOKS = ['UserPromptSubmit', 'Stop', 'StopFailure', 'SessionEnd'];
const TOOL_HOOKS = ['PreToolUse', 'PostToolUse', 'PostToolUseFailure'];
/** Seconds: an agent must not wait for us. */
const HOOK_TIMEOUT_S = 2;

/** The environment variables of telemetry. */
export function telemetryEnv({
  url,
  token,
  traces,
}: Pick<ClaudeCodeOptions, 'url' | 'token' | 'traces'>): Record<string, string> {
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${token}`,
    OTEL_METRICS_INCLUDE_REPOSITORY: 'true',
    ...(traces ? { CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1', OTEL_TRACES_EXPORTER: 'otlp' } : {}),
  };
}

/** Settings with telemetry and hooks for the service, and nothing else. */
export function claudeCodeSettings(options: ClaudeCodeOptions): Json {
  return withService({}, options);
}

/** The settings with those of the service merged in; what is about anything else stays as it is. */
export function withService(settings: Json, options: ClaudeCodeOptions): Json {
  const env = { ...objectOf(settings.env), ...telemetryEnv(options) };
  if (!options.hooks) return { ...settings, env };
  const names = [...HOOKS, ...(options.toolHooks ? TOOL_HOOKS : [])];
  const hook = {
    type: 'http',
    url: options.url + HOOK_PATH,
    headers: { Authorization: `Bearer ${options.token}` },
    timeout: HOOK_TIMEOUT_S,
  };
  const others = objectOf(withoutHooks(settings).hooks);
  const own = Object.fromEntries(names.map((name) => [name, [...listOf(others[name]), { hooks: [hook] }]]));
  return { ...settings, env, hooks: { ...others, ...own } };
}

/** The settings without those of the service: variables are again what they were before, or gone. */
export function withoutService(settings: Json, before: Json): Json {
  const env = { ...objectOf(settings.env) };
  const former = objectOf(before.env);
  for (const name of Object.keys(telemetryEnv({ url: '', token: '', traces: true }))) {
    if (name in former) env[name] = former[name];
    else delete env[name];
  }
  const rest = without(withoutHooks(settings), 'env');
  return Object.keys(env).length > 0 || 'env' in before ? { ...rest, env } : rest;
}

/** Without our hooks; lists of which nothing is left go, too. */
function withoutHooks(settings: Json): Json {
  const hooks = Object.entries(objectOf(settings.hooks)).flatMap(([name, groups]): [string, unknown][] => {
    if (!Array.isArray(groups)) return [[name, groups]];
    const kept = groups.map(withoutOwn).filter((group) => group !== null);
    return kept.length === 0 && groups.length > 0 ? [] : [[name, kept]];
  });
  const rest = without(settings, 'hooks');
  return hooks.length > 0 ? { ...rest, hooks: Object.fromEntries(hooks) } : rest;
}

/** A group of hooks without ours; null if nothing else is in it. */
function withoutOwn(group: unknown): unknown {
  const { hooks } = objectOf(group);
  if (!Array.isArray(hooks)) return group;
  const others = hooks.filter((hook) => !isOwn(objectOf(hook).url));
  if (others.length === hooks.length) return group;
  return others.length === 0 ? null : { ...objectOf(group), hooks: others };
}

function isOwn(url: unknown): boolean {
  return typeof url === 'string' && url.endsWith(HOOK_PATH);
}

function without(settings: Json, name: string): Json {
  return Object.fromEntries(Object.entries(settings).filter(([one]) => one !== name));
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

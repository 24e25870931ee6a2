import type { SpanRecord } from '../records.js';
import { textOf } from '../values.js';

/** What a span is about, by the names of the GenAI semantic conventions. */
export type Operation = 'agent' | 'workflow' | 'call' | 'tool' | 'other';

/** https://github.com/open-telemetry/semantic-conventions-genai, `gen_ai.operation.name` */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  invoke_agent: 'agent',
  invoke_workflow: 'workflow',
  chat: 'call',
  text_completion: 'call',
  generate_content: 'call',
  execute_tool: 'tool',
  // known, and nothing follows from them
  create_agent: 'other',
  embeddings: 'other',
  retrieval: 'other',
  plan: 'other',
};

/** What the AI SDK of Vercel (up to version 6) calls them, in `ai.operationId`. */
const AI_SDK: readonly (readonly [RegExp, string])[] = [
  [/^ai\.\w+\.do(Generate|Stream)$/, 'chat'],
  [/^ai\.toolCall$/, 'execute_tool'],
  [/^ai\.(generate|stream)(Text|Object)$/, 'invoke_agent'],
];

/** What OpenLLMetry calls them where it does not name an operation. */
const OPEN_LLMETRY: Readonly<Record<string, string>> = {
  chat: 'chat',
  completion: 'text_completion',
  agent: 'invoke_agent',
  workflow: 'invoke_workflow',
  tool: 'execute_tool',
};

/** The operation that a span names, as the conventions call it; null if it is none of theirs. */
export function operationName({ attributes }: SpanRecord): string | null {
  const named = textOf(attributes['gen_ai.operation.name']);
  if (named !== null) return named.slice(0, 100);
  const ofSdk = textOf(attributes['ai.operationId']);
  if (ofSdk !== null) return AI_SDK.find(([pattern]) => pattern.test(ofSdk))?.[1] ?? null;
  const kind = textOf(attributes['llm.request.type']) ?? textOf(attributes['traceloop.span.kind']) ?? '';
  return Object.hasOwn(OPEN_LLMETRY, kind) ? OPEN_LLMETRY[kind]! : null;
}

export function operationOf(name: string): Operation | null {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name]! : null;
}

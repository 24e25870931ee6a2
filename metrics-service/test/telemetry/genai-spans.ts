import { nanosOf, type SentSpan } from './otlp.js';

export const START = Date.parse('2026-03-02T10:00:00.000Z');
export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

export const at = (seconds: number): Date => new Date(START + seconds * 1_000);
export const id = (name: string): string => Buffer.from(name.padEnd(8, '_')).toString('hex').slice(0, 16);

export type Attributes = Record<string, unknown>;
/** A span named by eight letters at most, in the one of that name; `[from, to]` in seconds. */
export function span(
  operation: string,
  name: string,
  parent: string | null,
  [from, to]: number[],
  more: Attributes = {},
): SentSpan {
  return {
    name: `${operation} ${name}`,
    traceId: TRACE,
    spanId: id(name),
    ...(parent === null ? {} : { parentSpanId: id(parent) }),
    ...{ from: nanosOf(START + from! * 1_000), to: nanosOf(START + to! * 1_000) },
    attributes: { 'gen_ai.operation.name': operation, ...more },
  };
}
export const agent = (name: string, parent: string | null, times: number[], more: Attributes = {}): SentSpan =>
  span('invoke_agent', name, parent, times, {
    'gen_ai.agent.name': name,
    'gen_ai.conversation.id': `of ${name}`,
    ...more,
  });
export const tool = (name: string, parent: string, times: number[], more: Attributes = {}): SentSpan =>
  span('execute_tool', name, parent, times, {
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': `call_${id(name)}`,
    ...more,
  });
export const chat = (
  name: string,
  parent: string,
  times: number[],
  [input, output]: number[],
  more: Attributes = {},
): SentSpan =>
  span('chat', name, parent, times, {
    ...{ 'gen_ai.request.model': 'gpt-5', 'gen_ai.response.model': 'gpt-5-2025-08-07' },
    ...{ 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output },
    ...{ 'gen_ai.response.id': `resp_${id(name)}`, ...more },
  });

/** A planner asks a researcher through a tool; a framework's own span lies between, which is of no operation. */
export const NESTED = [
  agent('planner', null, [0, 20], { 'user.id': 'ann' }),
  chat('c1', 'planner', [1, 3], [100, 10]),
  tool('ask', 'planner', [4, 15]),
  agent('research', 'ask', [5, 14]),
  chat('c2', 'research', [6, 8], [200, 20], { 'gen_ai.usage.cache_read.input_tokens': 150 }),
  tool('search', 'research', [9, 10]),
  // in a span of the framework that is not sent
  chat('c3', 'gone', [11, 13], [300, 30]),
  chat('c4', 'planner', [16, 19], [400, 40], { 'gen_ai.usage.cache_write.input_tokens': 50 }),
];

import { importClaudeCode, transcriptOf } from '../../src/importers/claude-code/index.js';
import { PromptIds } from '../../src/importers/claude-code/prompt-ids.js';
import { Since } from '../../src/importers/since.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';

/** Hand-written records: `s` is the second of 2026-03-01 12:00 UTC (or an own timestamp), other members as given. */
export type Members = Record<string, unknown>;
export const SESSION = 'session-1';
export const START = Date.UTC(2026, 2, 1, 12);

export function at(s: number): string {
  return new Date(START + Math.round(s * 1000)).toISOString();
}

export function record(type: string, uuid: string, s: number, members: Members = {}): Members {
  return { type, uuid, timestamp: at(s), sessionId: SESSION, cwd: '/home/dev/shop', gitBranch: 'main', ...members };
}

export function user(uuid: string, s: number, content: unknown, members: Members = {}): Members {
  return record('user', uuid, s, { message: { role: 'user', content }, ...members });
}

export function result(uuid: string, s: number, members: Members = {}): Members {
  return user(uuid, s, [{ type: 'tool_result', tool_use_id: 't', content: 'done' }], members);
}

export function interruption(uuid: string, s: number): Members {
  return user(uuid, s, [{ type: 'text', text: '[Request interrupted by user]' }]);
}

/** A line of a call: `block` is text or tool; `usage` [input, output, read, write, write1h]. */
export function agent(
  uuid: string,
  s: number,
  id: string,
  block: 'text' | 'tool',
  counts: number[] = [1, 1],
  more: Members = {},
): Members {
  const [input = 0, output = 0, read = 0, write = 0, write1h = 0] = counts;
  const usage = {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: write,
    cache_creation: { ephemeral_5m_input_tokens: write - write1h, ephemeral_1h_input_tokens: write1h },
  };
  const content = block === 'text' ? [{ type: 'text', text: 'Well.' }] : [{ type: 'tool_use', id: 't', name: 'Bash' }];
  const { message, ...members } = more;
  const base = { id, role: 'assistant', model: 'claude-opus-5', content, stop_reason: null, usage };
  return record('assistant', uuid, s, { message: { ...base, ...(message as Members | undefined) }, ...members });
}

export interface Reading {
  nowMs?: number;
  role?: 'main' | 'subagent' | 'orphan';
  withText?: boolean;
  sinceMs?: number;
  /** the file's name, without what says its format */
  file?: string;
  promptIds?: PromptIds;
}

/** The events of one file of these lines (records, or texts as they are), and what could not be read. */
export function read(
  lines: (Members | string)[],
  reading: Reading = {},
): { events: ImportedEvent[]; problems: Problems } {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return readBytes(Buffer.from(text), reading);
}

export function readBytes(
  bytes: Buffer,
  reading: Reading = {},
  chunk = 1000,
): { events: ImportedEvent[]; problems: Problems } {
  const problems = new Problems();
  const file = transcriptOf(
    { path: 'shop.jsonl', role: reading.role ?? 'main', sessionId: reading.file ?? 'shop' },
    {
      userId: 'dev@example.com',
      repoOf: (folder) => folder?.split('/').at(-1) ?? null,
      withText: reading.withText ?? false,
      sinceMs: reading.sinceMs,
      clock: () => reading.nowMs ?? START + 24 * 30 * 3_600_000,
      problems,
    },
    { since: new Since(reading.sinceMs), promptIds: reading.promptIds ?? new PromptIds() },
  );
  const events: ImportedEvent[] = [];
  for (let start = 0; start < bytes.length; start += chunk)
    events.push(...file.push(bytes.subarray(start, start + chunk)));
  events.push(...file.end());
  return { events, problems };
}

export async function readFolder(path: string, nowMs: number): Promise<ImportedEvent[]> {
  const events: ImportedEvent[] = [];
  const options = { userId: null, repoOf: () => null, withText: false, clock: () => nowMs, problems: new Problems() };
  for await (const some of importClaudeCode({ ...options, paths: [path] })) events.push(...some);
  return events;
}

/** The line that says that a turn of the agent is over. */
export const turnEnd = (uuid: string, s: number) =>
  record('system', uuid, s, { subtype: 'turn_duration', durationMs: 1 });

/** An error of the API, as the agent writes it down. */
export const apiError = (uuid: string, s: number, members: Members, text = 'API Error\nsecond line'): Members =>
  agent(uuid, s, uuid, 'text', [0, 0], {
    isApiErrorMessage: true,
    message: { model: '<synthetic>', content: [{ type: 'text', text }] },
    ...members,
  });

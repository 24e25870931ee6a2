import { rolloutOf } from '../../src/importers/codex/index.js';
import { Owners } from '../../src/importers/codex/owners.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Since } from '../../src/importers/since.js';
import { Problems } from '../../src/importers/problems.js';

/** Hand-written rollouts: `s` is the second of 2026-03-01 12:00 UTC, other members as given. */
export type Members = Record<string, unknown>;
export const SESSION = 'thread-1';
/** Ids of turns: as they are no UUIDs of version 7, they do not say when they were made. */
export const T1 = 'a1a1a1a1-0000-4000-8000-000000000001';
export const T2 = 'a2a2a2a2-0000-4000-8000-000000000002';
const START = Date.UTC(2026, 2, 1, 12);

export function at(s: number): string {
  return new Date(START + Math.round(s * 1000)).toISOString();
}

function line(type: string, s: number, payload: Members): Members {
  return { timestamp: at(s), type, payload };
}

export function meta(s: number, payload: Members = {}): Members {
  const git = { branch: 'main' };
  return line('session_meta', s, { id: SESSION, timestamp: at(s), cwd: '/home/dev/shop', git, ...payload });
}

export function event(type: string, s: number, payload: Members = {}): Members {
  return line('event_msg', s, { type, ...payload });
}

export function context(s: number, turnId?: string, model = 'gpt-5'): Members {
  return line('turn_context', s, { model, ...(turnId === undefined ? {} : { turn_id: turnId }) });
}

/** What the agent did: thinking, unless it is said otherwise. */
export function item(s: number, type = 'reasoning', payload: Members = {}): Members {
  return line('response_item', s, { type, ...payload });
}

/** A count: [input, cached, output, reasoning] in all, and of the last call. */
export function count(s: number, total: number[], last?: number[]): Members {
  return event('token_count', s, { info: { total_token_usage: usage(total), last_token_usage: last && usage(last) } });
}

function usage([input = 0, cached = 0, output = 0, reasoning = 0]: number[]): Members {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    total_tokens: input + output,
  };
}

export interface Reading {
  nowMs?: number;
  withText?: boolean;
  sinceMs?: number;
  owners?: Owners;
}

export function toBytes(lines: (Members | string)[]): Buffer {
  return Buffer.from(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
}

/** The events of one rollout, and what could not be read. */
export function readRollout(
  bytes: Buffer,
  { nowMs = START + 30 * 86_400_000, withText = false, sinceMs, owners = new Owners() }: Reading = {},
): { events: ImportedEvent[]; problems: Problems } {
  const problems = new Problems();
  const options = { userId: 'dev@example.com', withText, sinceMs, clock: () => nowMs, problems };
  const file = rolloutOf(
    'rollout.jsonl',
    { ...options, repoOf: (folder) => folder?.split('/').at(-1) ?? null },
    { owners, since: new Since(sinceMs) },
  );
  const events: ImportedEvent[] = [];
  for (let start = 0; start < bytes.length; start += 999) events.push(...file.push(bytes.subarray(start, start + 999)));
  events.push(...file.end());
  return { events, problems };
}

export const started = (s: number, id: string) => event('task_started', s, { turn_id: id });
export const completed = (s: number, id: string, more: Members = {}) =>
  event('task_complete', s, { turn_id: id, last_agent_message: 'Done.', ...more });

/** A whole turn, with two steps of the count. */
export const TURN = [
  meta(0),
  started(1, T1),
  event('user_message', 1, { message: 'go' }),
  context(2, T1),
  event('token_count', 2.5, { info: null }),
  item(5),
  count(6, [100, 40, 10, 4], [100, 40, 10, 4]),
  context(7, T1),
  count(7.5, [100, 40, 10, 4], [100, 40, 10, 4]),
  event('agent_message', 9, { message: 'Done.' }),
  count(10, [250, 140, 30, 9], [150, 100, 20, 5]),
  completed(11, T1),
];

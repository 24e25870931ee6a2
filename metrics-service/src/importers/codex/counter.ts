import { isObject } from '../json-lines.js';

/** Token counts as a rollout has them: input includes the cached ones, output includes reasoning. */
export interface Counts {
  input: number;
  cached: number;
  written: number;
  output: number;
  reasoning: number;
}

/** What the count continues at this point: an unknown count, after a resume, or the parent's, after a fork. */
export type Boundary = 'none' | 'resumed' | 'forked';

const ZERO: Counts = { input: 0, cached: 0, written: 0, output: 0, reasoning: 0 };
const NAMES = {
  input: 'input_tokens',
  cached: 'cached_input_tokens',
  written: 'cache_write_input_tokens',
  output: 'output_tokens',
  reasoning: 'reasoning_output_tokens',
} as const;
const KEYS = Object.keys(NAMES) as (keyof Counts)[];

/** Reads `total_token_usage` or `last_token_usage`; null if there is none; a text says which count is invalid. */
export function readCounts(value: unknown): Counts | string | null {
  if (!isObject(value)) return null;
  const counts = { ...ZERO };
  for (const key of KEYS) {
    const count = value[NAMES[key]] ?? 0;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      return `${NAMES[key]} is not a token count`;
    counts[key] = count;
  }
  return counts;
}

/** Follows the cumulative count of a rollout; each step is a call. */
export class Counter {
  private total = ZERO;
  private boundary: Boundary = 'none';
  /** how often the count started again */
  restarts = 0;

  /** Marks where a session begins or continues, after records that were copied or written earlier. */
  mark(boundary: Boundary): void {
    this.boundary = boundary;
  }

  /** Takes a count that belongs to another session. */
  skip(total: Counts): void {
    this.total = total;
  }

  /**
   * The step from the previous count, null if there is none. `last` is the tool's own count of the latest call; `answered`:
   * the agent did something since the session's own beginning, so that there can have been a call.
   */
  step(total: Counts, last: Counts | null, answered: boolean): Counts | null {
    const before = this.total;
    const boundary = this.boundary;
    if (isSame(total, before)) return null;
    this.total = total;
    this.boundary = 'none';
    const base = last && KEYS.every((key) => last[key] <= total[key]) ? minus(total, last) : null;
    let from = before;
    if (total.input < before.input || total.output < before.output) from = base ?? ZERO;
    else if (boundary !== 'none' && base && isSame(base, ZERO)) from = ZERO;
    else if (boundary === 'forked' && base && !isSame(base, before)) {
      // the parent continued before the fork: its count is repeated, or lower than at the fork's first call
      if (!answered) return null;
      from = base;
      return callStep(total, from);
    }
    if (from !== before) this.restarts += 1;
    return callStep(total, from);
  }
}

function callStep(total: Counts, from: Counts): Counts | null {
  const step = minus(total, from);
  if (isSame(step, ZERO)) return null;
  return within(step);
}

/** Parts cannot exceed the whole. */
export function within(counts: Counts): Counts {
  const cached = Math.min(counts.cached, counts.input);
  return {
    ...counts,
    cached,
    written: Math.min(counts.written, counts.input - cached),
    reasoning: Math.min(counts.reasoning, counts.output),
  };
}

function minus(a: Counts, b: Counts): Counts {
  const counts = { ...ZERO };
  for (const key of KEYS) counts[key] = Math.max(0, a[key] - b[key]);
  return counts;
}

function isSame(a: Counts, b: Counts): boolean {
  return KEYS.every((key) => a[key] === b[key]);
}

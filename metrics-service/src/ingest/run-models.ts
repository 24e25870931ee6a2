const MAX_BIGINT = 2n ** 63n - 1n;

/** Tokens and cost of a run's parts of one model and phase ('' for none). */
export interface ModelSum {
  model: string;
  phase: string;
  inputTokens: bigint;
  outputTokens: bigint;
  cacheReadTokens: bigint;
  cacheWriteTokens: bigint;
  /** over the parts whose cost is known; null if there are none */
  costNanos: bigint | null;
  /** over the parts whose price is known, whatever cost was reported; null if there are none */
  cacheSavingsNanos: bigint | null;
  /** input and output tokens of the parts whose cost is unknown */
  unpricedTokens: bigint;
  isFullyPriced: boolean;
  /** when the last of them was made that was answered; null: none was, or these are reported sums */
  lastAt: string | null;
  /** the same of all of them, answered or not */
  latestAt: string | null;
}

/** A row of run_models; its tokens are null if only a cost was reported. */
export interface RunModelRow {
  run_id: string;
  model: string;
  phase: string;
  input_tokens: string | null;
  output_tokens: string | null;
  cache_read_tokens: string | null;
  cache_write_tokens: string | null;
  cost_nanos: string | null;
  cache_savings_nanos: string | null;
  unpriced_tokens: string | null;
}

/** The rows add up to the run's tokens and cost. */
export function modelRows(
  runId: string,
  parts: ModelSum[],
  main: string | null,
  reportedCost: bigint | null,
): RunModelRow[] {
  if (parts.length === 0) {
    if (reportedCost === null) return [];
    const tokens = { input_tokens: null, output_tokens: null, cache_read_tokens: null, cache_write_tokens: null };
    const cost = { cost_nanos: reportedCost.toString(), cache_savings_nanos: null, unpriced_tokens: null };
    return [{ run_id: runId, model: main ?? '', phase: '', ...tokens, ...cost }];
  }
  return (reportedCost === null ? parts : withCostOfWhole(parts, main!, reportedCost)).map((part) => ({
    run_id: runId,
    model: part.model,
    phase: part.phase,
    input_tokens: storable(part.inputTokens),
    output_tokens: storable(part.outputTokens),
    cache_read_tokens: storable(part.cacheReadTokens),
    cache_write_tokens: storable(part.cacheWriteTokens),
    cost_nanos: part.costNanos?.toString() ?? null,
    cache_savings_nanos: part.cacheSavingsNanos?.toString() ?? null,
    unpriced_tokens: storable(part.unpricedTokens),
  }));
}

/** A cost reported for the whole run goes to its main model, and to no phase. */
function withCostOfWhole(parts: ModelSum[], main: string, costNanos: bigint): ModelSum[] {
  const isWhole = ({ model, phase }: ModelSum): boolean => model === main && phase === '';
  const tokens = { inputTokens: 0n, outputTokens: 0n, cacheReadTokens: 0n, cacheWriteTokens: 0n };
  const priced = { unpricedTokens: 0n, isFullyPriced: true, lastAt: null, latestAt: null };
  const whole = { model: main, phase: '', ...tokens, costNanos, cacheSavingsNanos: null, ...priced };
  const all = parts.some(isWhole) ? parts : [...parts, whole];
  return all.map((part) => ({ ...part, ...priced, costNanos: isWhole(part) ? costNanos : 0n }));
}

/** More than a bigint column holds (over a thousand calls of 2^53 tokens) must be a mistake: unknown. */
export function storable(tokens: bigint): string | null {
  return tokens > MAX_BIGINT ? null : tokens.toString();
}

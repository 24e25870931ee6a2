/** Token usage of one part of a run. All counts are integers; `inputTokens` includes the cached ones. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** all cache writes, of which `cacheWrite1hTokens` live an hour and the rest five minutes */
  cacheWriteTokens: number;
  cacheWrite1hTokens: number;
}

/** What a call states in addition to its model and tokens; absent or null means the standard. */
export interface CallTerms {
  tier?: string | null;
  speed?: string | null;
  region?: string | null;
  webSearches?: number | null;
}

/** A dated price table (design section 5). */
export interface PriceTable {
  /** a hash of the content: when it differs, costs are recomputed */
  readonly hash: string;
  /**
   * What `usage` of `model` costs at the instant `atMs`, in integer nano-US-dollars rounded half-even;
   * null where no price is known. `baseStep`: ignore the steps for long prompts (sums reported per run).
   */
  costNanos(model: string, usage: Usage, atMs: number, terms?: CallTerms & { baseStep?: boolean }): bigint | null;
  /**
   * The same cost, with what the cache saved in it: what the same tokens cost where none is read from a cache or written to
   * one, less that. Negative where writing cost more than reading saved; null where no price is known.
   */
  priced(
    model: string,
    usage: Usage,
    atMs: number,
    terms?: CallTerms & { baseStep?: boolean },
  ): { costNanos: bigint; cacheSavingsNanos: bigint } | null;
}

import { CHEAPER_MODEL_DAY } from './calendar.js';
import type { Draw } from './draw.js';
import { OWN_MODEL_TEAM } from './people.js';

export type Runtime = 'claude-code' | 'codex';

/** The demo's four models: three real ones with prices, and one that no price list has. */
export const MODELS = {
  large: 'claude-opus-4-6',
  cheaper: 'claude-haiku-4-5',
  other: 'gpt-5-codex',
  unpriced: 'nimbus-coder-1',
} as const;

/** What a run used, in the form of events. */
export interface ModelUsage {
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens?: number;
}

/** The cheaper model takes over up to half of the runs within three weeks. */
export function chooseModel(draw: Draw, { team, runtime, day }: { team: string; runtime: Runtime; day: number }) {
  if (runtime === 'codex') return team === OWN_MODEL_TEAM && draw.chance(0.7) ? MODELS.unpriced : MODELS.other;
  const cheaperShare = Math.max(0, Math.min(0.5, (day - CHEAPER_MODEL_DAY + 1) / 40));
  return draw.chance(cheaperShare) ? MODELS.cheaper : MODELS.large;
}

/** Most of what an agent reads it has read before. */
export function usageOf(draw: Draw, model: string): ModelUsage {
  const inputTokens = Math.round(Math.min(4_000_000, draw.skewed(330_000, 0.7)));
  return {
    model,
    inputTokens,
    outputTokens: Math.round(inputTokens * draw.between(0.008, 0.022)),
    cacheReadTokens: Math.round(inputTokens * draw.between(0.78, 0.9)),
    // OpenAI does not count cache writes
    ...(model === MODELS.other ? {} : { cacheWriteTokens: Math.round(inputTokens * draw.between(0.04, 0.09)) }),
  };
}

/** What a week of everybody used, by model. */
export class UsageSum {
  readonly #byModel = new Map<string, ModelUsage>();

  add(usage: ModelUsage): void {
    const sum = this.#byModel.get(usage.model);
    if (!sum) return void this.#byModel.set(usage.model, { ...usage });
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
    sum.cacheReadTokens += usage.cacheReadTokens;
    if (usage.cacheWriteTokens !== undefined) sum.cacheWriteTokens! += usage.cacheWriteTokens;
  }

  /** One of `count` equal parts, without models that have no price. */
  part(count: number): ModelUsage[] {
    const divided = (tokens: number): number => Math.round(tokens / count);
    return [...this.#byModel.values()]
      .filter(({ model }) => model !== MODELS.unpriced)
      .map(({ model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) => ({
        model,
        inputTokens: divided(inputTokens),
        outputTokens: divided(outputTokens),
        cacheReadTokens: divided(cacheReadTokens),
        ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens: divided(cacheWriteTokens) }),
      }));
  }
}

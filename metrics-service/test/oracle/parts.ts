import type { Entity } from './entity.js';
import type { CallTerms, PricedUsage, PriceOf, Share, Tokens } from './types.js';
import { compareText, nanos } from './values.js';

interface Part {
  model: string;
  phase: string | null;
  usage: PricedUsage;
  costNanos: bigint | null;
  cacheSavingsNanos: bigint | null;
}

/** Its calls, if it has any; else the usage of its run.completed; else that of its latest run.progressed with one. */
export function partsOf(run: Entity, calls: Entity[], startedAt: number | null, priceOf: PriceOf): Part[] {
  if (calls.length > 0) {
    return calls.map((call) => {
      const [model, usage] = [call.text('model')!, readUsage(call.value('usage') as Record<string, unknown>)];
      const cacheSavingsNanos = cacheSavings(priceOf, model, usage, call.time('at')!, termsOf(call));
      return { model, phase: call.text('phase'), usage, costNanos: costOfCall(call, priceOf), cacheSavingsNanos };
    });
  }
  const reported = (run.outcome?.data.usage ?? run.value('usage') ?? []) as Record<string, unknown>[];
  return reported.map((one) => {
    const usage = readUsage(one);
    const model = one.model as string;
    // A run that has not started belongs to no window: its cost is never asked for.
    const costNanos = startedAt === null ? null : priceOf(model, usage, startedAt, null);
    const cacheSavingsNanos = startedAt === null ? null : cacheSavings(priceOf, model, usage, startedAt, null);
    return { model, phase: null, usage, costNanos, cacheSavingsNanos };
  });
}

/** The reported cost, else that of its tokens at the price of its time. */
export function costOfCall(call: Entity, priceOf: PriceOf): bigint | null {
  const reported = call.value('costUsd');
  if (reported !== null) return nanos(reported as string);
  return priceOf(
    call.text('model')!,
    readUsage(call.value('usage') as Record<string, unknown>),
    call.time('at')!,
    termsOf(call),
  );
}

function termsOf(call: Entity): CallTerms {
  return {
    tier: call.text('tier'),
    speed: call.text('speed'),
    region: call.text('region'),
    webSearches: (call.value('webSearches') as number | null) ?? 0,
  };
}

/** What the same tokens cost where none comes from a cache or goes to one, less what they cost. */
function cacheSavings(priceOf: PriceOf, ...[model, usage, ...rest]: Parameters<PriceOf>): bigint | null {
  const cost = priceOf(model, usage, ...rest);
  const fresh = priceOf(model, { ...usage, cacheRead: 0n, cacheWrite: 0n, cacheWrite1h: 0n }, ...rest);
  return cost === null || fresh === null ? null : fresh - cost;
}

function readUsage(usage: Record<string, unknown>): PricedUsage {
  const count = (name: string): bigint => BigInt((usage[name] as number | null | undefined) ?? 0);
  return {
    input: count('inputTokens'),
    output: count('outputTokens'),
    cacheRead: count('cacheReadTokens'),
    cacheWrite: count('cacheWriteTokens'),
    cacheWrite1h: count('cacheWrite1hTokens'),
  };
}

/** Of what is known; null if nothing is. */
export function sumCost(parts: Part[], of: 'costNanos' | 'cacheSavingsNanos' = 'costNanos'): bigint | null {
  const costs = parts.map((part) => part[of]).filter((cost) => cost !== null);
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0n);
}

export function sumTokens(parts: Part[]): Tokens {
  const total = { input: 0n, output: 0n, cacheRead: 0n, cacheWrite: 0n };
  for (const { usage } of parts) {
    total.input += usage.input;
    total.output += usage.output;
    total.cacheRead += usage.cacheRead;
    total.cacheWrite += usage.cacheWrite;
  }
  return total;
}

function modelsOf(parts: Part[]): string[] {
  return [...new Set(parts.map((part) => part.model))].sort(compareText);
}

/** The one with most of the output tokens; a tie: the smaller name. */
export function mainModel(parts: Part[]): string {
  let best = '';
  let most = -1n;
  for (const model of modelsOf(parts)) {
    const { output } = sumTokens(parts.filter((part) => part.model === model));
    if (output > most) [best, most] = [model, output];
  }
  return best;
}

/** The run split by model and phase. A cost reported for the whole run goes to its main model in no phase. */
export function sharesOf(parts: Part[], reportedCost: bigint | null, main: string | null): Share[] {
  const ofWhole = {
    call_model: main,
    call_phase: null,
    costNanos: reportedCost,
    cacheSavingsNanos: null,
    unpricedTokens: 0n,
  };
  if (parts.length === 0) return reportedCost === null ? [] : [{ ...ofWhole, tokens: null }];
  const shares: Share[] = [];
  for (const model of modelsOf(parts)) {
    for (const phase of new Set(parts.map((part) => part.phase))) {
      const own = parts.filter((part) => part.model === model && part.phase === phase);
      if (own.length === 0) continue;
      const { input, output } = sumTokens(own.filter((part) => part.costNanos === null));
      const cost =
        reportedCost === null
          ? { costNanos: sumCost(own), unpricedTokens: input + output }
          : { costNanos: 0n, unpricedTokens: 0n };
      const cacheSavingsNanos = sumCost(own, 'cacheSavingsNanos');
      shares.push({ call_model: model, call_phase: phase, tokens: sumTokens(own), cacheSavingsNanos, ...cost });
    }
  }
  if (reportedCost !== null) shares.push({ ...ofWhole, tokens: sumTokens([]) });
  return shares;
}

import { type Around, endOf, isIdle } from './ends.js';
import { fingerprintOf } from './fingerprints.js';
import type { Fraction } from './fraction.js';
import type { Entity } from './entity.js';
import {
  type PricedUsage,
  type PriceOf,
  type Run,
  RUN_ATTRIBUTES,
  type Session,
  type Share,
  type Tokens,
} from './types.js';
import { livingOf } from './live.js';
import { waitedMs } from './tools.js';
import { compareText, decimal, instant, nanos } from './values.js';

interface Part {
  model: string;
  phase: string | null;
  usage: PricedUsage;
  costNanos: bigint | null;
}

const TERMINAL = ['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT'];

/** Everything the definitions say of one run, from what was said about it, its session and the calls that are its. */
export function deriveRun(run: Entity, around: Around, sessions: Map<string, Session>, priceOf: PriceOf): Run {
  const { calls } = around;
  const session = run.text('sessionId');
  const startedAt = run.time('startedAt');
  const outcome = run.outcome?.data ?? {};
  const end = endOf(run, around);
  const completedAt = given(outcome.completedAt) ? instant(outcome.completedAt as string) : (end?.completedAt ?? null);
  const status = (outcome.status as string | undefined) ?? end?.status ?? 'IN_FLIGHT';
  const category = (outcome.failureCategory as string) || end?.failureCategory || 'uncategorized';
  const summary = (outcome.errorSummary as string) || end?.errorSummary || '';
  const parts = partsOf(run, calls, startedAt, priceOf);
  const reportedCost = given(outcome.costUsd) ? nanos(outcome.costUsd as string | number) : null;
  const costNanos = reportedCost ?? sumCost(parts);
  const isWhole = reportedCost !== null || parts.every((part) => part.costNanos !== null);
  const model = parts.length > 0 ? mainModel(parts) : run.text('model');
  const duration = durationMs(status, startedAt, completedAt);
  const said = given(outcome.awaitMs) ? (outcome.awaitMs as number) : waitedMs(around.toolCalls);
  const waited = duration === null || said === null ? null : Math.min(said, duration);
  return {
    id: run.id,
    session,
    user: run.text('userId') ?? (session === null ? null : sessions.get(session)!.creator),
    startedAt,
    completedAt,
    status,
    failureCategory: status === 'FAILED' ? category : null,
    failureFingerprint: status === 'FAILED' ? fingerprintOf(summary) : null,
    attributes: run.attributes(RUN_ATTRIBUTES),
    model,
    hidden:
      run.isDeleted ||
      isIdle(run, around) ||
      isBetterTold(run, around, sessions) ||
      (session !== null && sessions.get(session)!.hidden),
    durationMs: duration,
    awaitMs: waited,
    executionMs: duration === null ? null : duration - (waited ?? 0),
    queueWaitMs: queueWaitMs(run, startedAt),
    agent: run.text('agent'),
    workItem: run.text('workItemId') ?? (session === null ? null : sessions.get(session)!.workItem),
    stage: run.text('stage') ?? (session === null ? null : sessions.get(session)!.stage),
    tokens: parts.length > 0 ? sumTokens(parts) : null,
    costNanos,
    cost: costNanos === null ? 'unknown' : isWhole ? 'fully known' : 'partly known',
    shares: sharesOf(parts, reportedCost, model),
    phases: phaseLengths(outcome.phases),
    counters: counted(outcome.counters),
    living: livingOf(run, around),
    artifacts: knownMembers(outcome.artifacts),
  };
}

/** In a session of Codex, runs known by a key alone give way to any run with an id of its own. */
export function isBetterTold(run: Entity, { others }: Pick<Around, 'others'>, sessions: Map<string, Session>): boolean {
  const session = run.text('sessionId');
  if (session === null || sessions.get(session)?.attributes.runtime !== 'codex') return false;
  return run.id.startsWith('key:') && others.some(({ id }) => !id.startsWith('key:'));
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function durationMs(status: string, startedAt: number | null, completedAt: number | null): number | null {
  if (!TERMINAL.includes(status) || startedAt === null || completedAt === null) return null;
  return completedAt < startedAt ? null : completedAt - startedAt;
}

function queueWaitMs(run: Entity, startedAt: number | null): number | null {
  const reported = run.value('queueWaitMs');
  if (reported !== null) return reported as number;
  const queuedAt = run.time('queuedAt');
  if (startedAt === null || queuedAt === null || startedAt < queuedAt) return null;
  return startedAt - queuedAt;
}

/** Its calls, if it has any; else the usage of its run.completed; else that of its latest run.progressed with one. */
function partsOf(run: Entity, calls: Entity[], startedAt: number | null, priceOf: PriceOf): Part[] {
  if (calls.length > 0) {
    return calls.map((call) => ({
      model: call.text('model')!,
      phase: call.text('phase'),
      usage: readUsage(call.value('usage') as Record<string, unknown>),
      costNanos: costOfCall(call, priceOf),
    }));
  }
  const reported = (run.outcome?.data.usage ?? run.value('usage') ?? []) as Record<string, unknown>[];
  return reported.map((one) => {
    const usage = readUsage(one);
    const model = one.model as string;
    // A run that has not started belongs to no window: its cost is never asked for.
    return { model, phase: null, usage, costNanos: startedAt === null ? null : priceOf(model, usage, startedAt, null) };
  });
}

/** The reported cost, else that of its tokens at the price of its time. */
export function costOfCall(call: Entity, priceOf: PriceOf): bigint | null {
  const reported = call.value('costUsd');
  if (reported !== null) return nanos(reported as string);
  const terms = {
    tier: call.text('tier'),
    speed: call.text('speed'),
    region: call.text('region'),
    webSearches: (call.value('webSearches') as number | null) ?? 0,
  };
  return priceOf(
    call.text('model')!,
    readUsage(call.value('usage') as Record<string, unknown>),
    call.time('at')!,
    terms,
  );
}

/** The session's run with the latest start not after the call (a tie: the greater id). */
export function runOfCall(call: Entity, runs: Entity[]): string | null {
  if (call.text('sessionId') === null) return null;
  const at = (call.time('at') ?? call.time('startedAt') ?? call.time('completedAt'))!;
  let best: Entity | null = null;
  const isOfTelemetry = String(call.value('key') ?? '').startsWith('codex:');
  for (const run of runs) {
    if (run.text('sessionId') !== call.text('sessionId')) continue;
    if (run.id.startsWith('key:codex:') !== isOfTelemetry) continue;
    const startedAt = run.time('startedAt');
    if (startedAt === null || startedAt > at) continue;
    const bestStart = best?.time('startedAt') ?? -Infinity;
    const later = startedAt > bestStart || (startedAt === bestStart && compareText(run.id, best!.id) > 0);
    if (later) best = run;
  }
  return best?.id ?? null;
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
function sumCost(parts: Part[]): bigint | null {
  const costs = parts.map((part) => part.costNanos).filter((cost) => cost !== null);
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0n);
}

function sumTokens(parts: Part[]): Tokens {
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
function mainModel(parts: Part[]): string {
  let best = '';
  let most = -1n;
  for (const model of modelsOf(parts)) {
    const { output } = sumTokens(parts.filter((part) => part.model === model));
    if (output > most) [best, most] = [model, output];
  }
  return best;
}

/** The run split by model and phase. A cost reported for the whole run goes to its main model in no phase. */
function sharesOf(parts: Part[], reportedCost: bigint | null, main: string | null): Share[] {
  const ofWhole = { call_model: main, call_phase: null, costNanos: reportedCost, unpricedTokens: 0n };
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
      shares.push({ call_model: model, call_phase: phase, tokens: sumTokens(own), ...cost });
    }
  }
  if (reportedCost !== null) shares.push({ ...ofWhole, tokens: sumTokens([]) });
  return shares;
}

/** Phase name -> its length, summed within the run; a phase that ends before it starts has no known length. */
function phaseLengths(phases: unknown): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const phase of (phases ?? []) as { name: string; startedAt: string; completedAt: string }[]) {
    const length = instant(phase.completedAt) - instant(phase.startedAt);
    if (length >= 0) lengths.set(phase.name, (lengths.get(phase.name) ?? 0) + length);
  }
  return lengths;
}

function counted(counters: unknown): Map<string, Fraction> {
  const entries = Object.entries((counters ?? {}) as Record<string, number | null>);
  return new Map(entries.flatMap(([name, value]) => (value === null ? [] : [[name, decimal(value)]])));
}

function knownMembers(artifacts: unknown): Run['artifacts'] {
  const entries = Object.entries((artifacts ?? {}) as Record<string, number | null>);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

import { type Around, endOf, isIdle } from './ends.js';
import { fingerprintOf } from './fingerprints.js';
import type { Fraction } from './fraction.js';
import { Entity, greater, type Said } from './entity.js';
import { type PriceOf, type Run, RUN_ATTRIBUTES, type Session } from './types.js';
import { livingOf } from './live.js';
import { mainModel, partsOf, sharesOf, sumCost, sumTokens } from './parts.js';
import { waitedMs } from './tools.js';
import { compareText, decimal, instant, nanos } from './values.js';

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
    costAt: (at) => costAt(run, calls, { at, startedAt }, priceOf),
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

/** A run's cost by its events and calls of up to a moment; of what it is by all of them it takes its start alone. */
function costAt(
  run: Entity,
  calls: Entity[],
  { at, startedAt }: { at: number; startedAt: number | null },
  priceOf: PriceOf,
): bigint | null {
  const latest = (said: Said[], member: string): Record<string, unknown> | undefined =>
    said
      .filter(({ data }) => instant(data[member] as string) <= at)
      .sort((one, other) => (greater(one.stamp, other.stamp) ? 1 : -1))
      .at(-1)?.data;
  const then = new Entity(run.id);
  const outcome = latest(run.outcomes, 'completedAt');
  if (given(outcome?.costUsd)) return nanos(outcome!.costUsd as string | number);
  if (outcome) then.outcome = { stamp: run.outcomes[0]!.stamp, data: outcome };
  const progress = latest(run.usages, 'at');
  if (progress) then.say(run.usages[0]!.stamp, 'usage', progress.usage);
  const made = calls.filter((call) => call.time('at')! <= at);
  return sumCost(partsOf(then, made, startedAt, priceOf));
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

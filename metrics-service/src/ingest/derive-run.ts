import { failureFingerprint } from '../contract/failure-fingerprint.js';
import type { PriceTable, Usage } from '../pricing/types.js';
import { isDeleted } from './merge.js';
import { compareUtf8 } from '../text-order.js';
import { costSteps, type SpentAt } from './cost-steps.js';
import { livingColumns, type LifeSigns } from './heard-of.js';
import { derivedEnd, isIdle, type DerivedEnd, type RunSigns } from './run-end.js';
import { modelRows, storable, type ModelSum, type RunModelRow } from './run-models.js';
import type { SessionFacts } from './sessions.js';
import type { Value } from './statements.js';
import type { RunRow } from './told-twice.js';
import { toldOf } from './usage-told.js';

export interface RunFacts {
  /** of the run's session; null: no session, or one known only by reference */
  session: SessionFacts | null;
  /** of a run whose end may have to be derived */
  signs: Omit<RunSigns, 'lastCallAt'> | null;
  /** of a run of which nobody stated the end */
  lifeSigns: LifeSigns | undefined;
  /** another run tells of the same (better-told.ts) */
  isBetterTold: boolean;
  /** sums of the run's calls per model and phase, empty if it has none */
  calls: ModelSum[];
  /** of a run of which nobody stated the end: what its calls cost lately */
  callCosts: readonly SpentAt[];
  /** how long its tool calls waited for a person; null: no such wait is known */
  toolCallsWaitedMs: number | null;
  prices: PriceTable;
}

interface ReportedUsage extends Usage {
  model: string;
}

/**
 * The derived columns of a run's row (definitions.md: "What belongs to a window", "Tokens and
 * money"): its user, durations, main model, tokens and cost, and its parts by model; and its end, if that is derived. Pure.
 */
export function deriveRun(
  stated: RunRow,
  facts: RunFacts,
): { end: DerivedEnd | null; derived: Record<string, Value>; models: RunModelRow[] } {
  const signs = facts.signs && { ...facts.signs, lastCallAt: lastOf(facts.calls) };
  const end = derivedEnd(stated, signs, facts.session);
  const idle = stated.oneWith === null && isIdle(stated, signs);
  const row = end === null ? stated : { ...stated, values: { ...stated.values, ...end } };
  const { values } = row;
  const deleted = isDeleted('run', row.stamps);
  const reportedCost = values.reported_cost_nanos === null ? null : BigInt(values.reported_cost_nanos as string);
  const parts = facts.calls.length > 0 ? facts.calls : reportedParts(row, facts.prices);
  const failed = values.status === 'FAILED';
  const fingerprint = failed ? failureFingerprint((values.error_summary ?? '') as string) : null;
  const model = mainModel(parts) ?? (values.reported_model as string | null);
  const cost = reportedCost ?? sumOfKnown(parts.map((part) => part.costNanos));
  const spentAt = latestOf([
    values.told_at,
    values.progressed_at,
    values.completed_at,
    ...parts.map(({ latestAt }) => latestAt),
  ]);
  const isOpen = values.status === 'IN_FLIGHT' && row.oneWith === null;
  const costOf = (usage: Value): bigint | null =>
    costOfReported({ started_at: values.started_at!, progress_usage: usage }, facts.prices);
  const living = livingColumns(values, facts.lifeSigns);
  const heardAt = living.heard_at as string | null;
  const steps = isOpen ? costSteps({ calls: facts.callCosts, told: toldOf(row), spentAt, heardAt, costOf }) : null;
  const tokens = (pick: (part: ModelSum) => bigint): string | null =>
    parts.length === 0 ? null : storable(parts.reduce((sum, part) => sum + pick(part), 0n));
  return {
    end,
    derived: {
      own: row.own,
      one_with: row.oneWith,
      deleted,
      hidden: deleted || (facts.session?.hidden ?? false) || row.oneWith !== null || idle || facts.isBetterTold,
      superseded: facts.isBetterTold,
      user_id: values.reported_user_id ?? facts.session?.createdByUserId ?? null,
      failure_category: failed ? (values.reported_failure_category ?? 'uncategorized') : null,
      failure_fingerprint: fingerprint?.hash ?? null,
      failure_fingerprint_text: fingerprint?.text ?? null,
      ...timeSpent(row, facts.toolCallsWaitedMs),
      queue_wait_ms: values.reported_queue_wait_ms ?? between(values.queued_at, values.started_at),
      phase_ms: phaseLengths(values.phases),
      model,
      input_tokens: tokens((part) => part.inputTokens),
      output_tokens: tokens((part) => part.outputTokens),
      cache_read_tokens: tokens((part) => part.cacheReadTokens),
      cache_write_tokens: tokens((part) => part.cacheWriteTokens),
      cost_nanos: cost?.toString() ?? null,
      cache_savings_nanos: sumOfKnown(parts.map((part) => part.cacheSavingsNanos))?.toString() ?? null,
      idle,
      has_derived_end: end !== null,
      ...living,
      spent_at: spentAt,
      spent_times: steps?.times ?? null,
      spent_nanos: steps?.nanos ?? null,
      cost_is_partial: reportedCost === null && cost !== null && !parts.every((part) => part.isFullyPriced),
    },
    models: modelRows(row.id, parts, model, reportedCost),
  };
}

/**
 * How long the agent itself worked, and how long it waited for others. Both are null if the duration is unknown, and the
 * wait also if it was neither reported nor is any of a tool call known.
 */
function timeSpent(
  { values }: RunRow,
  toolCallsWaitedMs: number | null,
): { execution_ms: number | null; await_ms: number | null } {
  const durationMs = between(values.started_at, values.completed_at);
  const waitedMs = values.reported_await_ms ?? toolCallsWaitedMs;
  if (durationMs === null || waitedMs === null) return { execution_ms: durationMs, await_ms: null };
  const awaitMs = Math.min(Number(waitedMs), durationMs);
  return { execution_ms: durationMs - awaitMs, await_ms: awaitMs };
}

/** Milliseconds from one time to the other; null if one is unknown or the second lies before the first. */
function between(from: Value | undefined, to: Value | undefined): number | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 0 ? null : ms;
}

/** What usage that was reported per run and model costs, as far as that is known; null: it is not. */
export function costOfReported(values: Reported, prices: PriceTable): bigint | null {
  return sumOfKnown(reportedParts({ values }, prices).map(({ costNanos }) => costNanos));
}

type Reported = Partial<Record<'completed_usage' | 'progress_usage' | 'started_at', Value>>;

/** Usage that was reported per run and model: the run.completed's, else the latest run.progressed's. */
function reportedParts(row: { readonly values: Reported }, prices: PriceTable): ModelSum[] {
  const usage = (row.values.completed_usage ?? row.values.progress_usage) as unknown as ReportedUsage[] | null;
  const startedAt = row.values.started_at;
  const sums = new Map<string, ModelSum>();
  for (const part of usage ?? []) {
    const priced =
      typeof startedAt === 'string' ? prices.priced(part.model, part, Date.parse(startedAt), { baseStep: true }) : null;
    const costNanos = priced?.costNanos ?? null;
    const sum = sums.get(part.model);
    sums.set(part.model, {
      model: part.model,
      phase: '',
      inputTokens: (sum?.inputTokens ?? 0n) + BigInt(part.inputTokens),
      outputTokens: (sum?.outputTokens ?? 0n) + BigInt(part.outputTokens),
      cacheReadTokens: (sum?.cacheReadTokens ?? 0n) + BigInt(part.cacheReadTokens),
      cacheWriteTokens: (sum?.cacheWriteTokens ?? 0n) + BigInt(part.cacheWriteTokens),
      costNanos: sumOfKnown([sum?.costNanos ?? null, costNanos]),
      cacheSavingsNanos: sumOfKnown([sum?.cacheSavingsNanos ?? null, priced?.cacheSavingsNanos ?? null]),
      unpricedTokens:
        (sum?.unpricedTokens ?? 0n) + (costNanos === null ? BigInt(part.inputTokens) + BigInt(part.outputTokens) : 0n),
      isFullyPriced: (sum?.isFullyPriced ?? true) && costNanos !== null,
      lastAt: null,
      latestAt: null,
    });
  }
  return [...sums.values()];
}

/** The model that produced most of the output tokens; a tie: the smaller name; null without parts. */
function mainModel(parts: ModelSum[]): string | null {
  const outputs = new Map<string, bigint>();
  for (const { model, outputTokens } of parts) outputs.set(model, (outputs.get(model) ?? 0n) + outputTokens);
  let main: { model: string; output: bigint } | null = null;
  for (const [model, output] of outputs) {
    const more = main === null || output > main.output;
    const tie = main !== null && output === main.output && compareUtf8(model, main.model) < 0;
    if (more || tie) main = { model, output };
  }
  return main?.model ?? null;
}

function lastOf(calls: readonly ModelSum[]): string | null {
  return latestOf(calls.map(({ lastAt }) => lastAt));
}

/** Texts in the same ISO 8601 form compare like their instants. */
function latestOf(moments: readonly (Value | undefined)[]): string | null {
  return moments.reduce<string | null>(
    (latest, at) => (typeof at === 'string' && (latest === null || at > latest) ? at : latest),
    null,
  );
}

/** Null if none is known. */
function sumOfKnown(costs: readonly (bigint | null)[]): bigint | null {
  return costs.reduce((sum, cost) => (cost === null ? sum : (sum ?? 0n) + cost), null);
}

function phaseLengths(phases: Value | undefined): Record<string, number> | null {
  if (!Array.isArray(phases) || phases.length === 0) return null;
  const lengths = new Map<string, number>();
  for (const [name, startedAt, completedAt] of phases as [string, number, number][]) {
    if (completedAt >= startedAt) lengths.set(name, (lengths.get(name) ?? 0) + completedAt - startedAt);
  }
  return lengths.size === 0 ? null : Object.fromEntries(lengths);
}

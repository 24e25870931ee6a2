import { type Fraction, compareFractions, percentile, ratio, whole } from './fraction.js';
import type { Around } from './ends.js';
import type { Entity } from './entity.js';
import { RUN_DIMENSIONS, runDimension, SESSION_DIMENSIONS } from './dimensions.js';
import { type ActiveSession, isLeftOut, passes, runsIn, type Scope, sessionsIn } from './rows.js';
import { weeksBefore } from './usual.js';
import type { Metric } from './run-metrics.js';
import type { Living, Run, SentEvent } from './types.js';
import { instant } from './values.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The setting stuckAfter of the organizations of tests. */
const STUCK_AFTER = 10 * MINUTE;

/** The members that say when a run, a call or a tool call was still going on. */
const TOLD: Record<string, string[]> = {
  'run.queued': ['queuedAt'],
  'run.started': ['startedAt'],
  'run.seen': ['at'],
  'run.progressed': ['at'],
  'run.errored': ['at'],
  'run.stopped': ['at'],
  'llm_call.recorded': ['at'],
  'tool_call.recorded': ['startedAt', 'completedAt'],
};

/** The latest moment that an event tells of, at most when it was received; null: it tells of none. */
export function toldBy({ type, data }: SentEvent, receivedAt: number): number | null {
  const said = (TOLD[type] ?? []).flatMap((member) => (data[member] == null ? [] : instant(data[member] as string)));
  return said.length === 0 ? null : Math.min(Math.max(...said), receivedAt);
}

/** What is known of a run that would matter while it goes on. */
export function livingOf(run: Entity, { allCalls, toolCalls }: Around): Living {
  const told = [run, ...allCalls, ...toolCalls].flatMap((one) => (one.value('toldAt') as number | null) ?? []);
  const open = toolCalls.filter((call) => call.time('completedAt') === null && call.text('status') === null);
  const [used, limit] = ['contextTokens', 'contextLimit'].map((member) => run.value(member) as number | null);
  return {
    queuedAt: run.time('queuedAt'),
    heardAt: told.length === 0 ? null : Math.max(...told),
    openToolCallAt: Math.max(-Infinity, ...open.flatMap((call) => call.time('startedAt') ?? [])),
    waits:
      run.text('phase') === 'waiting' ||
      open.some((call) => call.time('awaitStartedAt') !== null && call.value('awaitMs') === null),
    contextUse: used == null || limit == null ? null : ratio(whole(used), whole(limit)),
  };
}

/** queued, running or stuck; null: it has ended, never began, or is lost. */
export function stateOf({ status, startedAt, living }: Run, now: number): 'queued' | 'running' | 'stuck' | null {
  const { heardAt, queuedAt, openToolCallAt, waits } = living;
  if (status !== 'IN_FLIGHT' || heardAt === null || now - heardAt > 24 * HOUR) return null;
  if (startedAt === null) return queuedAt === null ? null : 'queued';
  const isSilent = now - heardAt >= STUCK_AFTER;
  return isSilent && now - openToolCallAt >= HOUR && !waits ? 'stuck' : 'running';
}

/** Whether a run is there, passes the filters, and is in the scope's group, whatever the window. */
function isAsked(scope: Scope, run: Run): boolean {
  const { world, group } = scope;
  const valueOf = (name: string): string | null => runDimension(world, run, name);
  return (
    !run.hidden &&
    [...SESSION_DIMENSIONS, ...RUN_DIMENSIONS].every((name) => passes(scope, name, valueOf(name))) &&
    group.every(({ dimension, value }) => valueOf(dimension) === value) &&
    !isLeftOut(scope, valueOf)
  );
}

/** The runs of now after filters, in the scope's group, whatever the window. */
export function liveIn(scope: Scope): Run[] {
  return scope.world.runs.filter((run) => isAsked(scope, run) && stateOf(run, scope.now) !== null);
}

const inState =
  (...states: string[]): Metric =>
  (scope) =>
    whole(liveIn(scope).filter((run) => states.includes(stateOf(run, scope.now)!)).length);

const maxContextUse: Metric = (scope) => {
  const started = liveIn(scope).filter((run) => run.startedAt !== null);
  const known = started.map((run) => run.living.contextUse).filter((use) => use !== null);
  return known.reduce<Fraction | null>(
    (most, use) => (most === null || compareFractions(use, most) > 0 ? use : most),
    null,
  );
};

/** The FAILED runs that started in the last hour, or in the same hour some weeks before. */
export function failuresIn(scope: Scope, weeks = 0): Run[] {
  const { now, timezone } = scope;
  const hour = { from: now - HOUR, to: now };
  return runsIn(scope, weeks === 0 ? hour : weeksBefore(hour, weeks, timezone)).filter(
    ({ status }) => status === 'FAILED',
  );
}

const failurePattern: Metric = (scope) => {
  const late = failuresIn(scope).length;
  const before = [1, 2, 3, 4].map((weeks) => failuresIn(scope, weeks).length);
  const mean = before.reduce((sum, count) => sum + count, 0) / 4;
  return whole(late >= 5 && late >= 3 * (mean === 0 ? 1 / 4 : mean) ? late : 0);
};

/** The runs of the last 14 days. */
export function fortnightIn(scope: Scope): Run[] {
  return runsIn(scope, { from: scope.now - 14 * 24 * HOUR, to: scope.now });
}

const chronicBurn: Metric = (scope) => {
  const runs = fortnightIn(scope);
  if (runs.some(({ status }) => status === 'SUCCEEDED')) return whole(0);
  const known = runs.flatMap(({ costNanos }) => costNanos ?? []);
  if (known.length === 0) return runs.length === 0 ? whole(0) : null;
  return { n: known.reduce((sum, cost) => sum + cost, 0n), d: 1_000_000_000n };
};

/** What a run costs more now than ten minutes ago. */
const spentBy = ({ costAt }: Run, now: number): bigint => (costAt(now) ?? 0n) - (costAt(now - 10 * MINUTE) ?? 0n);

/** The runs that cost more now than ten minutes ago. */
export function spendingIn(scope: Scope): Run[] {
  return scope.world.runs.filter((run) => isAsked(scope, run) && spentBy(run, scope.now) > 0n);
}

const burnRate: Metric = (scope) => {
  const spent = spendingIn(scope).reduce((sum, run) => sum + spentBy(run, scope.now), 0n);
  return { n: spent * 6n, d: 1_000_000_000n };
};

/** The sessions whose known cost of the last hour is above 5 USD, and above the 99th percentile of those of 30 days. */
export function runawaysIn(scope: Scope): ActiveSession[] {
  const { now } = scope;
  const hour = sessionsIn({ ...scope, window: { from: now - HOUR, to: now } });
  const everything = { ...scope, filters: {}, group: [], remainder: undefined };
  const month = sessionsIn({ ...everything, window: { from: now - 30 * 24 * HOUR, to: now } });
  const usual = percentile(month.flatMap(nanosOf), 99);
  return hour.filter((one) => nanosOf(one).some((nanos) => nanos > 5e9 && compareFractions(whole(nanos), usual!) > 0));
}

/** What is known of what its runs in the window cost, of one that has any. */
function nanosOf({ runs }: ActiveSession): number[] {
  const known = runs.flatMap(({ costNanos }) => costNanos ?? []);
  return known.length === 0 ? [] : [Number(known.reduce((sum, cost) => sum + cost, 0n))];
}

/** The metrics as of now that are about other rows than the runs of now: of each, whose they are. */
export const BEHIND_NOW: Record<string, (scope: Scope) => { user: string | null }[]> = {
  burn_rate_now: spendingIn,
  runaway_sessions_now: (scope) => runawaysIn(scope).map(({ session }) => ({ user: session.creator })),
  failure_pattern_now: failuresIn,
  chronic_burn: fortnightIn,
};

/** Of each that cannot be asked without a grouping: one of these. */
export const GROUPED_NOW: Record<string, string[]> = {
  failure_pattern_now: ['failure_category', 'failure_fingerprint'],
  chronic_burn: ['user', 'repo', 'agent'],
};

/** The metrics as of now. */
export const LIVE_METRICS: Record<string, Metric> = {
  queued_runs_now: inState('queued'),
  in_flight_runs_now: inState('running', 'stuck'),
  stuck_runs_now: inState('stuck'),
  max_context_use_now: maxContextUse,
  burn_rate_now: burnRate,
  runaway_sessions_now: (scope) => whole(runawaysIn(scope).length),
  failure_pattern_now: failurePattern,
  chronic_burn: chronicBurn,
};

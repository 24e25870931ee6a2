import { type Fraction, compareFractions, ratio, whole } from './fraction.js';
import type { Around } from './ends.js';
import type { Entity } from './entity.js';
import { RUN_DIMENSIONS, runDimension, SESSION_DIMENSIONS } from './dimensions.js';
import { isLeftOut, passes, type Scope } from './rows.js';
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

/** The runs of now after filters, in the scope's group, whatever the window. */
export function liveIn(scope: Scope): Run[] {
  const { world, now, group } = scope;
  const valueOf = (run: Run, name: string): string | null => runDimension(world, run, name);
  return world.runs.filter(
    (run) =>
      !run.hidden &&
      stateOf(run, now) !== null &&
      [...SESSION_DIMENSIONS, ...RUN_DIMENSIONS].every((name) => passes(scope, name, valueOf(run, name))) &&
      group.every(({ dimension, value }) => valueOf(run, dimension) === value) &&
      !isLeftOut(scope, (dimension) => valueOf(run, dimension)),
  );
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

/** The metrics as of now. */
export const LIVE_METRICS: Record<string, Metric> = {
  queued_runs_now: inState('queued'),
  in_flight_runs_now: inState('running', 'stuck'),
  stuck_runs_now: inState('stuck'),
  max_context_use_now: maxContextUse,
};

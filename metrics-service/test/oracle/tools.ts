import { clockAt } from './buckets.js';
import { type Fraction, mean, percentile, ratio, whole } from './fraction.js';
import type { Entity } from './entity.js';
import { isClockDimension } from './dimensions.js';
import { isLeftOut, passes, runsIn, type Scope, within } from './rows.js';
import type { Metric } from './run-metrics.js';
import type { Run, Session, ToolCall, World } from './types.js';
import { valueIn } from './work-items.js';

/** From when to when a tool call waited for a person; null: it is not known. */
function waitOf(call: Entity): [from: number, to: number] | null {
  const [asked, started, completed] = [call.time('awaitStartedAt'), call.time('startedAt'), call.time('completedAt')];
  const said = call.value('awaitMs') as number | null;
  if (said !== null) {
    const from = asked ?? started ?? completed! - said;
    return [from, from + said];
  }
  return asked !== null && started !== null && asked < started ? [asked, started] : null;
}

/** How long the calls waited; what they waited at the same time counts once. Null: no wait is known. */
export function waitedMs(calls: readonly Entity[]): number | null {
  const waits = calls.map(waitOf).filter((wait) => wait !== null);
  if (waits.length === 0) return null;
  let total = 0;
  let until = -Infinity;
  for (const [from, to] of waits.sort(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}

function tookMs(call: Entity): number | null {
  const [started, completed] = [call.time('startedAt'), call.time('completedAt')];
  if (started === null || completed === null || completed < started) return null;
  const [from, to] = waitOf(call) ?? [started, started];
  return completed - started - Math.max(0, Math.min(completed, to) - Math.max(started, from));
}

export function readToolCall(
  { call, runId }: { call: Entity; runId: string | null },
  known: { runs: Run[]; sessions: Map<string, Session> },
): ToolCall {
  const run = known.runs.find(({ id }) => id === runId) ?? null;
  const session = run ? run.session : call.text('sessionId');
  const owner = session === null ? undefined : known.sessions.get(session);
  return {
    id: call.id,
    tool: call.text('name')!,
    at: call.time('startedAt') ?? call.time('completedAt')!,
    status: call.text('status'),
    ms: tookMs(call),
    workItem: run ? run.workItem : (owner?.workItem ?? null),
    session,
    run,
    agent: run?.agent ?? null,
    user: run ? run.user : (owner?.creator ?? null),
    hidden: run ? run.hidden : (owner?.hidden ?? false),
  };
}

/** What a tool call has in a dimension. */
export function toolDimension(world: World, call: ToolCall, dimension: string, timezone: string): string | null {
  if (dimension === 'tool') return call.tool;
  return isClockDimension(dimension) ? clockAt(call.at, timezone)[dimension] : valueIn(world, dimension, call);
}

/** The tool calls of the window after filters, in the scope's group. */
export function toolCallsIn({ world, timezone, ...scope }: Scope): ToolCall[] {
  const valueOf = (call: ToolCall, name: string): string | null => toolDimension(world, call, name, timezone);
  return world.toolCalls.filter(
    (call) =>
      !call.hidden &&
      within(call.at, scope.window) &&
      Object.keys(scope.filters).every((name) => passes({ ...scope, world, timezone }, name, valueOf(call, name))) &&
      scope.group.every(({ dimension, value }) => valueOf(call, dimension) === value) &&
      !isLeftOut({ ...scope, world, timezone }, (dimension) => valueOf(call, dimension)),
  );
}

/** The runs that `tool_calls_per_run` divides by: a tool's calls are divided by all of them. */
export function runsBeside(scope: Scope): Run[] {
  return runsIn({ ...scope, group: scope.group.filter(({ dimension }) => dimension !== 'tool') });
}

const count = (rows: unknown[]): Fraction => whole(rows.length);
const times = (scope: Scope): number[] => toolCallsIn(scope).flatMap(({ ms }) => ms ?? []);
const shareWith =
  (status: string): Metric =>
  (scope) => {
    const ended = toolCallsIn(scope).filter((call) => call.status !== null);
    return ratio(count(ended.filter((call) => call.status === status)), count(ended));
  };

/** The metrics over the tool calls in the window. */
export const TOOL_METRICS: Record<string, Metric> = {
  tool_calls: (scope) => count(toolCallsIn(scope)),
  tool_calls_per_run: (scope) => ratio(count(toolCallsIn(scope)), count(runsBeside(scope))),
  tool_failure_rate: shareWith('FAILED'),
  tool_rejection_rate: shareWith('REJECTED'),
  avg_tool_duration: (scope) => mean(times(scope)),
  p95_tool_duration: (scope) => percentile(times(scope), 95),
};

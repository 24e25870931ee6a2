import { compareFractions, type Fraction, mean, ratio, whole } from './fraction.js';
import { type ActiveSession, type Scope, sessionsIn, within } from './rows.js';
import type { Metric } from './run-metrics.js';

const count = (rows: unknown[]): Fraction => whole(rows.length);

function sum(values: (number | bigint)[]): Fraction {
  return whole(values.reduce<bigint>((total, value) => total + BigInt(value), 0n));
}

/** Last message in the window − first message in the window; null without a message. */
export function lifespan({ messages }: ActiveSession): number | null {
  if (messages.length === 0) return null;
  const times = messages.map((message) => message.at);
  return Math.max(...times) - Math.min(...times);
}

/** What is known of it, of a session that ran: null if nothing is. */
export function agentTime({ runs }: ActiveSession): Fraction | null {
  const times = runs.filter((run) => run.executionMs !== null).map((run) => run.executionMs!);
  return runs.length > 0 && times.length === 0 ? null : sum(times);
}

/** USD; 0 without a run, null where none of its runs has a known cost. */
export function sessionCost({ runs }: ActiveSession): Fraction | null {
  const costs = runs.filter((run) => run.costNanos !== null).map((run) => run.costNanos!);
  return runs.length > 0 && costs.length === 0 ? null : ratio(sum(costs), whole(1_000_000_000));
}

export function sessionTokens({ runs }: ActiveSession): Fraction | null {
  const tokens = runs.filter((run) => run.tokens !== null).map((run) => run.tokens!.input + run.tokens!.output);
  return runs.length > 0 && tokens.length === 0 ? null : sum(tokens);
}

/** The latest message, run start, run end or handoff of the session that lies in the window. */
export function lastActiveAt(scope: Scope, { session, messages, handoffs }: ActiveSession): number {
  const runs = scope.world.runs.filter((run) => !run.hidden && run.session === session.id);
  const moments = [
    ...messages.map((message) => message.at),
    ...handoffs.map((handoff) => handoff.at),
    ...runs.map((run) => run.startedAt),
    ...runs.map((run) => run.completedAt),
  ];
  return Math.max(...moments.filter((at) => within(at, scope.window)));
}

const withHandoff = (sessions: ActiveSession[]): ActiveSession[] => sessions.filter((one) => one.handoffs.length > 0);
const followed = (sessions: ActiveSession[]): ActiveSession[] => sessions.filter((one) => one.followed);

/** The metrics over S, the active sessions of the window. */
export const SESSION_METRICS: Record<string, Metric> = {
  active_sessions: (scope) => count(sessionsIn(scope)),
  max_session_cost: (scope) => {
    let greatest: Fraction | null = null;
    for (const one of sessionsIn(scope)) {
      const cost = one.runs.length > 0 ? sessionCost(one) : null;
      if (cost !== null && (greatest === null || compareFractions(cost, greatest) > 0)) greatest = cost;
    }
    return greatest;
  },
  avg_runs_per_session: (scope) => {
    const sessions = sessionsIn(scope);
    return ratio(sum(sessions.map((one) => one.runs.length)), count(sessions));
  },
  avg_agent_time_per_session: (scope) => {
    const sessions = sessionsIn(scope);
    return ratio(sum(sessions.map((one) => agentTime(one)?.n ?? 0)), count(sessions));
  },
  avg_session_lifespan: (scope) =>
    mean(
      sessionsIn(scope)
        .map(lifespan)
        .filter((span) => span !== null),
    ),
  handoffs: (scope) => sum(sessionsIn(scope).map((one) => one.handoffs.length)),
  local_handoff_rate: (scope) => {
    const sessions = sessionsIn(scope);
    return ratio(count(withHandoff(sessions)), count(sessions));
  },
  post_handoff_iteration_rate: (scope) => {
    const sessions = sessionsIn(scope);
    return ratio(count(followed(sessions)), count(sessions));
  },
  post_handoff_iteration_share: (scope) => {
    const sessions = sessionsIn(scope);
    return ratio(count(followed(sessions)), count(withHandoff(sessions)));
  },
};

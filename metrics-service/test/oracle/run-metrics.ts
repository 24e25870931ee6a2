import { type Fraction, mean, minus, percentile, plus, ratio, whole } from './fraction.js';
import { isPerson, passes, runsIn, type Scope, sharesIn, splitsByPart, within } from './rows.js';
import { toUsual } from './usual.js';
import type { Run, Tokens } from './types.js';

export type Metric = (scope: Scope) => Fraction | null;

const DAY_MS = 24 * 60 * 60 * 1000;

const terminal = (scope: Scope): Run[] => runsIn(scope).filter((run) => run.status !== 'IN_FLIGHT');
const withStatus = (scope: Scope, status: string): Run[] => runsIn(scope).filter((run) => run.status === status);
const count = (rows: unknown[]): Fraction => whole(rows.length);
const share = (rows: unknown[], all: unknown[]): Fraction | null => ratio(count(rows), count(all));

function known<T>(values: (T | null | undefined)[]): T[] {
  return values.filter((value): value is T => value !== null && value !== undefined);
}

function sum(values: (number | bigint)[]): Fraction {
  return whole(values.reduce<bigint>((total, value) => total + BigInt(value), 0n));
}

/** A sum of cost or tokens: over nothing 0, over rows of which none is known null. */
function sumOfKnown(values: (bigint | null)[]): Fraction | null {
  return values.length > 0 && known(values).length === 0 ? null : sum(known(values));
}

const usd = (nanos: Fraction | null): Fraction | null => ratio(nanos, whole(1_000_000_000));

function users({ world }: Scope, runs: Run[]): Fraction {
  return whole(new Set(runs.map((run) => run.user).filter((user) => isPerson(world, user))).size);
}

const agents = (runs: Run[]): string[] => [...new Set(known(runs.map((run) => run.agent)))];
const firstRunOf = ({ world }: Scope, agent: string): number =>
  Math.min(...known(world.runs.filter((run) => run.agent === agent && !run.hidden).map((run) => run.startedAt)));
const newAgents: Metric = (scope) =>
  count(agents(runsIn(scope)).filter((agent) => within(firstRunOf(scope, agent), scope.window)));

const firstRunBy = ({ world }: Scope, person: string): number =>
  Math.min(...known(world.runs.filter((run) => run.user === person && !run.hidden).map((run) => run.startedAt)));
const newUsers: Metric = (scope) => {
  const ran = new Set(runsIn(scope).map((run) => run.user));
  return count([...ran].filter((user) => isPerson(scope.world, user) && within(firstRunBy(scope, user), scope.window)));
};

const ofItems = (scope: Scope): Run[] => runsIn(scope).filter((run) => run.workItem !== null);
const itemsOf = (runs: Run[]): number => new Set(known(runs.map((run) => run.workItem))).size;

const activeUsers: Metric = (scope) => users(scope, runsIn(scope));
const trailing =
  (days: number): Metric =>
  (scope) =>
    users(scope, runsIn(scope, { from: scope.window.to - days * DAY_MS, to: scope.window.to }));

const rate =
  (status: string): Metric =>
  (scope) =>
    share(withStatus(scope, status), terminal(scope));

const failureShare: Metric = (scope) => {
  if (scope.remainder) {
    // of several values of the other dimension there is no one sum
    if (scope.remainder.dimensions.length > 1) return null;
    return share(withStatus(scope, 'FAILED'), withStatus({ ...scope, remainder: undefined }, 'FAILED'));
  }
  const others = { ...scope, group: scope.group.filter((cell) => cell.dimension !== 'failure_category') };
  return share(withStatus(scope, 'FAILED'), withStatus(others, 'FAILED'));
};

const durations = (scope: Scope): number[] => known(terminal(scope).map((run) => run.durationMs));
const timed = (scope: Scope): Run[] => terminal(scope).filter((run) => run.durationMs !== null);
const waits = (scope: Scope): number[] => known(runsIn(scope).map((run) => run.queueWaitMs));

const queueShare: Metric = (scope) => {
  const both = terminal(scope).filter((run) => run.queueWaitMs !== null && run.durationMs !== null);
  const queued = sum(both.map((run) => run.queueWaitMs!));
  return ratio(queued, sum([queued.n, ...both.map((run) => run.durationMs!)]));
};

const awaitShare: Metric = (scope) => {
  const reported = terminal(scope).filter((run) => run.awaitMs !== null);
  return ratio(sum(reported.map((run) => run.awaitMs!)), sum(reported.map((run) => run.durationMs!)));
};

const avgPhaseDuration: Metric = (scope) => {
  const phase = scope.group.find((cell) => cell.dimension === 'phase')!.value!;
  return passes(scope, 'phase', phase) ? mean(known(runsIn(scope).map((run) => run.phases.get(phase)))) : null;
};

/** What the runs counted under the group's name; null where the filter leaves it out. */
function countedIn(scope: Scope): Fraction[] | null {
  const counter = scope.group.find((cell) => cell.dimension === 'counter')!.value!;
  return passes(scope, 'counter', counter) ? known(runsIn(scope).map((run) => run.counters.get(counter))) : null;
}

const counterTotal: Metric = (scope) => countedIn(scope)?.reduce(plus, whole(0)) ?? null;
const counterPerRun: Metric = (scope) => ratio(counterTotal(scope), whole(countedIn(scope)?.length ?? 0));

const totalCost: Metric = (scope) =>
  usd(sumOfKnown((splitsByPart(scope) ? sharesIn(scope) : runsIn(scope)).map((row) => row.costNanos)));

const savingsOf = (run: Run): bigint | null => {
  const savings = known(run.shares.map((part) => part.cacheSavingsNanos));
  return savings.length === 0 ? null : sum(savings).n;
};
const cacheSavings: Metric = (scope) => {
  const parts = splitsByPart(scope) ? sharesIn(scope).map((part) => part.cacheSavingsNanos) : null;
  return usd(sumOfKnown(parts ?? runsIn(scope).map(savingsOf)));
};

const fullyKnown = (scope: Scope): Run[] => runsIn(scope).filter(({ cost }) => cost === 'fully known');
const costOf = (run: Run): bigint => run.costNanos!;
const costShare =
  (known_: Run['cost']): Metric =>
  (scope) =>
    share(
      terminal(scope).filter(({ cost }) => cost === known_),
      terminal(scope),
    );

const tokens =
  (count_: (tokens: Tokens) => bigint): Metric =>
  (scope) =>
    sumOfKnown(
      (splitsByPart(scope) ? sharesIn(scope) : runsIn(scope)).map((row) => (row.tokens ? count_(row.tokens) : null)),
    );
const inputTokens = tokens((of) => of.input);
const outputTokens = tokens((of) => of.output);
const totalTokens = tokens((of) => of.input + of.output);
const cacheReadTokens = tokens((of) => of.cacheRead);
const cacheWriteTokens = tokens((of) => of.cacheWrite);

const uncachedInputTokens: Metric = (scope) => {
  const input = inputTokens(scope);
  return input === null ? null : minus(minus(input, cacheReadTokens(scope)!), cacheWriteTokens(scope)!);
};

const artifact =
  (name: keyof Run['artifacts']): Metric =>
  (scope) =>
    sum(known(runsIn(scope).map((run) => run.artifacts[name])));

const testPassRate: Metric = (scope) => {
  const both = runsIn(scope).filter(
    ({ artifacts }) => artifacts.testsRun !== undefined && artifacts.testsPassed !== undefined,
  );
  return ratio(sum(both.map((run) => run.artifacts.testsPassed!)), sum(both.map((run) => run.artifacts.testsRun!)));
};

/** The metrics over R, the runs in the window. Units as in the definitions: users, runs, ratios, ms, USD, tokens. */
export const RUN_METRICS: Record<string, Metric> = {
  active_users: activeUsers,
  active_users_1d: trailing(1),
  active_users_7d: trailing(7),
  active_users_30d: trailing(30),
  runs: (scope) => count(runsIn(scope)),
  runs_per_day: (scope) => ratio(whole(runsIn(scope).length * DAY_MS), whole(scope.window.to - scope.window.from)),
  runs_per_active_user: (scope) =>
    ratio(count(runsIn(scope).filter((run) => isPerson(scope.world, run.user))), activeUsers(scope)),
  active_agents: (scope) => count(agents(runsIn(scope))),
  new_agents: newAgents,
  new_users: newUsers,
  terminal_runs: (scope) => count(terminal(scope)),
  succeeded_runs: (scope) => count(withStatus(scope, 'SUCCEEDED')),
  failed_runs: (scope) => count(withStatus(scope, 'FAILED')),
  in_flight_runs: (scope) => count(withStatus(scope, 'IN_FLIGHT')),
  run_success_rate: rate('SUCCEEDED'),
  run_failure_rate: rate('FAILED'),
  run_cancel_rate: rate('CANCELED'),
  run_timeout_rate: rate('TIMEOUT'),
  failure_share: failureShare,
  avg_run_duration: (scope) => mean(durations(scope)),
  p50_run_duration: (scope) => percentile(durations(scope), 50),
  p95_run_duration: (scope) => percentile(durations(scope), 95),
  avg_agent_time: (scope) => mean(known(terminal(scope).map((run) => run.executionMs))),
  avg_await: (scope) => mean(timed(scope).map((run) => run.awaitMs ?? 0)),
  avg_queue_wait: (scope) => mean(waits(scope)),
  p95_queue_wait: (scope) => percentile(waits(scope), 95),
  queue_share: queueShare,
  await_share: awaitShare,
  avg_phase_duration: avgPhaseDuration,
  total_cost: totalCost,
  cost_per_run: (scope) => ratio(usd(sum(fullyKnown(scope).map(costOf))), count(fullyKnown(scope))),
  cost_per_successful_run: (scope) => ratio(totalCost(scope), count(withStatus(scope, 'SUCCEEDED'))),
  fully_known_cost: (scope) => usd(sum(fullyKnown(scope).map(costOf))),
  lower_bound_cost: (scope) =>
    usd(sum(known(runsIn(scope).map((run) => (run.cost === 'fully known' ? null : run.costNanos))))),
  unsuccessful_cost: (scope) =>
    usd(
      sumOfKnown(
        terminal(scope)
          .filter((run) => run.status !== 'SUCCEEDED')
          .map((run) => run.costNanos),
      ),
    ),
  cost_to_usual: (scope) => toUsual(scope, totalCost),
  total_tokens: totalTokens,
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  cache_read_tokens: cacheReadTokens,
  cache_write_tokens: cacheWriteTokens,
  uncached_input_tokens: uncachedInputTokens,
  tokens_per_run: (scope) => ratio(totalTokens(scope), count(runsIn(scope).filter((run) => run.tokens !== null))),
  input_output_ratio: (scope) => ratio(inputTokens(scope), outputTokens(scope)),
  cache_read_ratio: (scope) => ratio(cacheReadTokens(scope), inputTokens(scope)),
  cache_savings: cacheSavings,
  cost_coverage: costShare('fully known'),
  cost_partly_known: costShare('partly known'),
  unpriced_tokens: (scope) => sum(sharesIn(scope).map((part) => part.unpricedTokens)),
  cost_per_million_tokens: (scope) => {
    const runs = fullyKnown(scope);
    const counts = known(runs.map(({ tokens }) => tokens && tokens.input + tokens.output));
    // nano-dollars per token are dollars per billion tokens
    return ratio(sum(runs.map(costOf)), whole(sum(counts).n * 1000n));
  },
  token_coverage: (scope) =>
    share(
      terminal(scope).filter((run) => run.tokens !== null),
      terminal(scope),
    ),
  sessions_with_runs: (scope) => whole(new Set(known(runsIn(scope).map((run) => run.session))).size),
  agent_active_time: (scope) => {
    const times = known(runsIn(scope).map((run) => run.executionMs));
    return times.length === 0 && runsIn(scope).length > 0 ? null : sum(times);
  },
  work_items: (scope) => whole(itemsOf(runsIn(scope))),
  cost_per_work_item: (scope) => {
    const runs = ofItems(scope).filter((run) => run.costNanos !== null);
    return usd(ratio(sum(runs.map((run) => run.costNanos!)), whole(itemsOf(runs))));
  },
  tokens_per_work_item: (scope) => {
    const runs = ofItems(scope).filter((run) => run.tokens !== null);
    return ratio(sum(runs.map(({ tokens }) => tokens!.input + tokens!.output)), whole(itemsOf(runs)));
  },
  runs_per_work_item: (scope) => ratio(count(ofItems(scope)), whole(itemsOf(runsIn(scope)))),
  sessions_per_work_item: (scope) => {
    const sessions = new Set(known(ofItems(scope).map((run) => run.session)));
    return ratio(whole(sessions.size), whole(itemsOf(runsIn(scope))));
  },
  files_changed: artifact('filesChanged'),
  lines_added: artifact('linesAdded'),
  lines_deleted: artifact('linesDeleted'),
  tests_run: artifact('testsRun'),
  test_pass_rate: testPassRate,
  counter_total: counterTotal,
  counter_per_run: counterPerRun,
};

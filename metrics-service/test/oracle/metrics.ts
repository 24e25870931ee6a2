import { budgetRows } from './budgets.js';
import { compareText, decimal } from './values.js';
import type { Fraction } from './fraction.js';
import { whole } from './fraction.js';
import { isPerson, passes, runsIn, type Scope, sessionsIn, sharesIn, splitsByPart } from './rows.js';
import { type Metric, RUN_METRICS } from './run-metrics.js';
import { SESSION_METRICS } from './session-metrics.js';
import { activeIn, PEOPLE_METRICS, peopleIn } from './people-metrics.js';
import { BEHIND_NOW, LIVE_METRICS, liveIn } from './live.js';
import { runsBeside, TOOL_METRICS, toolCallsIn } from './tools.js';
import { CLOSED_METRICS, countedIn, ESCALATION_METRICS } from './work-items.js';

export { CLOSED_METRICS, ESCALATION_METRICS, LIVE_METRICS, PEOPLE_METRICS, RUN_METRICS, SESSION_METRICS, TOOL_METRICS };

/** now − the newest time of any event of the organization, in ms. */
const dataAge: Metric = ({ world, now }) => (world.newestEventAt === null ? null : whole(now - world.newestEventAt));

const DAY_MS = 24 * 60 * 60 * 1000;

/** now − the newest time of any event of the source, at least 0. */
const sourceAge: Metric = ({ world, group, now }) => {
  const newest = world.sources.get(group.find(({ dimension }) => dimension === 'source')!.value!);
  return newest === undefined ? null : whole(Math.max(0, now - newest));
};

/** The 200 sources that pass with the newest events; nobody sees them who sees numbers over many only. */
export function sourcesOf(scope: Scope): string[] {
  if ((scope.leastPeople ?? 0) > 0) return [];
  const passing = [...scope.world.sources].filter(([source]) => passes(scope, 'source', source));
  const newestFirst = passing.sort(([a, one], [b, other]) => other - one || compareText(a, b));
  return newestFirst.slice(0, 200).map(([source]) => source);
}

/** What of the limit of a group's budget is spent, or will be. */
const ofBudget =
  (what: 'use' | 'projected_use'): Metric =>
  ({ world, group, now, timezone }) => {
    const id = group.find(({ dimension }) => dimension === 'budget')!.value;
    const row = budgetRows(world, now, timezone).find(({ budget }) => budget === id);
    return row?.[what] == null ? null : decimal(row[what] as number);
  };

const ALL: Record<string, Metric> = {
  ...RUN_METRICS,
  ...SESSION_METRICS,
  ...CLOSED_METRICS,
  ...ESCALATION_METRICS,
  ...TOOL_METRICS,
  ...PEOPLE_METRICS,
  ...LIVE_METRICS,
  data_age: dataAge,
  source_age: sourceAge,
  budget_use: ofBudget('use'),
  budget_projected_use: ofBudget('projected_use'),
};
export const ORACLE_METRICS = Object.keys(ALL);

/** A metric over a scope, exactly; null where there is nothing to say. */
export function metricValue(id: string, scope: Scope): Fraction | null {
  const metric = ALL[id];
  if (!metric) throw new Error(`unknown metric ${id}`);
  const value = metric(scope);
  return isTold(id, scope, value) ? value : null;
}

/** How many rows, and how many people, are behind a value. */
export function behind(id: string, scope: Scope): { rows: number; people: number } {
  if (id in PEOPLE_METRICS) return { rows: peopleIn(scope).length, people: activeIn(scope).length };
  const users = usersBehind(id, scope);
  return { rows: users.length, people: peopleAmong(scope, users) };
}

/** Whether nobody, or as many people as it takes, are behind a value: users of runs, creators of sessions. */
function isTold(id: string, scope: Scope, value: Fraction | null): boolean {
  const { leastPeople = 0 } = scope;
  if (leastPeople === 0 || id === 'data_age' || id === 'source_age') return true;
  if (/^active_users_\d/.test(id)) return value!.n === 0n || value!.n >= leastPeople;
  if (id in PEOPLE_METRICS) return peopleIn(scope).length === 0 || activeIn(scope).length >= leastPeople;
  const isEnough = (users: (string | null)[]): boolean =>
    users.length === 0 || peopleAmong(scope, users) >= leastPeople;
  if (id === 'tool_calls_per_run' && !isEnough(runsBeside(scope).map(({ user }) => user))) return false;
  return isEnough(usersBehind(id, scope));
}

/** Whether a row that the metric is about is in the scope; where numbers over few people are not told: of enough people. */
export function hasRows(id: string, scope: Scope): boolean {
  if (id === 'source_age') return true;
  const { leastPeople = 0 } = scope;
  if (id in PEOPLE_METRICS) return peopleIn(scope).length > 0 && activeIn(scope).length >= leastPeople;
  const isEnough = (users: (string | null)[]): boolean => users.length > 0 && peopleAmong(scope, users) >= leastPeople;
  const isByTool = scope.group.some(({ dimension }) => dimension === 'tool');
  if (id === 'tool_calls_per_run' && !isByTool && isEnough(runsIn(scope).map(({ user }) => user))) return true;
  return isEnough(usersBehind(id, scope));
}

const peopleAmong = ({ world }: Scope, users: (string | null)[]): number =>
  new Set(users.filter((user) => isPerson(world, user))).size;

/** Of each row that the metric is about, whose it is. */
function usersBehind(id: string, scope: Scope): (string | null)[] {
  if (id in TOOL_METRICS) return toolCallsIn(scope).map(({ user }) => user);
  if (id in LIVE_METRICS) return (BEHIND_NOW[id] ?? liveIn)(scope).map(({ user }) => user);
  const counted = countedIn(id, scope);
  if (counted !== null) return counted.map(({ user }) => user);
  if (id in SESSION_METRICS) return sessionsIn(scope).map(({ session }) => session.creator);
  const days = /^active_users_(\d+)d$/.exec(id)?.[1];
  if (days) {
    const { to } = scope.window;
    return runsIn(scope, { from: to - Number(days) * DAY_MS, to }).map((run) => run.user);
  }
  const phase = scope.group.find((cell) => cell.dimension === 'phase')?.value;
  const shares = splitsByPart(scope) || id === 'unpriced_tokens' ? new Set(sharesIn(scope)) : null;
  const counter = scope.group.find((cell) => cell.dimension === 'counter')?.value;
  return runsIn(scope)
    .filter((run) => shares === null || run.shares.some((share) => shares.has(share)))
    .filter((run) => id !== 'avg_phase_duration' || (passes(scope, 'phase', phase!) && run.phases.has(phase!)))
    .filter((run) => !counter || (passes(scope, 'counter', counter) && run.counters.has(counter)))
    .map((run) => run.user);
}

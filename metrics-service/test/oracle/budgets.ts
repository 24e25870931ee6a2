import { type Budget, latest, type Word } from './budget-words.js';
import { buckets, clockAt } from './buckets.js';
import { greater } from './entity.js';
import { compareFractions, type Fraction, minus, plus, ratio, toNumber, whole } from './fraction.js';
import { runsIn, within } from './rows.js';
import type { Filters, Window, World } from './types.js';
import { compareText } from './values.js';
import { weeksBefore } from './usual.js';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One row of the view `budgets`; money in US dollars. */
export type BudgetRow = Record<string, string | number | null>;

/** The rows of the budgets that hold now, by id. */
export function budgetRows(world: World, now: number, zone: string): BudgetRow[] {
  const held = [...world.budgets.values()].flatMap((words) => latest(words) ?? []);
  const known = held.filter((budget) => !isAmbiguous(world, budget.filters));
  return known.sort((one, other) => compareText(one.id, other.id)).map((one) => rowOf(world, one, now, zone));
}

/** Whether a filter names a user by a name that several have. */
export function isAmbiguous({ users, aliases }: World, { user }: Filters): boolean {
  const given = user === undefined ? [] : Array.isArray(user) ? user : user.not;
  return given.some((one) => {
    if (one === null || users.has(one) || aliases.has(one)) return false;
    return [...users.values()].filter(({ name, email }) => (name ?? email) === one).length > 1;
  });
}

/** The rows of the view `budget_history`, the latest period first. */
export function historyRows(
  world: World,
  { window, now, zone }: { window: Window; now: number; zone: string },
): BudgetRow[] {
  const found: BudgetRow[] = [];
  for (const words of world.budgets.values()) {
    for (const kind of ['day', 'week', 'month'] as const) {
      const around = { from: window.from - 33 * DAY, to: window.to + 33 * DAY };
      for (const { from, to } of buckets(around, kind, zone)) {
        if (to > now || to <= window.from || from >= window.to) continue;
        const before = (end: number): Word[] => words.filter(({ stamp }) => stamp.time < end);
        const [first, budget] = [latest(before(from)), latest(before(to))];
        if (budget?.period !== kind || isAmbiguous(world, budget.filters)) continue;
        const [last] = before(to)
          .filter(({ stamp }) => stamp.time >= from)
          .sort((one, other) => (greater(one.stamp, other.stamp) ? -1 : 1));
        const spent = costIn(world, budget, { from, to }, zone);
        const use = spent === null ? null : ratio(whole(spent), whole(budget.limit));
        found.push({
          ...{ budget: budget.id, name: budget.name, period: kind, period_start: from, period_end: to },
          ...{ limit: usd(budget.limit), spent: usd(spent), use: use && toNumber(use) },
          state: stateOf(use, budget.thresholds),
          limit_before: first && !isAmbiguous(world, first.filters) ? usd(first.limit) : null,
          ...{ changed_at: last?.stamp.time ?? null, changed_by: last?.stamp.source ?? null },
        });
      }
    }
  }
  const number = (value: BudgetRow[string] | undefined): number => Number(value);
  return found.sort(
    (one, other) =>
      number(other.period_start) - number(one.period_start) ||
      number(one.period_end) - number(other.period_end) ||
      compareText(String(one.budget), String(other.budget)),
  );
}

/** The budgets that somebody sees who sees what these people do: those about nobody else. */
export function budgetsSeenBy(world: World, people: Set<string>): string[] {
  const named = (filter: Filters[string] | undefined): string[] | null => {
    const isOpen = filter === undefined || !Array.isArray(filter) || filter.length === 0 || filter.includes(null);
    return isOpen ? null : (filter as string[]);
  };
  const held = [...world.budgets.values()].flatMap((words) => latest(words) ?? []);
  const seen = held.filter(({ filters }) => {
    const [users, teams] = [named(filters.user), named(filters.team)];
    const members = [...world.users.values()].filter(({ team }) => team !== null && teams?.includes(team));
    const ids = users?.map((id) => world.aliases.get(id) ?? id) ?? members.map(({ id }) => id);
    const passing = users && teams ? ids.filter((id) => members.some((one) => one.id === id)) : ids;
    return passing.length > 0 && passing.every((id) => people.has(id));
  });
  return seen.map(({ id }) => id);
}

/** The calendar period of the zone around an instant. */
export function periodAround(at: number, period: Budget['period'], zone: string): Window {
  return buckets({ from: at - 33 * DAY, to: at + 33 * DAY }, period, zone).find(
    ({ from, to }) => from <= at && at < to,
  )!;
}

/** total_cost in nano-US-dollars; null where there are runs of which none is known. */
export function costIn(
  world: World,
  { filters }: Pick<Budget, 'filters'>,
  window: Window,
  zone: string,
): bigint | null {
  if (!world.runs.some(({ startedAt }) => within(startedAt, window))) return 0n;
  const scope = { world, window, filters, group: [], timezone: zone, postHandoffMs: 0, now: 0 };
  const runs = runsIn(scope);
  const known = runs.flatMap(({ costNanos }) => costNanos ?? []);
  return known.length === 0 && runs.length > 0 ? null : known.reduce((sum, cost) => sum + cost, 0n);
}

function rowOf(world: World, budget: Budget, now: number, zone: string): BudgetRow {
  const { id, name, limit, thresholds } = budget;
  const period = periodAround(now, budget.period, zone);
  const spent = costIn(world, budget, { from: period.from, to: now }, zone);
  const ahead = usualAhead(world, budget, { now, end: period.to, zone });
  const projected = spent === null ? null : projection(spent, { period, now, ahead });
  const use = spent === null ? null : ratio(whole(spent), whole(limit));
  const [first, ...others] = thresholds.filter((one) => one < 1).sort((a, b) => a - b);
  const willReach = spent !== null && projected !== null && spent < limit && projected >= limit;
  return {
    ...{ budget: id, name, period: budget.period, period_start: period.from, period_end: period.to },
    ...{ limit: usd(limit), spent: usd(spent), use: use && toNumber(use) },
    projected: usd(projected),
    projected_use: projected === null ? null : toNumber(ratio(whole(projected), whole(limit))!),
    state: stateOf(use, thresholds),
    warn_from: first ?? null,
    near_from: others.at(-1) ?? null,
    reached_at: willReach ? reachedAt(spent, limit, { period, now, ahead }) : null,
  };
}

const usd = (nanos: bigint | null): number | null =>
  nanos === null ? null : toNumber({ n: nanos, d: 1_000_000_000n });

export function stateOf(use: Fraction | null, thresholds: number[]): string | null {
  if (use === null) return null;
  const share = toNumber(use);
  const below = thresholds.filter((one) => one < 1).sort((a, b) => a - b);
  if (share >= 1) return 'over';
  if (below.length >= 2 && share >= below[below.length - 1]!) return 'near';
  return below.length >= 1 && share >= below[0]! ? 'warn' : 'ok';
}

interface Ahead extends Window {
  /** nano-US-dollars per ms */
  rate: Fraction;
}

interface Until {
  period: Window;
  now: number;
  /** null: no week of the past says what is usual */
  ahead: Ahead[] | null;
}

function projection(spent: bigint, { period, now, ahead }: Until): bigint | null {
  if (ahead === null) {
    if (now - period.from < HOUR) return null;
    return rounded(ratio(whole(spent * BigInt(period.to - period.from)), whole(now - period.from))!);
  }
  const usual = ahead.map(({ from, to, rate }) => ({ n: rate.n * BigInt(to - from), d: rate.d }));
  return rounded(usual.reduce(plus, whole(spent)));
}

/** Half to even. */
function rounded({ n, d }: Fraction): bigint {
  const below = n / d;
  const order = compareFractions({ n: n - below * d, d }, { n: 1n, d: 2n });
  return order > 0 || (order === 0 && below % 2n === 1n) ? below + 1n : below;
}

function reachedAt(spent: bigint, limit: bigint, { period, now, ahead }: Until): number | null {
  if (ahead === null) return period.from + ceiling({ n: limit * BigInt(now - period.from), d: spent });
  let left = whole(limit - spent);
  for (const { from, to, rate } of ahead) {
    const after = minus(left, { n: rate.n * BigInt(to - from), d: rate.d });
    if (after.n <= 0n) return from + ceiling(ratio(left, rate)!);
    left = after;
  }
  return null;
}

function ceiling({ n, d }: Fraction): number {
  return Number((n + d - 1n) / d);
}

/** Stretches of a window in which the wall clock shows one hour, or a part of it. */
function* stretches({ from, to }: Window, zone: string): Generator<Window & { hour: string }> {
  for (let at = from; at < to;) {
    const quarter = Math.min(Math.floor(at / QUARTER) * QUARTER + QUARTER, to);
    const minute = Math.min(Math.floor(at / MINUTE) * MINUTE + MINUTE, to);
    const [one, other] = [hourAt(at, zone), hourAt(quarter - 1, zone)];
    const end = one === other && hourAt(minute, zone) === one ? quarter : minute;
    yield { from: at, to: end, hour: one };
    at = end;
  }
}

function hourAt(at: number, zone: string): string {
  const { day_of_week: day, hour_of_day: hour } = clockAt(at, zone);
  return `${day} ${hour}`;
}

/** What is usual in each stretch of the time to come; null: no whole week lies between the first event and now. */
function usualAhead(
  world: World,
  budget: Budget,
  { now, end, zone }: { now: number; end: number; zone: string },
): Ahead[] | null {
  const isKept = (weeks: number): boolean =>
    world.firstEventAt !== null && weeksBefore({ from: now, to: now }, weeks, zone).from >= world.firstEventAt;
  const weeks = [4, 3, 2, 1].find(isKept);
  if (weeks === undefined) return null;
  const today = periodAround(now, 'day', zone).from;
  const days = buckets({ from: today - (weeks * 7 + 3) * DAY, to: today }, 'day', zone).slice(-7 * weeks);
  // each hour of each day: how long it was there, and what its runs cost
  const usual = new Map<string, Fraction>();
  for (const day of days) {
    const ofDay = new Map<string, { ms: number; cost: bigint }>();
    for (const { from, to, hour } of stretches(day, zone)) {
      const one = ofDay.get(hour) ?? { ms: 0, cost: 0n };
      ofDay.set(hour, { ms: one.ms + to - from, cost: one.cost + (costIn(world, budget, { from, to }, zone) ?? 0n) });
    }
    for (const [hour, { ms, cost }] of ofDay) {
      const mean = ms > HOUR ? { n: cost * BigInt(HOUR), d: BigInt(ms) } : whole(cost);
      usual.set(hour, plus(usual.get(hour) ?? whole(0), mean));
    }
  }
  return [...stretches({ from: now, to: end }, zone)].map(({ from, to, hour }) => {
    const { n, d } = usual.get(hour) ?? whole(0);
    return { from, to, rate: { n, d: d * BigInt(weeks * HOUR) } };
  });
}

import { epicOf } from './epics.js';
import { type Fraction, mean, percentile, ratio, whole } from './fraction.js';
import type { Entity, Stamp } from './entity.js';
import { ITEM_DIMENSIONS, itemDimension, runDimension, sessionDimension } from './dimensions.js';
import { isLeftOut, passes, type Scope, within } from './rows.js';
import type { Metric } from './run-metrics.js';
import type { Escalation, Run, SentEvent, Session, WorkItem, World } from './types.js';
import { compareText, instant } from './values.js';

const WEIGHTS: Record<string, number> = { hand: 5, event: 4, telemetry: 3, correlation: 2, importer: 1, pattern: 0 };

/** Notes what an event says of its session's work item, by the weight of its word. */
export function sayWorkItem(session: Entity, { type, data }: SentEvent, stamp: Stamp): void {
  const by = type === 'session.seen' ? 'telemetry' : (data.by as string) || 'event';
  session.say(stamp, `work item, weight ${WEIGHTS[by]}`, data.workItemId);
}

/** What the weightiest word says, of several the greatest. */
export function workItemOf(session: Entity): string | null {
  const weight = [5, 4, 3, 2, 1, 0].find((one) => session.value(`work item, weight ${one}`) !== null);
  return weight === undefined ? null : session.text(`work item, weight ${weight}`);
}

export function readWorkItem(item: Entity, all: readonly Entity[]): WorkItem {
  const moments = (type: string, member: string): number[] =>
    item.history.filter((one) => one.type === type).map(({ data }) => instant(data[member] as string));
  const closed = Math.max(...moments('work_item.closed', 'closedAt'));
  const reopened = Math.max(...moments('work_item.reopened', 'at'));
  return {
    id: item.id,
    type: item.text('type'),
    project: item.text('project'),
    epic: epicOf(item.id, (id) => all.find((one) => one.id === id)?.text('parentId') ?? null),
    closedAt: closed > reopened ? closed : null,
    wasReopened: reopened > -Infinity,
    words: item.history
      .filter(({ data }) => typeof data.quality === 'string' && data.quality !== '')
      .map(({ data }) => ({ at: instant((data.closedAt ?? data.at) as string), quality: data.quality as string })),
  };
}

export function readEscalation(
  one: Entity,
  known: { runs: Run[]; meant: Map<string, Entity>; sessions: Map<string, Session> },
): Escalation[] {
  const at = one.time('occurredAt');
  if (at === null) return [];
  const named = one.text('runId');
  const run = known.runs.find(({ id }) => id === (known.meant.get(named ?? '')?.id ?? named)) ?? null;
  const session = run ? run.session : one.text('sessionId');
  const owner = session === null ? undefined : known.sessions.get(session);
  return [
    {
      at,
      severity: one.text('severity'),
      category: one.text('category'),
      workItem: one.text('workItemId') ?? (run ? run.workItem : (owner?.workItem ?? null)),
      session,
      run,
      agent: one.text('agent') ?? run?.agent ?? null,
      user: run ? run.user : (owner?.creator ?? null),
      hidden: run ? run.hidden : (owner?.hidden ?? false),
    },
  ];
}

/** A closed work item or an escalation, as what is counted: its moment, whose it is, and its value in each dimension. */
export interface CountedRow {
  at: number;
  user: string | null;
  valueOf(dimension: string): string | null;
}

interface ClosedItem extends CountedRow {
  item: WorkItem;
  runs: Run[];
}

export const CLOSED_DIMENSIONS = [
  'work_item',
  'work_item_type',
  'project',
  'epic',
  'agent',
  'role',
  'model',
  'runtime',
];

/** The items that are closed, by their latest closings. */
function closedItems(world: World): ClosedItem[] {
  return [...world.workItems.values()].flatMap((item) => {
    if (item.closedAt === null) return [];
    const { closedAt } = item;
    const runs = world.runs.filter((run) => !run.hidden && run.workItem === item.id);
    const closing = runs
      .filter((run) => run.startedAt !== null && run.startedAt <= closedAt)
      .sort((a, b) => a.startedAt! - b.startedAt! || compareText(a.id, b.id))
      .at(-1);
    return {
      item,
      runs,
      at: closedAt,
      user: closing?.user ?? null,
      valueOf: (dimension) =>
        valueIn(world, dimension, {
          workItem: item.id,
          run: closing ?? null,
          session: closing?.session ?? null,
          agent: closing?.agent ?? null,
          user: closing?.user ?? null,
        }),
    };
  });
}

function escalationRows(world: World): CountedRow[] {
  return world.escalations
    .filter(({ hidden }) => !hidden)
    .map((one) => ({
      at: one.at,
      user: one.user,
      valueOf: (dimension) => {
        if (dimension === 'severity') return one.severity;
        return dimension === 'escalation_category' ? one.category : valueIn(world, dimension, one);
      },
    }));
}

type Known = Pick<Escalation, 'workItem' | 'run' | 'session' | 'agent' | 'user'>;

/** What a row has in a dimension by its run, without one by its session. */
export function valueIn(
  world: World,
  dimension: string,
  { workItem, run, session, agent, user }: Known,
): string | null {
  if (ITEM_DIMENSIONS.includes(dimension)) return itemDimension(world, workItem, dimension);
  if (dimension === 'agent') return agent;
  if (dimension === 'user') return user;
  if (dimension === 'team') return user === null ? null : (world.users.get(user)?.team ?? null);
  if (run) return runDimension(world, run, dimension);
  const owner = session === null ? undefined : world.sessions.get(session);
  if (dimension === 'session') return session;
  if (dimension === 'stage') return owner?.stage ?? null;
  return owner && ['repo', 'workspace', 'runtime'].includes(dimension)
    ? sessionDimension(world, owner, dimension)
    : null;
}

function inScope<Row extends CountedRow>(scope: Scope, rows: Row[]): Row[] {
  return rows.filter(
    (row) =>
      within(row.at, scope.window) &&
      Object.keys(scope.filters).every((name) => passes(scope, name, row.valueOf(name))) &&
      scope.group.every(({ dimension, value }) => row.valueOf(dimension) === value) &&
      !isLeftOut(scope, row.valueOf),
  );
}

const closedIn = (scope: Scope): ClosedItem[] => inScope(scope, closedItems(scope.world));
const count = (rows: unknown[]): Fraction => whole(rows.length);

function lastWord({ item: { words } }: ClosedItem): string | null {
  const badness = ['passed', 'rework_requested', 'failed'];
  const sorted = [...words].sort((a, b) => a.at - b.at || badness.indexOf(a.quality) - badness.indexOf(b.quality));
  return sorted.at(-1)?.quality ?? null;
}

function timesToClose(scope: Scope): number[] {
  return closedIn(scope).flatMap(({ item, runs }) => {
    const first = Math.min(...runs.flatMap(({ startedAt }) => startedAt ?? []));
    return first < item.closedAt! ? [item.closedAt! - first] : [];
  });
}

/** Metrics over the items that are closed, by their closings. */
export const CLOSED_METRICS: Record<string, Metric> = {
  closed_work_items: (scope) => count(closedIn(scope)),
  avg_time_to_close: (scope) => mean(timesToClose(scope)),
  p50_time_to_close: (scope) => percentile(timesToClose(scope), 50),
  cost_per_closed_work_item: (scope) => {
    const costs = closedIn(scope).map(({ runs }) => runs.flatMap(({ costNanos }) => costNanos ?? []));
    const known = costs.filter(({ length }) => length > 0);
    const total = known.flat().reduce((sum, cost) => sum + cost, 0n);
    return ratio(whole(total), whole(BigInt(known.length) * 1_000_000_000n));
  },
  quality_rate: (scope) => {
    const withWord = closedIn(scope).filter((one) => lastWord(one) !== null);
    return ratio(count(withWord.filter((one) => lastWord(one) === 'passed')), count(withWord));
  },
  rework_rate: (scope) => {
    const withWord = closedIn(scope).filter((one) => lastWord(one) !== null);
    const wasReworked = ({ item }: ClosedItem): boolean =>
      item.wasReopened || item.words.some(({ quality }) => quality === 'rework_requested');
    return ratio(count(withWord.filter(wasReworked)), count(withWord));
  },
};

export const ESCALATION_METRICS: Record<string, Metric> = {
  escalations: (scope) => count(inScope(scope, escalationRows(scope.world))),
};

/** The rows of the world that such a metric counts, in whatever window; null for other metrics. */
export function countedRows(metric: string, world: World): CountedRow[] | null {
  if (metric in CLOSED_METRICS) return closedItems(world);
  return metric in ESCALATION_METRICS ? escalationRows(world) : null;
}

/** Those of them in the scope. */
export function countedIn(metric: string, scope: Scope): CountedRow[] | null {
  const rows = countedRows(metric, scope.world);
  return rows && inScope(scope, rows);
}

import { minimumGroupSize } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import { divide, NANOS_PER_USD } from '../catalogue/exact.js';
import { cutWindow, MAX_VALUES, type Window } from './buckets.js';
import { inWords } from '../catalogue/index.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { dimensionOf } from './filters.js';
import type { Grid, Group } from './grid.js';
import { areToldApart, type Share } from './intervals.js';
import type { Rows } from './rows.js';

/** The ways in which a run ends without success. */
export const UNSUCCESSFUL = ['FAILED', 'CANCELED', 'TIMEOUT'] as const;

/** What runs are grouped by to tell their outcomes. */
const OUTCOME = ['status', 'failure_category'] as const;

/** A category of failure, or one of the other two ways to end without success, in a window and in an earlier one. */
export interface Outcome {
  /** to begin a sentence with */
  readonly words: string;
  /** its status and failure category */
  readonly key: Group['key'];
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** of the ended runs */
  readonly now: Share;
  readonly before: Share;
  /** how many more there are than there were before, for as many ended runs */
  readonly extra: number;
  /** the known cost of those in the window, in US dollars */
  readonly cost: number | null;
}

/** Fewer of them are not worth a word. */
const FEWEST = 5;

/** Numbers of ended runs: of the window, and of the earlier one. */
export interface Ended {
  readonly now: number;
  readonly before: number;
}

/**
 * The outcomes whose share of the ended runs grew: Newcombe's interval of the difference lies above 0, and there are at
 * least five of them. Most extra ones first.
 */
export async function grownOutcomes(
  context: QuestionContext,
  rows: Rows,
  earlier: Window,
  ended: Ended,
): Promise<Outcome[]> {
  const grid = await evaluate(context, {
    values: [],
    extraMeasures: [runs.runs, runs.cost_nanos],
    groups: OUTCOME.map(dimensionOf),
    rows: withStatuses(rows, UNSUCCESSFUL),
    cut: { slices: [earlier, rows.window], whole: false, asked: 'last' },
    isShared: true,
  });
  return outcomesOf(grid, ended)
    .filter(({ now, before, extra }) => now.count >= FEWEST && extra > 0 && areToldApart(now, before))
    .sort((one, other) => other.extra - one.extra);
}

function outcomesOf(grid: Grid, ended: Ended): Outcome[] {
  return grid.groups.flatMap((group): Outcome[] => {
    const [status, category] = group.key as [string, string | null];
    const isTold = [0, 1].every((slice) => grid.isTold({ base: 'runs' }, group, slice));
    if (!isTold) return [];
    const [before, now] = [0, 1].map((slice) => Number(grid.measure(runs.runs, group, slice))) as [number, number];
    const cost = grid.measure(runs.cost_nanos, group, 1);
    return [
      {
        words: wordsOf(status, category),
        key: group.key,
        filters: filtersOf(status, category),
        now: { count: now, of: ended.now },
        before: { count: before, of: ended.before },
        extra: now - (before * ended.now) / ended.before,
        cost: typeof cost === 'bigint' ? divide(cost, NANOS_PER_USD) : null,
      },
    ];
  });
}

function filtersOf(status: string, category: string | null): Outcome['filters'] {
  return category === null ? { status: [status] } : { failure_category: [category] };
}

function wordsOf(status: string, category: string | null): string {
  if (category !== null) return inWords('failure_category', category);
  return status === 'TIMEOUT' ? 'Timeouts' : status === 'CANCELED' ? 'Cancellations' : 'Failures';
}

/**
 * Per outcome the day of the window that has at least half of it; null: none, or the window has one day only, or numbers over
 * few people are hidden.
 */
export async function mainDays(
  context: QuestionContext,
  rows: Rows,
  outcomes: readonly Outcome[],
): Promise<(Window | null)[]> {
  const { slices } = cutWindow(rows.window, 'day', rows.timezone, MAX_VALUES);
  if (outcomes.length === 0 || slices.length === 1 || minimumGroupSize(context.scope) > 0)
    return outcomes.map(() => null);
  const statuses = [...new Set(outcomes.map(({ key }) => key[0]!))];
  const grid = await evaluate(context, {
    values: [],
    extraMeasures: [runs.runs],
    groups: OUTCOME.map(dimensionOf),
    rows: withStatuses(rows, statuses),
    cut: { slices, whole: false, asked: 'all' },
    isShared: true,
  });
  return outcomes.map(({ key, now }) => {
    const group = grid.existing(key);
    const isMost = (slice: number) => group && Number(grid.measure(runs.runs, group, slice)) >= now.count / 2;
    return slices.find((_, slice) => isMost(slice)) ?? null;
  });
}

function withStatuses(rows: Rows, values: readonly string[]): Rows {
  const ofThese = { dimension: dimensionOf('status'), values, none: false, negated: false };
  return { ...rows, filters: [...rows.filters, ofThese] };
}

/** Whether the filters choose runs by how they ended: then shares of outcomes say nothing. */
export function choosesOutcomes({ filters }: Pick<Rows, 'filters'>): boolean {
  return filters.some(({ dimension: { name } }) => OF_OUTCOMES.includes(name));
}

const OF_OUTCOMES = ['status', 'failure_category', 'failure_fingerprint'];

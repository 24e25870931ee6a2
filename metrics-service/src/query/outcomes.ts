import { minimumGroupSize } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import { divide, NANOS_PER_USD } from '../catalogue/exact.js';
import { cutWindow, MAX_VALUES, type Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { dimensionOf, type Filter } from './filters.js';
import type { Grid } from './grid.js';
import { areToldApart, type Share } from './intervals.js';
import type { Rows } from './rows.js';

/** The ways in which a run ends without success. */
export const UNSUCCESSFUL = ['FAILED', 'CANCELED', 'TIMEOUT'] as const;

/** What runs are grouped by to tell their outcomes. */
export const OUTCOME = ['status', 'failure_category'] as const;

/** The measures that outcomes are told by. */
export const OUTCOME_MEASURES = [runs.runs, runs.cost_nanos];

/** A category of failure, or one of the other two ways to end without success, in a window and in an earlier one. */
export interface Outcome {
  readonly words: string;
  readonly filters: readonly { readonly name: string; readonly value: string }[];
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
 * least five of them. Most extra ones first. `byOutcome` is grouped by `OUTCOME` over two windows, the earlier one first.
 */
export function grownOutcomes(byOutcome: Grid, ended: Ended): Outcome[] {
  return outcomesOf(byOutcome, ended)
    .filter(({ now, before, extra }) => now.count >= FEWEST && extra > 0 && areToldApart(now, before))
    .sort((one, other) => other.extra - one.extra);
}

function outcomesOf(grid: Grid, ended: Ended): Outcome[] {
  return grid.groups.flatMap((group): Outcome[] => {
    const [status, category] = group.key as [string, string | null];
    const isTold = [0, 1].every((slice) => grid.isTold({ base: 'runs' }, group, slice));
    if (!isTold || !(UNSUCCESSFUL as readonly string[]).includes(status)) return [];
    const [before, now] = [0, 1].map((slice) => Number(grid.measure(runs.runs, group, slice))) as [number, number];
    const cost = grid.measure(runs.cost_nanos, group, 1);
    return [
      {
        words: wordsOf(status, category),
        filters: [
          category === null ? { name: 'status', value: status } : { name: 'failure_category', value: category },
        ],
        now: { count: now, of: ended.now },
        before: { count: before, of: ended.before },
        extra: now - (before * ended.now) / ended.before,
        cost: typeof cost === 'bigint' ? divide(cost, NANOS_PER_USD) : null,
      },
    ];
  });
}

function wordsOf(status: string, category: string | null): string {
  if (category !== null) return category.replaceAll('_', ' ');
  return status === 'TIMEOUT' ? 'timeouts' : status === 'CANCELED' ? 'cancellations' : 'failures';
}

/** When an outcome was, by the day. */
export interface OutcomeDays {
  /** the first day that has one */
  readonly first: Window | null;
  /** the day with at least half of them, if the window has several days */
  readonly most: Window | null;
}

/** The days of an outcome in the window; none where numbers over few people are hidden. */
export async function daysOf(context: QuestionContext, rows: Rows, { filters, now }: Outcome): Promise<OutcomeDays> {
  if (minimumGroupSize(context.scope) > 0) return { first: null, most: null };
  const { slices } = cutWindow(rows.window, 'day', rows.timezone, MAX_VALUES);
  const more = filters.map(({ name, value }): Filter => ({
    ...ONE_VALUE,
    dimension: dimensionOf(name),
    values: [value],
  }));
  const grid = await evaluate(context, {
    values: [],
    extraMeasures: [runs.runs],
    groups: [],
    rows: { ...rows, filters: [...rows.filters, ...more] },
    cut: { slices, whole: false, asked: 'all' },
  });
  const counts = slices.map((_, slice) => Number(grid.measure(runs.runs, grid.groups[0]!, slice)));
  const dayWith = (least: number): Window | null => slices[counts.findIndex((count) => count >= least)] ?? null;
  return { first: dayWith(1), most: slices.length > 1 ? dayWith(now.count / 2) : null };
}

const ONE_VALUE = { none: false, negated: false };

import { inWords } from '../../catalogue/index.js';
import { whatOf } from '../budgets/change-words.js';
import type { BudgetChange } from '../budgets/changes.js';
import { cutWindow, type Interval, type Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { markCountsStatement, type StoredKind } from '../statements/annotations.js';

/** What stands in Grafana's panels: a time, and words. */
export interface Mark {
  /** epoch ms */
  readonly time: number;
  readonly timeEnd: number | null;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly id: string;
}

/** More of them cannot be told apart in a panel. */
const MOST_PER_KIND = 100;

type MergedKind = StoredKind | 'budget_change';

const NAMES: Readonly<Record<MergedKind, readonly [one: string, several: string]>> = {
  handoff: ['handoff', 'handoffs'],
  failed_run: ['failed run', 'failed runs'],
  first_model_use: ['first use of a model', 'first uses of models'],
  budget_change: ['change of a budget', 'changes of budgets'],
};
const WORDS: Readonly<Record<MergedKind, string>> = {
  handoff: 'method',
  failed_run: 'failure_category',
  first_model_use: 'model',
  budget_change: 'change',
};

interface Merged {
  readonly kinds: readonly StoredKind[];
  readonly limit: number;
  readonly changes: readonly BudgetChange[];
}

interface Counted {
  readonly kind: MergedKind;
  /** from 1 on */
  readonly bucket: number;
  readonly what: string;
  readonly count: number;
}

/** A mark per kind and hour, day, week or month, as fine as `limit` marks allow: "12 failed runs: Provider error 9, Tool error 3". */
export async function mergedMarks(
  context: QuestionContext,
  rows: Rows,
  { kinds, limit, changes }: Merged,
): Promise<{ marks: Mark[]; interval: Interval }> {
  const shown: readonly MergedKind[] = changes.length === 0 ? kinds : [...kinds, 'budget_change'];
  const points = Math.max(1, Math.min(MOST_PER_KIND, Math.floor(limit / shown.length)));
  const { interval, slices } = cutWindow(rows.window, 'auto', rows.timezone, points);
  const counted = [
    ...(kinds.length === 0 ? [] : await countsOf(context, rows, { kinds, slices })),
    ...countsOfChanges(changes, slices),
  ];
  const byPlace = new Map<string, Counted[]>();
  for (const one of counted) {
    const place = `${one.kind} ${one.bucket}`;
    const there = byPlace.get(place);
    if (there) there.push(one);
    else byPlace.set(place, [one]);
  }
  const marks = shown.flatMap((kind) =>
    slices.flatMap(({ from }, index) => {
      const parts = byPlace.get(`${kind} ${index + 1}`) ?? [];
      return parts.length === 0 ? [] : [markOf(kind, from, parts)];
    }),
  );
  return { marks, interval };
}

async function countsOf(
  context: QuestionContext,
  rows: Rows,
  { kinds, slices }: { kinds: readonly StoredKind[]; slices: readonly Window[] },
): Promise<Counted[]> {
  const starts = slices.map(({ from }) => from);
  return (await context.ask(markCountsStatement(context.orgId, rows, { kinds, starts }))) as unknown as Counted[];
}

function countsOfChanges(changes: readonly BudgetChange[], slices: readonly Window[]): Counted[] {
  return slices.flatMap(({ from, to }, index) => {
    const there = changes.filter(({ at }) => at >= from && at < to).map(whatOf);
    return [...new Set(there)].map((what): Counted => {
      const count = there.filter((one) => one === what).length;
      return { kind: 'budget_change', bucket: index + 1, what, count };
    });
  });
}

function markOf(kind: MergedKind, time: number, parts: readonly Counted[]): Mark {
  const sorted = [...parts].sort((one, other) => other.count - one.count || (one.what < other.what ? -1 : 1));
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  const [one, several] = NAMES[kind];
  return {
    ...{ id: `${kind}:${time}`, time, timeEnd: null },
    title: `${all.toLocaleString('en-US')} ${all === 1 ? one : several}`,
    text: sorted.map(({ what, count }) => `${inWords(WORDS[kind], what)} ${count.toLocaleString('en-US')}`).join(', '),
    tags: [kind, ...sorted.map(({ what }) => what)],
  };
}

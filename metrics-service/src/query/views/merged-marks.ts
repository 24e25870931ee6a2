import { inWords } from '../../catalogue/index.js';
import { cutWindow, type Interval } from '../buckets.js';
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

const NAMES: Readonly<Record<StoredKind, readonly [one: string, several: string]>> = {
  handoff: ['handoff', 'handoffs'],
  failed_run: ['failed run', 'failed runs'],
  first_model_use: ['first use of a model', 'first uses of models'],
};
const WORDS: Readonly<Record<StoredKind, string>> = {
  handoff: 'method',
  failed_run: 'failure_category',
  first_model_use: 'model',
};

interface Counted {
  readonly kind: StoredKind;
  /** from 1 on */
  readonly bucket: number;
  readonly what: string;
  readonly count: number;
}

/** A mark per kind and hour, day, week or month, as fine as `limit` marks allow: "12 failed runs: Provider error 9, Tool error 3". */
export async function mergedMarks(
  context: QuestionContext,
  rows: Rows,
  { kinds, limit }: { kinds: readonly StoredKind[]; limit: number },
): Promise<{ marks: Mark[]; interval: Interval }> {
  const points = Math.max(1, Math.min(MOST_PER_KIND, Math.floor(limit / kinds.length)));
  const { interval, slices } = cutWindow(rows.window, 'auto', rows.timezone, points);
  const statement = markCountsStatement(context.orgId, rows, { kinds, starts: slices.map(({ from }) => from) });
  const counted = (await context.ask(statement)) as unknown as Counted[];
  const byPlace = new Map<string, Counted[]>();
  for (const one of counted) {
    const place = `${one.kind} ${one.bucket}`;
    const there = byPlace.get(place);
    if (there) there.push(one);
    else byPlace.set(place, [one]);
  }
  const marks = kinds.flatMap((kind) =>
    slices.flatMap(({ from }, index) => {
      const parts = byPlace.get(`${kind} ${index + 1}`) ?? [];
      return parts.length === 0 ? [] : [markOf(kind, from, parts)];
    }),
  );
  return { marks, interval };
}

function markOf(kind: StoredKind, time: number, parts: readonly Counted[]): Mark {
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

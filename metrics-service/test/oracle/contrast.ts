import type { Answer } from './answer.js';
import { type Fraction, minus, plus, ratio, toNumber, whole } from './fraction.js';
import { interval } from './interval.js';
import { runDimension } from './dimensions.js';
import { isFiltered, passes, runsIn, type Scope, sessionsIn } from './rows.js';
import type { Query, Run } from './types.js';
import { compareText } from './values.js';

/** What one session or work item has, in the column's unit; null where unknown. */
interface One {
  success: boolean | null;
  values: Record<string, Fraction | null>;
}

const MEANS = ['avg_cost', 'avg_tokens', 'avg_agent_time', 'avg_runs'];

export const CONTRAST_COLUMNS = ['last_run_success_rate', ...MEANS].flatMap((name) => [
  ...[name, `${name}_low`, `${name}_high`, `${name}_cases`],
]);

type Cells = Record<string, number | null>;

/** The sessions (work items) with and without a run that passes `by`, and the difference. */
export function contrast(scope: Scope, { of = 'sessions', by = {} }: Query, seesNothing: boolean): Answer {
  const found = runsIn(scope);
  const passing = found.filter((run) => isBy({ ...scope, filters: by }, run));
  const idOf = (run: Run): string | null => (of === 'sessions' ? run.session : run.workItem);
  const isWith = new Set(passing.map(idOf));
  const all =
    of === 'sessions' ? sessionsIn(scope).map(({ session, runs }) => ({ id: session.id, runs })) : itemsOf(found);
  const side = (wanted: boolean): One[] =>
    all.filter(({ id }) => isWith.has(id) === wanted).map(({ runs }) => readOne(runs));
  const [one, other] = [side(true), side(false)];
  const none = Object.fromEntries([of, ...CONTRAST_COLUMNS].map((name) => [name, null]));
  const rows: Cells[] = seesNothing
    ? [none, none, none]
    : [
        { [of]: one.length, ...told(one) },
        { [of]: other.length, ...told(other) },
        { [of]: null, ...difference(one, other) },
      ];
  return {
    view: 'contrast',
    rows: ['with', 'without', 'difference'].map((group, index) => ({ group, ...rows[index]! })),
  };
}

/** Whether the run passes, or, by tool, one of its calls. */
function isBy(scope: Scope, run: Run): boolean {
  if (isFiltered(scope, 'tool')) {
    return scope.world.toolCalls.some((call) => call.run === run && passes(scope, 'tool', call.tool));
  }
  return Object.keys(scope.filters).every((name) => passes(scope, name, runDimension(scope.world, run, name)));
}

function itemsOf(runs: Run[]): { id: string; runs: Run[] }[] {
  const ids = new Set(runs.flatMap(({ workItem }) => workItem ?? []));
  return [...ids].map((id) => ({ id, runs: runs.filter(({ workItem }) => workItem === id) }));
}

function readOne(runs: Run[]): One {
  const known = <T>(values: (T | null)[], amount: (value: T) => bigint): Fraction | null => {
    const those = values.filter((value) => value !== null);
    if (runs.length > 0 && those.length === 0) return null;
    return whole(those.reduce((sum, value) => sum + amount(value), 0n));
  };
  const last = runs
    .filter(({ status }) => status !== 'IN_FLIGHT')
    .sort((a, b) => a.startedAt! - b.startedAt! || compareText(a.id, b.id))
    .at(-1);
  const isKnown = runs.every(({ cost }) => cost === 'fully known');
  const nanos = known(
    runs.map(({ costNanos }) => costNanos),
    (cost) => cost,
  );
  return {
    success: last ? last.status === 'SUCCEEDED' : null,
    values: {
      avg_cost: isKnown ? ratio(nanos, whole(1_000_000_000)) : null,
      avg_tokens: known(
        runs.map(({ tokens }) => tokens),
        ({ input, output }) => input + output,
      ),
      avg_agent_time: known(
        runs.map(({ executionMs }) => executionMs),
        (ms) => BigInt(ms),
      ),
      avg_runs: whole(runs.length),
    },
  };
}

function sampleOf(ones: One[], name: string): Fraction[] {
  return ones.flatMap(({ values }) => values[name] ?? []);
}

function shareOf(ones: One[]): Fraction | null {
  const ended = ones.filter(({ success }) => success !== null);
  return ratio(whole(ended.filter(({ success }) => success).length), whole(ended.length));
}

const meanOf = (sample: Fraction[]): Fraction | null => ratio(sample.reduce(plus, whole(0)), whole(sample.length));

/** s² ÷ n, from the deviations; null of fewer than 10. */
function squaredError(sample: Fraction[]): number | null {
  const mean = meanOf(sample);
  if (mean === null || sample.length < 10) return null;
  const squares = sample.map((value) => minus(value, mean)).map(({ n, d }) => ({ n: n * n, d: d * d }));
  const sum = squares.reduce((total, { n, d }) => total + toNumber({ n, d }), 0);
  return sum / (sample.length - 1) / sample.length;
}

function cells(name: string, value: number | null, ends: [number, number] | null, cases: number | null): Cells {
  return {
    [name]: value,
    [`${name}_low`]: ends?.[0] ?? null,
    [`${name}_high`]: ends?.[1] ?? null,
    [`${name}_cases`]: cases,
  };
}

function around(value: Fraction | null, square: number | null): [number, number] | null {
  if (value === null || square === null) return null;
  const half = 1.96 * Math.sqrt(square);
  return [toNumber(value) - half, toNumber(value) + half];
}

function told(ones: One[]): Cells {
  const share = shareOf(ones);
  const ended = ones.filter(({ success }) => success !== null).length;
  const means = MEANS.map((name) => {
    const sample = sampleOf(ones, name);
    const mean = meanOf(sample);
    return cells(name, mean && toNumber(mean), around(mean, squaredError(sample)), sample.length);
  });
  return Object.assign(cells('last_run_success_rate', share && toNumber(share), interval(share), ended), ...means);
}

function difference(one: One[], other: One[]): Cells {
  const [p, q] = [shareOf(one), shareOf(other)];
  const share = p && q && minus(p, q);
  const means = MEANS.map((name) => {
    const [a, b] = [sampleOf(one, name), sampleOf(other, name)];
    const [m, n] = [meanOf(a), meanOf(b)];
    const mean = m && n && minus(m, n);
    const [s, t] = [squaredError(a), squaredError(b)];
    return cells(name, mean && toNumber(mean), around(mean, s === null || t === null ? null : s + t), null);
  });
  return Object.assign(cells('last_run_success_rate', share && toNumber(share), newcombe(p, q), null), ...means);
}

/** From both Wilson intervals. */
function newcombe(p: Fraction | null, q: Fraction | null): [number, number] | null {
  const [a, b] = [interval(p), interval(q)];
  if (a === null || b === null) return null;
  const [one, other] = [toNumber(p!), toNumber(q!)];
  const between = one - other;
  return [
    between - Math.sqrt((one - a[0]) ** 2 + (b[1] - other) ** 2),
    between + Math.sqrt((a[1] - one) ** 2 + (other - b[0]) ** 2),
  ];
}

import type { Answer } from './answer.js';
import { candidateGroups } from './candidate-groups.js';
import { toNumber } from './fraction.js';
import { metricValue } from './metrics.js';
import { remainders } from './remainder.js';
import { runsIn, type Scope, within } from './rows.js';
import type { Query, Run, Window } from './types.js';

type Row = Record<string, string | number | null>;

/** Of each, the value of a run as it is stored, where the first bin ends, and how many are one in the answer. */
const OF: Record<string, { value: (run: Run) => bigint | null; first: bigint; scale: number }> = {
  duration: {
    value: ({ durationMs }) => (durationMs === null ? null : BigInt(durationMs)),
    first: 1_000n,
    scale: 1,
  },
  cost: { value: ({ costNanos }) => costNanos, first: 10_000_000n, scale: 1e9 },
  tokens: {
    value: ({ tokens }) => (tokens === null ? null : BigInt(tokens.input) + BigInt(tokens.output)),
    first: 1_000n,
    scale: 1,
  },
};

/** Ended runs in bins that double; over time, a row per cell. */
export function distribution(scope: Scope, query: Query, points: Window[], seesNothing: boolean): Answer {
  const { value, first, scale } = OF[query.of ?? 'duration']!;
  const ended = seesNothing ? [] : runsIn(scope).filter(({ status }) => status !== 'IN_FLIGHT');
  const binned = ended.flatMap((run) => {
    const known = value(run);
    return known === null ? [] : [{ run, bin: binOf(known, first) }];
  });
  const bins = [...new Set(binned.map(({ bin }) => bin))].sort((a, b) => a - b);
  const ends = (bin: number): [number, number] => {
    const to = Number(first * 2n ** BigInt(bin)) / scale;
    return [to / 2, to];
  };
  if (!query.interval) {
    const all = bins.length === 0 ? [] : Array.from({ length: bins.at(-1)! - bins[0]! + 1 }, (_, n) => bins[0]! + n);
    const rows = all.map((bin): Row => {
      const [xMin, xMax] = ends(bin);
      const runs = binned.filter((one) => one.bin === bin);
      const failed = runs.filter(({ run }) => run.status === 'FAILED');
      return { xMin, xMax, runs: runs.length, failed_runs: failed.length };
    });
    return { view: 'rows', columns: ['xMin', 'xMax', 'runs', 'failed_runs'], rows };
  }
  if (bins.length * points.length > 10_000) return { view: 'refused', reason: 'too many cells' };
  const rows = points.flatMap((point) =>
    bins.flatMap((bin): Row[] => {
      const count = binned.filter((one) => one.bin === bin && within(one.run.startedAt, point)).length;
      const [yMin, yMax] = ends(bin);
      return count === 0 ? [] : [{ xMin: point.from, yMin, yMax, count }];
    }),
  );
  return { view: 'rows', columns: ['xMin', 'yMin', 'yMax', 'count'], rows };
}

function binOf(value: bigint, first: bigint): number {
  let bin = 0;
  for (let end = first; value >= end; end *= 2n) bin += 1;
  return bin;
}

/** One metric by weekday and hour of the day. */
export function punchcard(scope: Scope, query: Query, seesNothing: boolean): Answer {
  const [metric] = query.metrics as [string];
  const names = ['day_of_week', 'hour_of_day'];
  const rest = remainders(scope, candidateGroups(scope, [metric], names, scope.timezone))(metric, scope.window);
  const valueAt = (day: string, hour: string): number | null => {
    const isFolded = rest?.folded.some(([one, other]) => one!.value === day && other!.value === hour) ?? false;
    if (seesNothing || isFolded) return null;
    const group = [
      { dimension: 'day_of_week', value: day },
      { dimension: 'hour_of_day', value: hour },
    ];
    const value = metricValue(metric, { ...scope, group });
    return value === null ? null : toNumber(value);
  };
  const hours = Array.from({ length: 24 }, (_, hour) => `h${String(hour).padStart(2, '0')}`);
  const rows = [1, 2, 3, 4, 5, 6, 7].map((day): Row => ({
    day_of_week: day,
    ...Object.fromEntries(hours.map((name, hour) => [name, valueAt(String(day), String(hour))])),
  }));
  return { view: 'rows', columns: ['day_of_week', ...hours], rows };
}

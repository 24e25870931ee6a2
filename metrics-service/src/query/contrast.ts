import { NANOS_PER_USD } from '../catalogue/exact.js';
import type { Unit } from '../catalogue/units.js';
import type { Row } from './context.js';
import {
  mean,
  meanDifference,
  meanDifferenceInterval,
  meanInterval,
  newcombe,
  wilson,
  type Bounds,
  type Sample,
  type Share,
} from './intervals.js';
import { VALUES } from './statements/contrast.js';

/** Those with something, or those without. */
export interface Side {
  /** how many */
  readonly ones: number;
  readonly samples: Readonly<Record<keyof typeof VALUES, Sample>>;
  /** of those with a run that ended: whether the last one succeeded */
  readonly success: Share;
}

/** A number of a side, or the difference of both. */
export interface Told {
  readonly value: number | null;
  readonly interval: Bounds | null;
  /** how many it is over; null of a difference */
  readonly cases: number | null;
}

export const UNTOLD: Told = { value: null, interval: null, cases: null };

/** The side of a row of the statement; without one there are none. */
export function sideOf(row: Row | undefined): Side {
  const read = (name: string): bigint => BigInt((row?.[name] as string | undefined) ?? 0);
  const samples = Object.keys(VALUES).map((name) => [
    name,
    { count: read(`${name}_count`), sum: read(`${name}_sum`), squares: read(`${name}_squares`) },
  ]);
  return {
    ones: Number(read('ones')),
    samples: Object.fromEntries(samples) as Side['samples'],
    success: { count: Number(read('succeeded')), of: Number(read('ended')) },
  };
}

/** A number of both sides and their difference, each with its 95 % interval (definitions.md, Shares with an interval). */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly definition: string;
  readonly unit: Unit;
  tell(side: Side): Told;
  differ(one: Side, other: Side): Told;
}

function rateOf({ count, of }: Share): number | null {
  return of === 0 ? null : count / of;
}

const successOfLastRun: Measured = {
  name: 'last_run_success_rate',
  title: 'Success of the last run',
  definition: 'Share whose last run that ended in the window succeeded.',
  unit: 'ratio',
  tell: ({ success }) => ({ value: rateOf(success), interval: wilson(success), cases: success.of }),
  differ({ success: one }, { success: other }) {
    const [rate, otherRate] = [rateOf(one), rateOf(other)];
    return differing(rate === null || otherRate === null ? null : rate - otherRate, newcombe(one, other));
  },
};

/** `per` is how many of the sample's unit are one of the column's. */
function meanOf(name: keyof typeof VALUES, shown: Pick<Measured, 'title' | 'definition' | 'unit'>, per = 1): Measured {
  const scaled = (value: number | null): number | null => value && value / per;
  const inUnit = (bounds: Bounds | null): Bounds | null => bounds && { low: bounds.low / per, high: bounds.high / per };
  return {
    name: `avg_${name}`,
    ...shown,
    tell({ samples: { [name]: sample } }) {
      return { value: scaled(mean(sample)), interval: inUnit(meanInterval(sample)), cases: Number(sample.count) };
    },
    differ({ samples: { [name]: one } }, { samples: { [name]: other } }) {
      return differing(scaled(meanDifference(one, other)), inUnit(meanDifferenceInterval(one, other)));
    },
  };
}

function differing(value: number | null, interval: Bounds | null): Told {
  return { value, interval, cases: null };
}

/** What is told of both sides, in order. */
export const MEASURED: readonly Measured[] = [
  successOfLastRun,
  meanOf(
    'cost',
    {
      title: 'Average cost',
      definition: 'Mean over those whose runs all have a fully known cost.',
      unit: 'USD',
    },
    Number(NANOS_PER_USD),
  ),
  meanOf('tokens', {
    title: 'Average tokens',
    definition: 'Mean over those of which any tokens are known.',
    unit: 'tokens',
  }),
  meanOf('agent_time', {
    title: 'Average agent time',
    definition: 'Mean over those of which any is known; waiting for a person or a usage limit is left out.',
    unit: 'ms',
  }),
  meanOf('runs', { title: 'Average runs', definition: 'Mean number of runs.', unit: 'runs' }),
];

/** What the sides are not told apart in: the interval of the difference holds 0. */
export function alikeIn(one: Side, other: Side): readonly Measured[] {
  return MEASURED.filter((measured) => {
    const { interval } = measured.differ(one, other);
    return interval !== null && interval.low <= 0 && interval.high >= 0;
  });
}

import type { Transaction } from '../db/database.js';
import { KEPT_BY, ROLLED_DIMENSIONS, TOOL, type KeptBy } from './dimensions.js';
import { BESIDE } from './kept.js';
import { quartersOf, SUMS_OF_ALL, SUMS_OF_CALLS, SUMS_OF_PARTS, valuesOf } from './names.js';
import { QUARTERS_BY, QUARTERS_SLOT_MINUTES } from './quarters.js';
import { SLOT_MINUTES } from './slots.js';
import { VALUES_BY } from './values.js';

/**
 * Lengths of slots in minutes of which an organization's are chosen, the longest first; each is a multiple of the next. A week
 * begins on a Thursday, as the epoch does.
 */
export const LENGTHS: readonly number[] = [10_080, 1440, 360, 60, SLOT_MINUTES];

/** A length of slots that is kept, and how many runs there are for each sum, about. */
export type Level = readonly [minutes: number, runsPerSum: number];

/** What lengths are kept, the longest first, by the name of what is kept in them (names.ts, or what sums are kept by). */
export type Levels = Readonly<Record<string, readonly Level[]>>;

/** The lengths of slots in minutes that are kept under a name, the longest first; none: []. */
export function lengthsOf(levels: Levels, name: string): readonly number[] {
  return (levels[name] ?? []).map(([minutes]) => minutes);
}

/** The length of the shortest slots that are kept, in minutes. */
export function shortestOf(levels: Levels): number {
  return Math.min(...Object.values(levels).map((kept) => kept.at(-1)![0]));
}

interface Choice {
  readonly name: string;
  readonly lengths: readonly number[];
  /** with fewer runs in a slot of that length these are as quick to read */
  readonly runsPerSlot: (minutes: number) => number;
  /** with fewer runs for a sum it takes too much room for what it saves */
  readonly runsPerSum: number;
}

/**
 * With fewer runs for a sum it takes too much room for what it saves. Most questions are about people; many filter by them. Days
 * of most zones begin at an hour of UTC, seldom at every sixth: series by day need hours, and most are by one of BY_DAY.
 */
function leastRunsPerSum(name: string): number {
  if (name === 'user') return 5;
  return /^user\+|^repo$/.test(name) || BY_DAY.includes(name) ? 12 : 20;
}

/** Six hours make the ends of a window shorter, no more: no zone's days begin with them all. */
function ofDimensions(minutes: number): number {
  return minutes === 360 ? 500 : 100;
}

const BY_DAY = ['model', 'outcome', 'runtime'];

const CHOICES: readonly Choice[] = [
  { name: SUMS_OF_ALL, lengths: LENGTHS, runsPerSlot: () => 100, runsPerSum: 1 },
  { name: SUMS_OF_PARTS, lengths: LENGTHS, runsPerSlot: ofDimensions, runsPerSum: 12 },
  ...KEPT_BY.map(({ name }) => ({
    ...{ name, lengths: [10_080, 1440, 360, 60], runsPerSlot: ofDimensions, runsPerSum: leastRunsPerSum(name) },
  })),
  ...['', ...VALUES_BY.map(({ name }) => name)].map((name) => ({
    ...{ name: valuesOf(name), lengths: [1440, 360], runsPerSlot: () => 1_000, runsPerSum: 60 },
  })),
  { name: SUMS_OF_CALLS, lengths: [10_080, 1440, 60], runsPerSlot: () => 100, runsPerSum: 1 },
  { name: valuesOf(TOOL.name), lengths: [1440, 360, 60], runsPerSlot: () => 100, runsPerSum: 1 },
  ...QUARTERS_BY.map(({ name }) => ({
    ...{ name: quartersOf(name), lengths: [QUARTERS_SLOT_MINUTES], runsPerSlot: ofDimensions, runsPerSum: 4 },
  })),
];

/** Whatever the runs: how many there are in a day is read from these, and series by day; cost by model stands on most boards. */
const ALWAYS: Readonly<Record<string, readonly number[]>> = {
  [SUMS_OF_ALL]: [10_080, 1440, 60],
  [SUMS_OF_PARTS]: [10_080, 1440, 60],
  [SUMS_OF_CALLS]: [10_080, 1440],
};

/** What it is estimated by how many runs there are for a sum: parts are mostly of their run's model, and a run calls each tool. */
function countedAs(name: string): string {
  if (name === SUMS_OF_CALLS || name === valuesOf(TOOL.name)) return SUMS_OF_ALL;
  return name === SUMS_OF_PARTS ? 'model' : name.replace(/^(values|quarters)\//, '');
}

/** Runs that are looked at: the newest. */
const SAMPLE = 100_000;

/** How many runs of the sample a slot has, for each value of what is kept by ('': all), from those of shorter slots. */
const COUNTS = `
with sampled as (
  select r.started_at, ${ROLLED_DIMENSIONS.map(({ name, value }) => `coalesce(${value.sql}, '') as ${name}`).join(', ')}
  from (
    select *
    from runs
    where org_id = $1
      and not hidden
      and started_at is not null
    order by started_at desc
    limit ${SAMPLE}
  ) r
  ${BESIDE}
), of_5 as (
  select d.name, d.value, d.other, r.started_at as at, 1 as runs
  from sampled r
  cross join lateral (
    values ('', '', ''), ${KEPT_BY.map(kindOf).join(', ')}
  ) d (name, value, other)
), ${longerOf(60, 5)}, ${longerOf(360, 60)}, ${longerOf(1440, 360)}, ${longerOf(10_080, 1440)}
${[10_080, 1440, 360, 60].map(ratiosOf).join('\nunion all\n')}`;

function kindOf({ name, of: [one, other] }: KeptBy): string {
  return `('${name}', r.${one.name}, ${other ? `r.${other.name}` : "''"})`;
}

function longerOf(minutes: number, shorter: number): string {
  return `of_${minutes} as materialized (
  select name, value, other, date_bin(interval '${minutes} minutes', at, 'epoch') as at, sum(runs) as runs
  from of_${shorter}
  group by 1, 2, 3, 4
)`;
}

function ratiosOf(minutes: number): string {
  return `select name, ${minutes} as minutes, sum(runs)::float8 / count(distinct at) as per_slot, sum(runs)::float8 / count(*) as per_sum
from of_${minutes}
group by name`;
}

interface Counts {
  readonly name: string;
  readonly minutes: number;
  readonly per_slot: number;
  readonly per_sum: number;
}

/** Chooses what is worth its room, as the newest runs are; `isWhole`: everything there is. */
export async function chooseLevels(tx: Transaction, { isWhole }: { readonly isWhole: boolean }): Promise<Levels> {
  const { rows } = await tx.query<Counts>(COUNTS, [tx.orgId]);
  const found = new Map(rows.map((row) => [JSON.stringify([row.name, row.minutes]), row]));
  const countsOf = (name: string, minutes: number): Counts | undefined => {
    const counts = found.get(JSON.stringify([countedAs(name), Math.max(minutes, 60)]));
    return counts && minutes < 60 ? { ...counts, per_slot: (counts.per_slot * minutes) / 60 } : counts;
  };
  const chosen = CHOICES.map(({ name, lengths, runsPerSlot, runsPerSum }) => {
    const levels = lengths.flatMap((minutes): Level[] => {
      const counts = countsOf(name, minutes);
      const isWorthIt = counts && counts.per_slot >= runsPerSlot(minutes) && counts.per_sum >= runsPerSum;
      const isKept = isWhole || isWorthIt || ALWAYS[name]?.includes(minutes);
      return isKept ? [[minutes, Math.round((counts?.per_sum ?? 0) * 10) / 10]] : [];
    });
    return [name, levels] as const;
  });
  return Object.fromEntries(chosen.filter(([, levels]) => levels.length > 0));
}

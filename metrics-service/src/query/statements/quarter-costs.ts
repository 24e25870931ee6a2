import type { Dimension } from '../../catalogue/dimensions.js';
import type { KeptBy } from '../../rollups/dimensions.js';
import { QUARTER_MINUTES, QUARTERS_SLOT_MINUTES } from '../../rollups/quarters.js';
import type { Slice } from '../budgets/cost-slices.js';
import type { Filter } from '../filters.js';
import { filterCondition } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn } from './aggregation.js';
import { narrowed, present, valueOf, type SumsOfSlots } from './run-sums.js';

const QUARTER_MS = QUARTER_MINUTES * 60_000;
const DAY_MS = QUARTERS_SLOT_MINUTES * 60_000;
/** A quarter of no kind: nulls in an array make it slow to look something up in it. */
const NONE = -1;

type QuarterCosts = Pick<SumsOfSlots, 'groups' | 'filters'> & {
  readonly by: KeptBy;
  /** in order, each of whole quarters of an hour */
  readonly slices: readonly Slice[];
};

/**
 * Known costs of runs from what is kept of them by quarters of an hour: a row for each kind of slices (`of_kind`, -1: none) and group that
 * has runs, with `cost_nanos`, null where none is known.
 */
export function quarterCostsStatement(orgId: string, { by, groups, filters, slices }: QuarterCosts): Statement {
  const draft = new Draft(orgId);
  const names = groups.map(groupColumn);
  const dimensions = [...groups, ...filters.map(({ dimension }: Filter): Dimension => dimension)];
  const days = daysOf(slices);
  const first = days[0]! / QUARTER_MS;
  const kinds = draft.bind(kindsOf(slices, first), 'integer[]');
  // the days one by one, and nothing that the planner cannot count: else it sorts all quarters instead of hashing them
  const conditions = [
    'org_id = $1',
    `dimension = ${draft.bind(by.name, 'text')}`,
    `minutes = ${draft.bind(QUARTERS_SLOT_MINUTES, 'smallint')}`,
    `at = any(${draft.instants(days)})`,
    ...(dimensions.some(({ name }) => name === 'team') ? [] : narrowed(filters, by, draft)),
  ];
  const ofGroups = groups.map((group, n) => `${valueOf(group, by)} as ${names[n]}`);
  return draft.statement(
    lines(
      clause('select\n ', [`(${kinds})[first + quarter] as of_kind`, ...names, 'sum(cost) as cost_nanos'], ',\n  '),
      'from (',
      // set by set in the list of columns, which takes a third of the time of a join with what they hold
      clause(
        '  select\n   ',
        ['t.first', ...ofGroups, 'unnest(t.quarters) as quarter', 'unnest(t.costs) as cost'],
        ',\n    ',
      ),
      '  from (',
      `    select (date_part('epoch', at)::bigint / ${60 * QUARTER_MINUTES})::integer - ${draft.bind(first - 1, 'integer')} as first, value, quarters, costs`,
      `    from ${draft.table('rollup_quarters')}`,
      `    where ${conditions.join('\n      and ')}`,
      '    offset 0',
      '  ) t',
      present(by, dimensions, draft).map((join) => `  ${join}`),
      clause(
        '  where',
        filters.map((filter) => filterCondition(filter, valueOf(filter.dimension, by), draft)),
        '\n    and ',
      ),
      ') q',
      `group by ${['of_kind', ...names].join(', ')}`,
    ),
  );
}

/** The starts of the days (UTC) that they lie in, in order. */
function daysOf(slices: readonly Slice[]): number[] {
  const days = new Set<number>();
  for (const { from, to } of slices) {
    for (let at = from - (from % DAY_MS); at < to; at += DAY_MS) days.add(at);
  }
  return [...days];
}

/** The kind of each quarter of an hour from the first one on (as quarters since the epoch) to the end of the last day. */
function kindsOf(slices: readonly Slice[], first: number): number[] {
  const end = Math.ceil(slices.at(-1)!.to / DAY_MS) * (DAY_MS / QUARTER_MS);
  const kinds = Array.from({ length: end - first }, () => NONE);
  for (const { from, to, kind } of slices) kinds.fill(kind, from / QUARTER_MS - first, to / QUARTER_MS - first);
  return kinds;
}

import type { Dimension } from '../../catalogue/dimensions.js';
import type { KeptBy } from '../../rollups/dimensions.js';
import { QUARTER_MINUTES } from '../../rollups/quarters.js';
import type { Window } from '../buckets.js';
import type { Filter } from '../filters.js';
import { filterCondition } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn } from './aggregation.js';
import type { Slots } from '../../rollups/slots.js';
import { narrowed, present, valueOf, type SumsOfSlots } from './run-sums.js';

type QuarterCosts = Pick<SumsOfSlots, 'pieces' | 'groups' | 'filters'> & {
  readonly by: KeptBy;
  /** adjoining, each of whole quarters of an hour */
  readonly slices: readonly Window[];
};

/**
 * Known costs of runs from what is kept of them by quarters of an hour: a row for each slice (numbered from 0) and group that
 * has runs, with `cost_nanos`, null where none is known.
 */
export function quarterCostsStatement(orgId: string, { pieces, by, groups, filters, slices }: QuarterCosts): Statement {
  const draft = new Draft(orgId);
  const names = groups.map(groupColumn);
  // as whole quarters since the epoch, which are quicker than times
  const since = draft.bind(
    slices.map(({ from }) => from / 60_000 / QUARTER_MINUTES),
    'integer[]',
  );
  const dimensions = [...groups, ...filters.map(({ dimension }: Filter): Dimension => dimension)];
  // the slots one by one, and nothing that the planner cannot count: else it sorts all quarters instead of hashing them
  const slots = draft.instants(pieces.flatMap(startsIn));
  const conditions = [
    'org_id = $1',
    `dimension = ${draft.bind(by.name, 'text')}`,
    `minutes = ${draft.bind(pieces[0]!.minutes, 'smallint')}`,
    `at = any(${slots})`,
    ...(dimensions.some(({ name }) => name === 'team') ? [] : narrowed(filters, by, draft)),
  ];
  return draft.statement(
    lines(
      clause(
        'select\n ',
        [
          `width_bucket(t.first + q.quarter, ${since}) - 1 as slice`,
          ...groups.map((group, n) => `${valueOf(group, by)} as ${names[n]}`),
          'sum(q.cost) as cost_nanos',
        ],
        ',\n  ',
      ),
      'from (',
      `  select (extract(epoch from at) / 60 / ${QUARTER_MINUTES})::integer as first, value, quarters, costs`,
      `  from ${draft.table('rollup_quarters')}`,
      `  where ${conditions.join('\n    and ')}`,
      '  offset 0',
      ') t',
      present(by, dimensions, draft),
      'cross join lateral unnest(t.quarters, t.costs) q (quarter, cost)',
      clause(
        'where',
        filters.map((filter) => filterCondition(filter, valueOf(filter.dimension, by), draft)),
        '\n  and ',
      ),
      `group by ${['slice', ...names].join(', ')}`,
    ),
  );
}

function startsIn({ from, to, minutes }: Slots): number[] {
  const ms = minutes * 60_000;
  return Array.from({ length: (to - from) / ms }, (_, n) => from + n * ms);
}

import { humanOf } from '../../catalogue/columns.js';
import type { Trailing } from '../../catalogue/metric.js';
import { expressionOf, filterCondition, joins, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn, type Aggregation } from './aggregation.js';

const DAY_MS = 86_400_000;

/**
 * Distinct users of the `days` × 24 hours before each point in time, for all requested lengths in one statement. A run
 * started at x counts at the points t with x < t ≤ x + days, an interval of points. Per user the intervals are sorted
 * by both ends, so each adds only the points after the previous interval. A row is the change of the number of users
 * from the point before; a running sum gives the numbers. Runs of nobody change none: they say that their group has runs.
 */
export function trailingStatement(
  orgId: string,
  days: readonly Trailing['days'][],
  { groups, rows, cut }: Omit<Aggregation, 'measures'>,
): Statement {
  const draft = new Draft(orgId);
  const dimensions = [...groups, ...rows.filters.map((filter) => filter.dimension)];
  const human = humanOf('r.user_id');
  const columns = [...dimensions.flatMap((dimension) => expressionOf(dimension, 'run').columns), ...human.columns];
  const keys = groups.map(groupColumn);
  const list = (more: readonly string[]): string => [...keys, ...more].join(', ');
  const ends = cut.slices.map(({ to }) => to);
  const points = draft.instants(ends);
  const reach = { from: ends[0]! - Math.max(...days) * DAY_MS, to: ends.at(-1)! };
  const started = lines(
    clause(
      'select\n ',
      [
        ...groups.map((group) => `${expressionOf(group, 'run').sql} as ${groupColumn(group)}`),
        `${human.sql} as user_id`,
        `width_bucket(r.started_at, ${points}) + 1 as first_point`,
        'max(r.started_at) as latest',
      ],
      ',\n  ',
    ),
    `from ${draft.table('runs')} r`,
    joins(columns, 'r', draft),
    clause(
      'where',
      [
        'r.org_id = $1',
        notHidden('r'),
        ...within('r.started_at', reach, draft),
        ...rows.filters.map((filter) => filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft)),
      ],
      '\n  and ',
    ),
    `group by ${list([human.sql, 'first_point'])}`,
  );
  const reaching = lines(
    `select ${list(['user_id', 'first_point', 'days'])},`,
    `  width_bucket(latest + days * interval '24 hours', ${points}) as last_point`,
    `from started, unnest(${draft.bind(days, 'integer[]')}) as days`,
  );
  const covered = lines(
    `select ${list(['user_id', 'days', 'last_point'])},`,
    '  greatest(first_point, 1 + lag(last_point) over (',
    `    partition by ${list(['user_id', 'days'])}`,
    '    order by first_point',
    '  )) as first_point',
    'from reaching',
  );
  const body = lines(
    `select ${list(['days', 'point', 'coalesce(sum(change) filter (where user_id is not null), 0) as change'])}`,
    'from covered, lateral (values (first_point, 1), (last_point + 1, -1)) as changes(point, change)',
    'where first_point <= last_point',
    `group by ${list(['days', 'point'])}`,
  );
  return draft.statement({
    with: [
      { name: 'started', sql: started },
      { name: 'reaching', sql: reaching },
      { name: 'covered', sql: covered },
    ],
    body,
  });
}

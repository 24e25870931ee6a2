import { joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { runsThatPass } from './runs-list.js';

/** The names of counters are looked for in so many of the latest runs that have any. */
const LATEST_RUNS = 10_000;

/** The names of the counters that most of the latest runs have, and `names`: how many there are. */
export function counterNamesStatement(orgId: string, rows: Rows, most: number): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const latest = lines(
    'select r.counters',
    `from ${draft.table('runs')} r`,
    joins(passing.columns, 'r', draft),
    clause('where', [...passing.conditions, 'r.counters is not null'], '\n  and '),
    'order by r.started_at desc',
    `limit ${LATEST_RUNS}`,
  );
  const body = lines(
    'select name collate "C" as name, (count(*) over ())::float8 as names',
    'from latest, jsonb_object_keys(latest.counters) as name',
    'group by name collate "C"',
    'order by count(*) desc, name collate "C"',
    `limit ${draft.bind(most, 'bigint')}`,
  );
  return draft.statement({ with: [...passing.with, { name: 'latest', sql: latest }], body });
}

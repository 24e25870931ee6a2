import { UNITS } from '../../catalogue/units.js';
import { inWords } from '../../catalogue/words.js';
import { column, personOf, REPO, type Expression } from '../../catalogue/columns.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { ofSingleRow } from '../../catalogue/aggregates.js';
import { filterCondition, joins, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import { activeSessions } from './active-sessions.js';
import {
  afterId,
  columnsRead,
  limitTo,
  metricColumn,
  orderBy,
  selectItems,
  type ListRow,
  type Page,
  type RowColumn,
} from './list.js';
import type { Rows } from '../rows.js';

const PERSON = personOf('s.created_by_user_id');

/** The columns of a session's row (definitions.md), in order, over `active a`, its session `s` and creator `u`. */
export const SESSION_COLUMNS: readonly RowColumn[] = [
  { name: 'session', type: 'text', title: 'Session', ...column('a.session_id') },
  {
    name: 'user',
    type: 'text',
    title: 'User',
    sql: `coalesce(${SHOWN_NAME.sql}, ${PERSON.sql}) collate "C"`,
    columns: [...SHOWN_NAME.columns, ...PERSON.columns],
  },
  { name: 'user_id', type: 'text', title: 'User id', ...PERSON },
  { name: 'team', type: 'text', title: 'Team', ...column('u.team') },
  { name: 'repo', type: 'text', title: 'Repository', ...REPO },
  { name: 'workspace', type: 'text', title: 'Workspace', ...column('s.workspace') },
  { name: 'runtime', type: 'text', title: 'Runtime', ...column('s.runtime') },
  // what its runs are about that state none themselves
  {
    name: 'work_item',
    type: 'text',
    title: 'Work item',
    sql: 'coalesce(s.work_item_id, s.branch_work_item_id)',
    columns: ['s.work_item_id', 's.branch_work_item_id'],
  },
  {
    name: 'last_active_at',
    type: 'time',
    title: 'Last active',
    sql: 'greatest(a.last_active_at, e.ended_at)',
    columns: ['a.last_active_at'],
  },
  metricColumn('runs'),
  metricColumn('run_success_rate'),
  metricColumn('failed_runs'),
  {
    name: 'failure_reasons',
    type: 'text',
    title: 'Why runs failed',
    ...column('a.failure_categories'),
    read: ({ failure_reasons: categories }) => reasonsIn(categories),
  },
  metricColumn('total_cost'),
  metricColumn('total_tokens'),
  metricColumn('cost_coverage'),
  metricColumn('agent_active_time'),
  { name: 'lifespan', type: 'number', title: 'Lifespan', unit: UNITS.ms, ...column('a.lifespan_ms') },
  metricColumn('handoffs'),
  { name: 'local_handoff', type: 'flag', title: 'Local handoff', ...column('a.local_handoff') },
  { name: 'post_handoff_iteration', type: 'flag', title: 'Post-handoff iteration', ...column('a.followed') },
  { name: 'url', type: 'text', title: 'Page', sql: 's.url collate "C"', columns: ['s.url'] },
];

/** Categories of failed runs in words, the most frequent first: "Test failure ×3, Provider error". */
function reasonsIn(categories: ListRow[string] | undefined): string | null {
  if (typeof categories !== 'string') return null;
  const counts = new Map<string, number>();
  for (const category of categories.split(',')) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts]
    .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .map(([category, count]) => `${inWords('failure_category', category)}${count > 1 ? ` ×${count}` : ''}`)
    .join(', ');
}

/** A measure of the one session of a row, or of its runs. */
function ofSession(measure: Measure): Expression {
  if (measure.base === 'runs') return column(`a.${measure.name}`);
  return { sql: ofSingleRow(measure), columns: columnsOf(measure) };
}

/** Per session, the latest end in the window of runs that did not start in it; `active` covers the other runs. */
function runEnds({ window, filters }: Rows, draft: Draft): string {
  const ofOne = filters.filter(({ dimension }) => dimension.name === 'session');
  return lines(
    'left join (',
    '  select r.session_id, max(r.completed_at) as ended_at',
    `  from ${draft.table('runs')} r`,
    clause(
      '  where',
      [
        'r.org_id = $1',
        notHidden('r'),
        ...within('r.completed_at', window, draft),
        `(${within('r.started_at', window, draft).join(' and ')}) is not true`,
        ...ofOne.map((filter) => filterCondition(filter, 'r.session_id', draft)),
      ],
      '\n    and ',
    ),
    '  group by r.session_id',
    ') e on e.session_id = a.session_id',
  );
}

/** One page of active sessions; `found` counts all of them. */
export function sessionsListStatement(
  orgId: string,
  rows: Rows,
  page: Page,
  columns: readonly RowColumn[] = SESSION_COLUMNS,
): Statement {
  const draft = new Draft(orgId);
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const active = activeSessions(rows, cut, columnsRead(columns, ofSession), draft);
  const body = lines(
    clause('select\n ', [...selectItems(columns, ofSession), 'count(*) over () as found'], ',\n  '),
    'from active a',
    joins(active.columns, 'a', draft),
    runEnds(rows, draft),
    clause('where', [...active.conditions, ...afterId('a.session_id', page, draft)], '\n  and '),
    orderBy(page, 'a.session_id', ofSession),
    limitTo(page, draft),
  );
  return draft.statement({ with: active.with, body });
}

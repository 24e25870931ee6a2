import { EARLIEST_MS } from '../../contract/query.js';
import { joinPerson, joins } from '../sql/conditions.js';
import { clause, Draft, lines, textOf, type Statement } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import { handoffsThatPass } from './handoffs-list.js';
import { limitTo, milliseconds } from './list.js';
import { runsThatPass } from './runs-list.js';
import type { Direction, Rows } from '../rows.js';

/** What is read from the tables; findings and changes of budgets are worked out. */
export const STORED_KINDS = ['handoff', 'failed_run', 'first_model_use'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

export const ANNOTATION_KINDS = [...STORED_KINDS, 'budget_change', 'finding'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

export interface AnnotationsPage {
  readonly kinds: readonly StoredKind[];
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** Everything of these kinds in the window, ordered by time; `found` is the total count. */
export function annotationsStatement(orgId: string, rows: Rows, page: AnnotationsPage): Statement {
  const draft = new Draft(orgId);
  const parts = page.kinds.map((kind) => `(\n${PARTS[kind](rows, draft)}\n)`);
  const body = lines(
    'select',
    `  annotation.kind, id, ${milliseconds('started_at')} as time, ${milliseconds('ended_at')} as "timeEnd", what, text,`,
    `  session_id as session, coalesce(${SHOWN_NAME.sql}, pe.person_id, annotation.user_id) as user, count(*) over () as found`,
    'from annotation',
    joinPerson('annotation.user_id', draft),
    `order by started_at ${page.direction}, annotation.kind, id`,
    limitTo(page, draft),
  );
  return draft.statement({ with: [{ name: 'annotation', sql: parts.join('\nunion all\n') }], body });
}

/** How many of each kind there are by what they say, in each of the buckets (from 1 on) that start there. */
export function markCountsStatement(
  orgId: string,
  rows: Rows,
  { kinds, starts }: { kinds: readonly StoredKind[]; starts: readonly number[] },
): Statement {
  const draft = new Draft(orgId);
  const parts = kinds.map((kind) => `(\n${PARTS[kind](rows, draft)}\n)`);
  const body = lines(
    'select kind, bucket::float8 as bucket, what, count(*)::float8 as count',
    'from (',
    `select annotation.kind, what, width_bucket(started_at, ${draft.instants(starts)}) as bucket`,
    'from annotation',
    ') mark',
    'group by kind, bucket, what',
  );
  return draft.statement({ with: [{ name: 'annotation', sql: parts.join('\nunion all\n') }], body });
}

const PARTS: Record<StoredKind, (rows: Rows, draft: Draft) => string> = {
  handoff(rows, draft) {
    const passing = handoffsThatPass(rows, draft);
    const body = lines(
      "select 'handoff' as kind, h.handoff_id as id, h.occurred_at as started_at, null::timestamptz as ended_at,",
      '  h.method as what, null as text, h.session_id, h.user_id',
      `from ${draft.table('handoffs')} h`,
      clause('where', passing.conditions, '\n  and '),
    );
    return textOf({ with: passing.with, body });
  },
  failed_run(rows, draft) {
    const passing = runsThatPass(rows, draft);
    const body = lines(
      "select 'failed_run' as kind, r.run_id as id, r.started_at,",
      '  case when r.completed_at >= r.started_at then r.completed_at end as ended_at,',
      '  r.failure_category as what, r.error_summary as text, r.session_id, r.user_id',
      `from ${draft.table('runs')} r`,
      joins(passing.columns, 'r', draft),
      clause('where', [...passing.conditions, "r.status = 'FAILED'"], '\n  and '),
    );
    return textOf({ with: passing.with, body });
  },
  /** The models whose first run ever, among runs that pass the filters, is in the window. */
  first_model_use(rows, draft) {
    const passing = runsThatPass(rows, draft);
    const before = runsThatPass(
      {
        ...rows,
        window: { from: EARLIEST_MS, to: rows.window.from },
        filters: rows.filters.filter(({ dimension }) => !dimension.flag),
      },
      draft,
    );
    const body = lines(
      "select 'first_model_use' as kind, used.model as id, used.started_at, null::timestamptz as ended_at,",
      '  used.model as what, null as text, null as session_id, null as user_id',
      'from (',
      'select r.model, min(r.started_at) as started_at',
      `from ${draft.table('runs')} r`,
      joins(passing.columns, 'r', draft),
      clause('where', [...passing.conditions, 'r.model is not null'], '\n  and '),
      'group by r.model',
      ') used',
      // backward through the index on time, which finds models in use at once
      'left join lateral (',
      'select true as found',
      `from ${draft.table('runs')} r`,
      joins(before.columns, 'r', draft),
      clause('where', [...before.conditions, 'r.model = used.model'], '\n  and '),
      'order by r.started_at desc',
      'limit 1',
      ') earlier on true',
      'where earlier.found is null',
    );
    return textOf({ with: passing.with, body });
  },
};

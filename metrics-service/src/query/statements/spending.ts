import { Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';

/** Two moments, epoch ms: what a run costs more at the second one is what it spends between them. */
export interface Span {
  readonly before: number;
  readonly now: number;
}

/** Times of senders are at most so far ahead of when they are received. */
const AHEAD_MS = 24 * 3_600_000;

/**
 * The runs of whose cost anything was told between the moments, and what their calls up to either one cost (nano-US-dollars):
 * those in flight, those that have ended since, and those that spend after their end. Each has an index.
 */
export function spendersStatement(orgId: string, { before, now }: Span, draft = new Draft(orgId)): Statement {
  const since = draft.instant(before);
  const until = (ms: number, name: string): string[] => [
    `(count(*) filter (where c.at <= ${draft.instant(ms)}))::int as calls_${name}`,
    `sum(c.cost_nanos) filter (where c.at <= ${draft.instant(ms)}) as nanos_${name}`,
  ];
  const calls = [...until(before, 'before'), ...until(now, 'now')];
  return draft.statement(
    lines(
      'select',
      "  r.run_id, r.status <> 'IN_FLIGHT' as has_ended, r.own is not null as is_united, r.key,",
      `  ${milliseconds('r.started_at')} as started_ms, calls.*`,
      `from ${draft.table('runs')} r`,
      'cross join lateral (',
      `  select ${calls.join(',\n    ')}`,
      `  from ${draft.table('llm_calls')} c`,
      '  where c.org_id = $1',
      '    and c.run_id = r.run_id',
      '    and c.counts',
      ') calls',
      'where r.org_id = $1',
      '  and not r.hidden',
      `  and r.spent_at > ${since}`,
      '  and (',
      `    (r.status = 'IN_FLIGHT' and r.heard_at >= ${draft.instant(before - AHEAD_MS)})`,
      `    or r.completed_at > ${since}`,
      `    or (r.status <> 'IN_FLIGHT' and (r.completed_at is null or r.spent_at > r.completed_at))`,
      '  )',
    ),
  );
}

/** The rows that are one run with others, by these keys. */
export function rowsOfKeysStatement(orgId: string, keys: readonly string[]): Statement {
  const draft = new Draft(orgId);
  return draft.statement(
    lines(
      'select r.run_id, coalesce(r.one_with, r.run_id) as of_run',
      `from ${draft.table('runs')} r`,
      'where r.org_id = $1',
      `  and r.key = any(${draft.bind(keys, 'text[]')})`,
    ),
  );
}

/** What the log has on the costs of these entities: how they ended, and of their usage what was told last up to either moment. */
export function toldCostsStatement(
  orgId: string,
  { all, ended }: { readonly all: readonly string[]; readonly ended: readonly string[] },
  { before, now }: Span,
): Statement {
  const draft = new Draft(orgId);
  const columns = `e.entity, e.type, e.rank, ${milliseconds('e.time')} as time_ms, e.id, e.source, e.data::text as data`;
  const events = draft.table('events');
  const latest = (until: number): string => `(
    select ${columns}
    from ${events} e
    where e.org_id = $1
      and e.entity = wanted.entity
      and e.type = 'run.progressed'
      and jsonb_typeof(e.data -> 'usage') = 'array'
      and e.data -> 'usage' <> '[]'
      and date_trunc('milliseconds', (e.data ->> 'at')::timestamptz) <= ${draft.instant(until)}
    order by e.rank desc, e.time desc, e.id desc, e.source desc
    limit 1
  )`;
  return draft.statement(
    lines(
      `select ${columns}`,
      `from ${events} e`,
      'where e.org_id = $1',
      `  and e.entity = any(${draft.bind(ended, 'text[]')})`,
      "  and e.type = 'run.completed'",
      'union all',
      'select told.*',
      `from unnest(${draft.bind(all, 'text[]')}) as wanted (entity)`,
      `cross join lateral (${latest(before)} union all ${latest(now)}) told`,
    ),
  );
}

/** `r`: these runs, with what they spend in an hour (nano-US-dollars). */
export function spendingRows(spent: readonly { runId: string; nanosPerHour: bigint }[], draft: Draft): string {
  const ids = draft.bind(
    spent.map(({ runId }) => runId),
    'text[]',
  );
  const nanos = draft.bind(
    spent.map(({ nanosPerHour }) => String(nanosPerHour)),
    'numeric[]',
  );
  return `(
  select o.*, spent.nanos_per_hour
  from unnest(${ids}, ${nanos}) as spent (run_id, nanos_per_hour)
  join ${draft.table('runs')} o on o.org_id = $1 and o.run_id = spent.run_id
) r`;
}

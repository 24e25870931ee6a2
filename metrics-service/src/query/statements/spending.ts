import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';

/** Two moments, epoch ms: what a run costs more at the second one is what it spends between them. */
export interface Span {
  readonly before: number;
  readonly now: number;
}

/** Times of senders are at most so far ahead of when they are received. */
const AHEAD_MS = 24 * 3_600_000;

/** The runs of whose cost anything was told since then, of those in flight. */
function spendsInFlight({ before }: Span, draft: Draft): string[] {
  return [
    'r.org_id = $1',
    'not r.hidden',
    `r.spent_at > ${draft.instant(before)}`,
    "r.status = 'IN_FLIGHT'",
    `r.heard_at >= ${draft.instant(before - AHEAD_MS)}`,
  ];
}

/** Whether the row itself says what the run cost lately; a version before may have written it since. */
const UNTOLD = '(r.spent_times is null or r.spent_times[cardinality(r.spent_times)] < r.spent_at)';

/**
 * The runs of whose cost anything was told between the moments and of which the log has to be asked, and what their calls up to
 * either one cost (nano-US-dollars): those in flight of which the row does not tell it, those that have ended since, and those
 * that spend after their end. Each has an index.
 */
export function spendersStatement(orgId: string, span: Span, draft = new Draft(orgId)): Statement {
  const since = draft.instant(span.before);
  const until = (ms: number, name: string): string[] => [
    `(count(*) filter (where c.at <= ${draft.instant(ms)}))::int as calls_${name}`,
    `sum(c.cost_nanos) filter (where c.at <= ${draft.instant(ms)}) as nanos_${name}`,
  ];
  const calls = [...until(span.before, 'before'), ...until(span.now, 'now')];
  const own = (...conditions: string[]): string =>
    lines(
      `  select r.run_id, r.status, r.own, r.key, r.started_at`,
      `  from ${draft.table('runs')} r`,
      clause('  where', conditions, '\n    and '),
    );
  return draft.statement(
    lines(
      'select',
      "  r.run_id, r.status <> 'IN_FLIGHT' as has_ended, r.own is not null as is_united, r.key,",
      `  ${milliseconds('r.started_at')} as started_ms, calls.*`,
      'from (',
      own(...spendsInFlight(span, draft), UNTOLD),
      '  union all',
      own(
        'r.org_id = $1',
        'not r.hidden',
        `r.spent_at > ${since}`,
        "r.status <> 'IN_FLIGHT'",
        // as the indexes have them
        `(r.completed_at > ${since} or (r.status <> 'IN_FLIGHT' and (r.completed_at is null or r.spent_at > r.completed_at)))`,
      ),
      ') r',
      'cross join lateral (',
      `  select ${calls.join(',\n    ')}`,
      `  from ${draft.table('llm_calls')} c`,
      '  where c.org_id = $1',
      '    and c.run_id = r.run_id',
      '    and c.counts',
      ') calls',
    ),
    { plannedOnce: true },
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

/** This many times an hour. */
const PER_HOUR = 6;

/**
 * `r`: the runs that spend, with what they spend in an hour (nano-US-dollars): by their rows, and these others, of which the log
 * tells it.
 */
export function spendingRows(others: readonly { runId: string; nanos: bigint }[], span: Span, draft: Draft): string {
  const at = (ms: number): string => `r.spent_nanos[greatest(1, width_bucket(${draft.instant(ms)}, r.spent_times))]`;
  const [now, before] = [at(span.now), at(span.before)];
  const byRow = lines(
    `  select r.*, (${now} - ${before})::numeric * ${PER_HOUR} as nanos_per_hour`,
    `  from ${draft.table('runs')} r`,
    clause('  where', [...spendsInFlight(span, draft), `not ${UNTOLD}`, `${now} > ${before}`], '\n    and '),
  );
  if (others.length === 0) return `(\n${byRow}\n) r`;
  const ids = draft.bind(
    others.map(({ runId }) => runId),
    'text[]',
  );
  const nanos = draft.bind(
    others.map(({ nanos }) => String(nanos)),
    'numeric[]',
  );
  return `(
${byRow}
  union all
  select o.*, spent.nanos * ${PER_HOUR}
  from unnest(${ids}, ${nanos}) as spent (run_id, nanos)
  join ${draft.table('runs')} o on o.org_id = $1 and o.run_id = spent.run_id
) r`;
}

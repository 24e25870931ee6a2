import { aggregateOf } from '../catalogue/aggregates.js';
import { runs } from '../catalogue/bases/runs.js';
import { DURATION } from '../catalogue/columns.js';
import type { Database, Engine, Transaction } from '../db/database.js';

/** What is usual is that of so many days. */
export const USUAL_DAYS_MS = 30 * 86_400_000;
/** Of fewer runs than these it is as quick to find as to look up. */
const LEAST_RUNS = 2_000;
/** So old it is found anew, and where there were few runs: as an import makes many of them at once. */
const RENEWED = '10 minutes';
const RENEWED_OF_FEW = '1 minute';
/** Older than this it is not used: no service has been running. */
const OUTDATED_MS = 3_600_000;
/** It takes so many runs of a model to say what one usually costs. */
const RUNS_OF_A_MODEL = 20;
/** A session is out of the ordinary that costs more than this share of all. */
const NEARLY_ALL = 0.99;

/** Placeholders or expressions of the instants between which runs started. */
export interface Between {
  readonly from: string;
  readonly to: string;
}

const startedBetween = ({ from, to }: Between): string => `
  where r.org_id = $1
    and not r.hidden
    and r.started_at >= ${from}
    and r.started_at < ${to}`;

/**
 * `model`, `nanos_per_ms`: the median cost per running millisecond of its terminal runs, of those whose cost and duration are
 * known; no row where there are fewer than 20.
 */
export function usualRates(between: Between): string {
  return `
  select r.model, percentile_cont(0.5) within group (order by r.cost_nanos::float8 / ${DURATION.sql}) as nanos_per_ms
  from runs r${startedBetween(between)}
    and r.model is not null
    and r.status <> 'IN_FLIGHT'
    and r.cost_nanos is not null
    and not r.cost_is_partial
    and ${DURATION.sql} > 0
  group by r.model
  having count(*) >= ${RUNS_OF_A_MODEL}`;
}

/** `session_nanos`: what nearly all sessions cost at most; null if no cost is known. */
export function usualSession(between: Between): string {
  return `
  select percentile_cont(${NEARLY_ALL}) within group (order by cost::float8) as session_nanos
  from (
    select ${aggregateOf(runs.cost_nanos)} as cost
    from runs r${startedBetween(between)}
      and r.session_id is not null
    group by r.session_id
  ) sessions`;
}

const KEPT = { from: `$2::timestamptz - $3::bigint * interval '1 millisecond'`, to: '$2::timestamptz' };

const KEEP = `
insert into rollup_usual (org_id, at, runs, session_nanos, rates)
select
  $1,
  $2::timestamptz,
  (select count(*) from runs r${startedBetween(KEPT)}),
  (${usualSession(KEPT)}),
  (select coalesce(jsonb_object_agg(model, nanos_per_ms), '{}') from (${usualRates(KEPT)}) rates)
on conflict (org_id) do update set
  at = excluded.at,
  runs = excluded.runs,
  session_nanos = excluded.session_nanos,
  rates = excluded.rates`;

/** Finds anew what is usual in an organization, unless that was done lately. Two at once do it twice. */
export async function renewUsual(database: Database, orgId: string): Promise<void> {
  await database.inOrganization(orgId, async (tx) => {
    const { rows } = await tx.query<{ now: Date; is_due: boolean }>(
      `
      select
        now,
        not exists (
          select
          from rollup_usual
          where org_id = $1
            and at > now - case when runs < ${LEAST_RUNS} then interval '${RENEWED_OF_FEW}' else interval '${RENEWED}' end
        ) as is_due
      from now() as now`,
      [orgId],
    );
    if (rows[0]!.is_due) await keepUsual(tx, rows[0]!.now);
  });
}

/** Keeps what is usual as of that moment. */
export async function keepUsual(tx: Transaction, at: Date): Promise<void> {
  await tx.query('set local statement_timeout to 0');
  await tx.query(KEEP, [tx.orgId, at.toISOString(), USUAL_DAYS_MS]);
}

/** What is usual in an organization, in nano-US-dollars. */
export interface Usual {
  /** what nearly all sessions cost at most; null if no cost is known */
  readonly session: number | null;
  /** what runs of a model cost per millisecond */
  readonly rates: ReadonlyMap<string, number>;
}

/** What is kept of it as of about `now` (epoch ms); null: it is to be found from the runs. */
export async function readUsual(tx: Transaction, engine: Engine = 'auto', now: number): Promise<Usual | null> {
  if (engine === 'raw') return null;
  // by its whole name: viewers who see a part find no tables
  const { rows } = await tx.query<{ session_nanos: number | null; rates: Record<string, number> }>(
    `
    select session_nanos, rates
    from public.rollup_usual
    where org_id = $1
      and runs >= ${LEAST_RUNS}
      and at between $2::timestamptz and $3::timestamptz`,
    [tx.orgId, ...[now - OUTDATED_MS, now + OUTDATED_MS].map((ms) => new Date(ms).toISOString())],
  );
  const [kept] = rows;
  return kept ? { session: kept.session_nanos, rates: new Map(Object.entries(kept.rates)) } : null;
}

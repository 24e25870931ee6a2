import { LRUCache } from 'lru-cache';
import { DURATION } from '../catalogue/columns.js';
import type { QuestionContext } from './context.js';
import { Draft, lines, type Statement } from './sql/statement.js';

/** So many runs of a model it takes to say what a run of it usually costs. */
const LEAST_RUNS = 20;
const DAYS_MS = 30 * 86_400_000;
/** The usual changes slowly, and takes long to find where there are many runs. */
const KEPT_MS = 10 * 60_000;

/** nano-US-dollars per millisecond, by model: what its runs usually cost. */
export type Rates = ReadonlyMap<string, number>;

const KEPT = new WeakMap<object, LRUCache<string, { readonly at: number; readonly rates: Rates }>>();

/**
 * The median cost per running millisecond of the terminal runs of these models in the last 30 days, of those whose cost and
 * duration are known; no rate where there are fewer than 20. It may be ten minutes old.
 */
export async function usualRates(context: QuestionContext, models: readonly string[]): Promise<Rates> {
  if (models.length === 0) return new Map();
  const { orgId, scope, now } = context;
  const kept = KEPT.get(context.service) ?? new LRUCache({ max: 1_000 });
  KEPT.set(context.service, kept);
  const key = JSON.stringify([orgId, scope, [...models].sort()]);
  const known = kept.get(key);
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.rates;
  const rows = await context.ask(ratesStatement(orgId, models, now));
  const rates = new Map(rows.map((row) => [row.model as string, Number(row.nanos_per_ms)]));
  kept.set(key, { at: now, rates });
  return rates;
}

export function ratesStatement(orgId: string, models: readonly string[], now: number): Statement {
  const draft = new Draft(orgId);
  return draft.statement(
    lines(
      'select',
      '  r.model,',
      `  percentile_cont(0.5) within group (order by r.cost_nanos::float8 / ${DURATION.sql}) as nanos_per_ms`,
      `from ${draft.table('runs')} r`,
      'where r.org_id = $1',
      '  and not r.hidden',
      `  and r.model = any(${draft.bind(models, 'text[]')})`,
      `  and r.started_at >= ${draft.instant(now - DAYS_MS)}`,
      `  and r.started_at < ${draft.instant(now)}`,
      "  and r.status <> 'IN_FLIGHT'",
      '  and r.cost_nanos is not null',
      '  and not r.cost_is_partial',
      `  and ${DURATION.sql} > 0`,
      'group by r.model',
      `having count(*) >= ${LEAST_RUNS}`,
    ),
  );
}

import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import type { Change } from './attach-calls.js';
import { deriveRun, type ModelSum, type RunModelRow } from './derive-run.js';
import { factsOf } from './sessions.js';
import { loadRows, saveRows, type StoredRow } from './store.js';

export interface DerivedRuns {
  rows: StoredRow[];
  models: RunModelRow[];
  /** runs that had a row before, whose parts are replaced */
  replaced: string[];
}

/** Derives anew the runs that changed, and those of `touched` (their calls changed) that exist. */
export async function deriveRuns(
  tx: Transaction,
  changes: Change[],
  touched: Set<string>,
  prices: PriceTable,
): Promise<DerivedRuns> {
  const changed = new Set(changes.map(({ after }) => after.id));
  const others = await loadRows(
    tx,
    'run',
    [...touched].filter((id) => !changed.has(id)),
  );
  const rows = [...changes.map(({ after }) => after), ...others.values()];
  const calls = await callSums(
    tx,
    rows.map((row) => row.id),
  );
  const sessions = await factsOf(
    tx,
    new Set(rows.map((row) => row.values.session_id).filter((id) => typeof id === 'string')),
  );
  const result: DerivedRuns = {
    rows: [],
    models: [],
    replaced: [...changes.filter(({ before }) => before !== null).map(({ after }) => after.id), ...others.keys()],
  };
  for (const row of rows) {
    const session = sessions.get(row.values.session_id as string) ?? null;
    const { derived, models } = deriveRun(row, { session, calls: calls.get(row.id) ?? [], prices });
    result.rows.push({ ...row, derived });
    result.models.push(...models);
  }
  return result;
}

/** Sums of the runs' calls per model, by run. */
async function callSums(tx: Transaction, runIds: string[]): Promise<Map<string, ModelSum[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await tx.query<
    Record<'run_id' | 'model' | 'input' | 'output' | 'cache_read' | 'cache_write', string> & { cost: string | null }
  >(
    `
    select
      run_id,
      model,
      sum(input_tokens) as input,
      sum(output_tokens) as output,
      sum(cache_read_tokens) as cache_read,
      sum(cache_write_tokens) as cache_write,
      case when bool_and(cost_nanos is not null) then sum(cost_nanos) end as cost
    from llm_calls
    where org_id = $1
      and run_id = any($2::text[])
    group by run_id, model`,
    [tx.orgId, runIds],
  );
  const sums = new Map<string, ModelSum[]>();
  for (const row of rows) {
    const list = sums.get(row.run_id) ?? [];
    sums.set(row.run_id, list);
    list.push({
      model: row.model,
      inputTokens: BigInt(row.input),
      outputTokens: BigInt(row.output),
      cacheReadTokens: BigInt(row.cache_read),
      cacheWriteTokens: BigInt(row.cache_write),
      costNanos: row.cost === null ? null : BigInt(row.cost),
    });
  }
  return sums;
}

/** Writes the runs and their parts by model. */
export async function saveRuns(tx: Transaction, { rows, models, replaced }: DerivedRuns): Promise<void> {
  await saveRows(tx, 'run', rows);
  if (replaced.length > 0) {
    await tx.query(
      `
      delete from run_models
      where org_id = $1
        and run_id = any($2::text[])`,
      [tx.orgId, replaced],
    );
  }
  if (models.length > 0) {
    await tx.query(
      `
      insert into run_models (org_id, run_id, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_nanos)
      select $1, run_id, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_nanos
      from json_to_recordset($2::json) as part (
        run_id text, model text, input_tokens bigint, output_tokens bigint, cache_read_tokens bigint,
        cache_write_tokens bigint, cost_nanos numeric
      )`,
      [tx.orgId, JSON.stringify(models)],
    );
  }
}

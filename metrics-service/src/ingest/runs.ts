import type { Transaction } from '../db/database.js';
import { runModels } from '../entities/run.js';
import { textArray } from '../db/text-array.js';
import type { PriceTable } from '../pricing/types.js';
import { mayBeBetterTold, sessionsWithOwnRuns } from './better-told.js';
import type { Change } from './change.js';
import { deriveRun } from './derive-run.js';
import { lifeSigns } from './heard-of.js';
import { hasStatedEnd, mayEndUnsaid } from './run-end.js';
import type { ModelSum, RunModelRow } from './run-models.js';
import { readSigns } from './run-signs.js';
import { sessionFacts } from './sessions.js';
import { asRunRow, type RunRow } from './told-twice.js';
import { toolCallWaits } from './waits.js';
import { spentOnCalls } from './spent-on-calls.js';
import { Turn } from '../turns.js';
import { bulkInsert, loadRows, saveRows, type StoredRow } from './store.js';

export interface DerivedRuns {
  /** `added`: runs without a row yet; `changed`: runs with one, whose parts are replaced */
  added: StoredRow[];
  changed: StoredRow[];
  models: RunModelRow[];
  /** the keys of runs that are better told now, or no longer */
  retoldKeys: string[];
}

/** Derives again the runs that changed, and those of `touched` (their calls changed) that exist. */
export async function deriveRuns(
  tx: Transaction,
  changes: Change<RunRow>[],
  touched: Set<string>,
  prices: PriceTable,
): Promise<DerivedRuns> {
  const changed = new Set(changes.map(({ after }) => after.id));
  const others = await loadRows(
    tx,
    'run',
    [...touched].filter((id) => !changed.has(id)),
  );
  const all: Change<RunRow>[] = [
    ...changes,
    ...[...others.values()].map((row) => ({ before: row, after: asRunRow(row) })),
  ];
  const ids = all.map(({ after }) => after.id);
  const unsaid = all.filter(({ after }) => after.values.reported_await_ms == null).map(({ after }) => after.id);
  const [calls, waits, sessions] = await Promise.all([
    callSums(tx, ids),
    toolCallWaits(tx, unsaid),
    sessionFacts(tx, all),
  ]);
  const sessionOf = ({ values }: RunRow) => sessions.get(values.session_id as string) ?? null;
  // a row that is merged into another tells nothing by itself
  const own = all.map(({ after }) => after).filter(({ oneWith }) => oneWith === null);
  const open = own.filter((row) => mayEndUnsaid(row, sessionOf(row)));
  const twins = own.filter((row) => mayBeBetterTold(row, sessionOf(row)));
  const goingOn = own.filter((row) => !hasStatedEnd(row)).map(({ id }) => id);
  const [signs, living, callCosts, toldByOthers] = await Promise.all([
    readSigns(tx, open, changes),
    lifeSigns(tx, goingOn),
    spentOnCalls(tx, goingOn, calls),
    sessionsWithOwnRuns(
      tx,
      twins.map(({ values }) => values.session_id as string),
      changes,
    ),
  ]);
  const betterTold = new Set(
    twins.filter(({ values }) => toldByOthers.has(values.session_id as string)).map(({ id }) => id),
  );
  const result: DerivedRuns = { added: [], changed: [], models: [], retoldKeys: [] };
  const turn = new Turn();
  for (const { before, after } of all) {
    if (turn.isOver) await turn.next();
    const { end, derived, models } = deriveRun(after, {
      session: sessionOf(after),
      calls: calls.get(after.id) ?? [],
      callCosts: callCosts.get(after.id) ?? [],
      toolCallsWaitedMs: waits.get(after.id) ?? null,
      signs: signs.get(after.id) ?? null,
      lifeSigns: living.get(after.id),
      isBetterTold: betterTold.has(after.id),
      prices,
    });
    const values = end === null ? after.values : { ...after.values, ...end };
    result[before === null ? 'added' : 'changed'].push({ ...after, values, derived });
    for (const model of models) result.models.push(model);
    for (const key of retoldKeys(before, { ...after, derived })) result.retoldKeys.push(key);
  }
  return result;
}

function retoldKeys(before: StoredRow | null, after: StoredRow): string[] {
  const [was, is] = [before, after].map((row) => (row?.derived.superseded === true ? row.values.key : null));
  return was === is ? [] : [was, is].filter((key) => typeof key === 'string');
}

/** Sums of the runs' calls per model and phase, by run. */
async function callSums(tx: Transaction, runIds: string[]): Promise<Map<string, ModelSum[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await tx.query<
    Record<'run_id' | 'model' | 'phase' | 'input' | 'output' | 'cache_read' | 'cache_write' | 'unpriced', string> & {
      cost: string | null;
      cache_savings: string | null;
      priced: boolean;
      last_at: Date | null;
      latest_at: Date | null;
    }
  >(
    `
    select wanted.run_id, calls.*
    from unnest($2::text[]) as wanted (run_id)
    cross join lateral (
      select
        model,
        coalesce(phase, '') as phase,
        sum(input_tokens) as input,
        sum(output_tokens) as output,
        sum(cache_read_tokens) as cache_read,
        sum(cache_write_tokens) as cache_write,
        sum(cost_nanos) as cost,
        sum(cache_savings_nanos) as cache_savings,
        coalesce(sum(input_tokens + output_tokens) filter (where cost_nanos is null), 0) as unpriced,
        bool_and(cost_nanos is not null) as priced,
        max(at) filter (where failure_category is null) as last_at,
        max(at) as latest_at
      from llm_calls
      where org_id = $1
        and run_id = wanted.run_id
        and counts
      group by 1, 2
    ) calls`,
    [tx.orgId, runIds],
  );
  const sums = new Map<string, ModelSum[]>();
  for (const row of rows) {
    const list = sums.get(row.run_id) ?? [];
    sums.set(row.run_id, list);
    list.push({
      model: row.model,
      phase: row.phase,
      inputTokens: BigInt(row.input),
      outputTokens: BigInt(row.output),
      cacheReadTokens: BigInt(row.cache_read),
      cacheWriteTokens: BigInt(row.cache_write),
      costNanos: row.cost === null ? null : BigInt(row.cost),
      cacheSavingsNanos: row.cache_savings === null ? null : BigInt(row.cache_savings),
      unpricedTokens: BigInt(row.unpriced),
      isFullyPriced: row.priced,
      lastAt: row.last_at?.toISOString() ?? null,
      latestAt: row.latest_at?.toISOString() ?? null,
    });
  }
  return sums;
}

const insertModels = bulkInsert('run_models', runModels);

/** Asks to write the runs and their parts. */
export function saveRuns(tx: Transaction, { models, added, changed }: DerivedRuns): void {
  const rows = { added, changed };
  saveRows(tx, 'run', rows);
  if (rows.changed.length > 0) {
    tx.write(
      `
      delete from run_models
      where org_id = $1
        and run_id = any($2::text[])`,
      [tx.orgId, rows.changed.map((row) => row.id)],
    );
  }
  if (models.length > 0) {
    const columns = Object.keys(runModels) as (keyof typeof runModels)[];
    tx.write(insertModels, [tx.orgId, ...columns.map((column) => textArray(models.map((row) => row[column])))]);
  }
}

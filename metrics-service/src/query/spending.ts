import { ORGANIZATION_SCOPE } from '../access/viewer-scope.js';
import { SPENDING_MS } from '../entities/usage.js';
import { eventTypes } from '../contract/events.js';
import { costOfReported } from '../ingest/derive-run.js';
import type { Trace } from '../ingest/spans.js';
import { compareStamps, type Stamp } from '../ingest/stamps.js';
import { statementOf, type Value } from '../ingest/statements.js';
import { storedTraces } from '../ingest/traces.js';
import { loadPrices } from '../pricing/index.js';
import type { QuestionContext, Row } from './context.js';
import { rowsOfKeysStatement, spendersStatement, toldCostsStatement, type Span } from './statements/spending.js';

/** A run that costs more now than ten minutes ago, and how much more, in nano-US-dollars. */
export interface Spending {
  readonly runId: string;
  readonly nanos: bigint;
}

const FOUND = new WeakMap<QuestionContext, Promise<readonly Spending[]>>();

export function spanOfNow(now: number): Span {
  return { before: now - SPENDING_MS, now };
}

/** The runs that spend now whose rows do not tell how much, of those that the viewer may see; found once for a question. */
export function othersThatSpend(context: QuestionContext): Promise<readonly Spending[]> {
  const found = FOUND.get(context) ?? findSpending(context);
  FOUND.set(context, found);
  return found;
}

async function findSpending(context: QuestionContext): Promise<readonly Spending[]> {
  const span = spanOfNow(context.now);
  const spenders = await context.ask(spendersStatement(context.orgId, span));
  if (spenders.length === 0) return [];
  // the runs are those that the viewer may see: what the log says of them is theirs, too
  const told = await context.as(ORGANIZATION_SCOPE, (whole) => readTold(whole, spenders, span));
  const prices = context.prices ?? loadPrices();
  return spenders.flatMap((run): Spending[] => {
    const at = (moment: keyof Span): bigint =>
      costAt(run, { moment, until: span[moment] }, told.get(run.run_id as string) ?? [], prices) ?? 0n;
    const spent = at('now') - at('before');
    return spent > 0n ? [{ runId: run.run_id as string, nanos: spent }] : [];
  });
}

/** What one event said of a run's cost, and when that was (epoch ms). */
interface Told {
  readonly stamp: Stamp;
  readonly at: number;
  readonly isOutcome: boolean;
  readonly values: Readonly<Record<string, Value>>;
}

/** The run's cost by what was told up to a moment; null: it is not known. */
function costAt(
  run: Row,
  { moment, until }: { moment: keyof Span; until: number },
  told: readonly Told[],
  prices: Parameters<typeof costOfReported>[1],
): bigint | null {
  const latest = (isOutcome: boolean): Told['values'] | undefined =>
    told
      .filter((one) => one.isOutcome === isOutcome && one.at <= until)
      .reduce<Told | null>((last, one) => (last && compareStamps(last.stamp, one.stamp) > 0 ? last : one), null)
      ?.values;
  const outcome = latest(true);
  if (outcome?.reported_cost_nanos != null) return BigInt(outcome.reported_cost_nanos as string);
  if (run[`calls_${moment}`] !== 0) {
    const nanos = run[`nanos_${moment}`] as string | null;
    return nanos === null ? null : BigInt(nanos);
  }
  const startedMs = run.started_ms as number | null;
  return costOfReported(
    {
      started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
      completed_usage: outcome?.completed_usage ?? null,
      progress_usage: latest(false)?.progress_usage ?? null,
    },
    prices,
  );
}

/** What the log has on the costs of these runs, by run. */
async function readTold(context: QuestionContext, runs: readonly Row[], span: Span): Promise<Map<string, Told[]>> {
  const sayers = await whoSays(context, runs);
  const entityOf = (runId: string): string => `run:${runId}`;
  const ended = new Set(runs.filter(({ has_ended }) => has_ended).map(({ run_id }) => run_id as string));
  // where calls say what was spent by then, no usage is asked for
  const silent = new Set(runs.filter(({ calls_before }) => calls_before === 0).map(({ run_id }) => run_id as string));
  const asked = {
    all: [...sayers].filter(([, { runId }]) => silent.has(runId)).map(([id]) => entityOf(id)),
    ended: [...sayers].filter(([, { runId }]) => ended.has(runId)).map(([id]) => entityOf(id)),
  };
  const found = new Map<string, Told[]>();
  for (const row of await context.ask(toldCostsStatement(context.orgId, asked, span))) {
    const { runId, says } = sayers.get((row.entity as string).slice('run:'.length))!;
    const told = readEvent(row);
    if (!told || (says === 'outcome' && !told.isOutcome)) continue;
    found.set(runId, [...(found.get(runId) ?? []), told]);
  }
  return found;
}

function readEvent(row: Row): Told | null {
  const type = row.type as 'run.completed' | 'run.progressed';
  const { data } = eventTypes[type].data.safeParse(JSON.parse(row.data as string));
  if (!data) return null;
  const stamp: Stamp = [row.rank as Stamp[0], row.time_ms as number, row.id as string, row.source as string];
  const isOutcome = 'completedAt' in data;
  const { values } = statementOf({ type, data } as Parameters<typeof statementOf>[0]);
  return { stamp, at: isOutcome ? data.completedAt : data.at, isOutcome, values };
}

interface Sayer {
  readonly runId: string;
  /** of its events these count for the run */
  readonly says: 'all' | 'outcome';
}

/** By the id of a row: of which run its events speak. Several may be one run, and of the agents of a trace the outermost count. */
async function whoSays(context: QuestionContext, runs: readonly Row[]): Promise<Map<string, Sayer>> {
  const sayers = new Map<string, Sayer>(
    runs
      .filter(({ is_united }) => !is_united)
      .map(({ run_id }) => [run_id as string, { runId: run_id as string, says: 'all' }]),
  );
  const keyOf = new Map(runs.filter(({ is_united }) => is_united).map(({ run_id, key }) => [run_id, key as string]));
  if (keyOf.size === 0) return sayers;
  const keys = [...new Set(keyOf.values())];
  const traces = await storedTraces(context.tx, keys);
  for (const { run_id, of_run } of await context.ask(rowsOfKeysStatement(context.orgId, keys))) {
    if (!keyOf.has(of_run)) continue;
    const says = saidOf(run_id as string, traces.get(keyOf.get(of_run)!));
    if (says) sayers.set(run_id as string, { runId: of_run as string, says });
  }
  return sayers;
}

function saidOf(rowId: string, trace: Trace | undefined): Sayer['says'] | null {
  if (!trace?.hasAgent(rowId) || trace.main?.id === rowId) return 'all';
  return trace.isOutermost(rowId) ? 'outcome' : null;
}

import { type CostSummary, type CostsByWorkItem, type WorkItemCosts } from '../contract/costs.js';
import type { Result } from '../contract/frames.js';
import { EARLIEST_TIME_MS } from '../contract/values.js';
import { YOUR_PART } from '../query/views/work-items.js';
import { cutWindow } from '../query/buckets.js';
import { rowsOf, type ShownRow } from './rows.js';

/** Answers queries of one request, by their refIds: those of POST /v1/query. */
export type AskAll = (body: Record<string, unknown>) => Promise<Readonly<Record<string, Result>>>;

/** A query that cannot be answered; the message says what would be valid. */
export class NoCosts extends Error {
  override readonly name = 'NoCosts';
}

/** Sessions of one item that are listed; with the models, as many values as an answer holds. */
const MOST_SESSIONS = 3_000;
const DAY_MS = 86_400_000;
const FIVE_MINUTES_MS = 300_000;

/**
 * What a work item cost in its whole life, as far as it is kept: by session, the dearest first, each with its main stage and
 * model, and by model. Null is unknown. @throws NoCosts
 */
export async function costsOf(ask: AskAll, workItemId: string, now: number): Promise<WorkItemCosts> {
  const about = { filters: { work_item: [workItemId] } };
  const money = ['total_cost', 'total_tokens'];
  const table = (refId: string, groupBy: string[], metrics: string[]) => ({
    ...{ refId, view: 'table', groupBy, metrics, limit: MOST_SESSIONS },
    ...about,
  });
  const answered = await ask({
    ...wholeLife(now),
    queries: [
      { refId: 'total', view: 'total', metrics: money, ...about },
      table('sessions', ['session'], money),
      table('stages', ['session', 'stage'], ['runs']),
      table('models', ['session', 'call_model'], ['output_tokens']),
      table('byModel', ['call_model'], ['total_cost']),
    ],
  });
  const [total] = rowsIn(answered, 'total');
  const stageOf = mainOf(rowsIn(answered, 'stages'), 'stage', 'runs');
  const modelOf = mainOf(rowsIn(answered, 'models'), 'call_model', 'output_tokens');
  const byModel = rowsIn(answered, 'byModel').filter(({ call_model: model }) => model !== null);
  return {
    workItemId,
    totalCost: number(total?.total_cost),
    totalTokens: number(total?.total_tokens),
    sessions: rowsIn(answered, 'sessions').map((row) => ({
      id: row.session as string | null,
      stage: stageOf.get(row.session) ?? null,
      model: modelOf.get(row.session) ?? null,
      cost: number(row.total_cost),
      tokens: number(row.total_tokens),
    })),
    byModel: Object.fromEntries(byModel.map((row) => [row.call_model as string, number(row.total_cost)])),
    ...partOf(answered),
  };
}

/** What a work item cost in its whole life; null is unknown. @throws NoCosts */
export async function costOf(ask: AskAll, workItemId: string, now: number): Promise<number | null> {
  const query = { refId: 'cost', view: 'total', metrics: ['total_cost'], filters: { work_item: [workItemId] } };
  const [total] = rowsIn(await ask({ ...wholeLife(now), queries: [query] }), 'cost');
  return number(total?.total_cost);
}

/** Up to what may be dated ahead. It moves on every five minutes, so that answers are found again. */
export function wholeLife(now: number): { from: number; to: number } {
  return { from: EARLIEST_TIME_MS, to: (Math.ceil(now / FIVE_MINUTES_MS) + 1) * FIVE_MINUTES_MS + DAY_MS };
}

/** What today, this week and this month cost so far, in the organization's zone. @throws NoCosts */
export async function costSummary(ask: AskAll, timezone: string, now: number): Promise<CostSummary> {
  const to = now + 1;
  const starts = { today: ['day', 2], week: ['week', 8], month: ['month', 32] } as const;
  const windows = Object.entries(starts).map(([name, [interval, days]]) => {
    const { slices } = cutWindow({ from: to - days * DAY_MS, to }, interval, timezone, 100);
    return { name, from: slices.at(-1)!.from };
  });
  const metrics = ['total_cost', 'total_tokens', 'runs', 'cost_coverage'];
  const answered = await ask({
    to,
    queries: windows.map(({ name, from }) => ({ refId: name, view: 'total', metrics, from })),
  });
  const found = windows.map(({ name, from }) => {
    const [row] = rowsIn(answered, name);
    const [cost, tokens, runs, coverage] = metrics.map((metric) => number(row?.[metric]));
    return [name, { from, to: now, cost, tokens, runs, coverage }] as const;
  });
  return { ...(Object.fromEntries(found) as Omit<CostSummary, 'notice'>), ...partOf(answered) };
}

/** One page of the work items of a window, the dearest first. @throws NoCosts */
export async function costsByWorkItem(
  ask: AskAll,
  { from, to, limit, offset }: { from: number; to: number; limit: number; offset: number },
): Promise<CostsByWorkItem> {
  const query = { refId: 'items', view: 'work_items', limit: limit + 1, offset };
  const answered = await ask({ from, to, queries: [query] });
  const rows = rowsIn(answered, 'items');
  const items = rows.slice(0, limit).map((row) => ({
    workItemId: row.work_item as string,
    totalCost: number(row.total_cost),
    tokenCount: number(row.total_tokens),
    sessions: number(row.sessions),
    runs: number(row.runs),
  }));
  return { items, next: rows.length > limit ? String(offset + limit) : null, ...partOf(answered) };
}

function rowsIn(answered: Readonly<Record<string, Result>>, refId: string): readonly ShownRow[] {
  const result = answered[refId]!;
  if (result.status !== 200) throw new NoCosts(result.error);
  return result.frames.length === 0 ? [] : rowsOf(result.frames).rows;
}

/** For a viewer who sees some of the runs only. */
function partOf(answered: Readonly<Record<string, Result>>): { notice?: string } {
  const scopes = Object.values(answered).map((result) =>
    result.status === 200 ? result.frames[0]?.schema.meta.custom?.scope : null,
  );
  return scopes.some((scope) => scope === 'team' || scope === 'self') ? { notice: YOUR_PART } : {};
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Of each session the value with most of it; a tie: the smaller one. Rows without a value do not count. */
function mainOf(rows: readonly ShownRow[], dimension: string, metric: string): Map<unknown, string> {
  const best = new Map<unknown, { value: string; most: number }>();
  for (const row of rows) {
    const value = row[dimension];
    const most = number(row[metric]) ?? 0;
    const known = best.get(row.session);
    if (typeof value !== 'string') continue;
    if (!known || most > known.most || (most === known.most && value < known.value))
      best.set(row.session, { value, most });
  }
  return new Map([...best].map(([session, { value }]) => [session, value]));
}

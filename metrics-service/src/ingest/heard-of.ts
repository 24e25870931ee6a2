import type { Transaction } from '../db/database.js';
import { isoWriter } from '../iso.js';
import type { Value } from './statements.js';
import type { EntityStatement } from './statements.js';

const isoOf = isoWriter();

/** A run is heard of at the earlier of an event's moment and its receipt (epoch ms): clocks of senders run ahead. */
export function toldBy({ values }: EntityStatement, receivedMs: number): void {
  const { told_at: toldAt } = values;
  if (typeof toldAt !== 'string' || !Number.isFinite(receivedMs)) return;
  const receivedAt = isoOf(receivedMs);
  // texts in the same ISO 8601 form compare like their instants
  if (toldAt > receivedAt) values.told_at = receivedAt;
}

/** What a run's calls and tool calls show of how it is doing; times in ISO 8601. */
export interface LifeSigns {
  /** when the latest of them was told of */
  readonly toldAt: string | null;
  /** when the last tool call began that has not ended */
  readonly openToolCallAt: string | null;
  /** whether one of these waits for a person */
  readonly awaitsPerson: boolean;
}

const NO_SIGNS: LifeSigns = { toldAt: null, openToolCallAt: null, awaitsPerson: false };

/** The signs of these runs, by run. */
export async function lifeSigns(tx: Transaction, runIds: readonly string[]): Promise<Map<string, LifeSigns>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await tx.query<{
    run_id: string;
    told_at: Date | null;
    open_tool_call_at: Date | null;
    awaits_person: boolean | null;
  }>(SIGNS, [tx.orgId, runIds]);
  return new Map(
    rows.map((row) => [
      row.run_id,
      {
        toldAt: row.told_at?.toISOString() ?? null,
        openToolCallAt: row.open_tool_call_at?.toISOString() ?? null,
        awaitsPerson: row.awaits_person ?? false,
      },
    ]),
  );
}

/** The columns that say how a run is doing; null once it has ended. */
export function livingColumns(values: Record<string, Value>, signs: LifeSigns = NO_SIGNS): Record<string, Value> {
  if (values.status !== 'IN_FLIGHT') return { heard_at: null, open_tool_call_at: null, awaits_person: null };
  const toldAt = (values.told_at ?? null) as string | null;
  const isLater = signs.toldAt !== null && (toldAt === null || signs.toldAt > toldAt);
  return {
    heard_at: isLater ? signs.toldAt : toldAt,
    open_tool_call_at: signs.openToolCallAt,
    // as in rows that a version before wrote
    awaits_person: signs.awaitsPerson || null,
  };
}

const SIGNS = `
    select
      wanted.run_id,
      greatest(calls.told_at, tools.told_at) as told_at,
      tools.open_tool_call_at,
      tools.awaits_person
    from unnest($2::text[]) as wanted (run_id)
    cross join lateral (
      -- a version before did not note it
      select max(coalesce(told_at, at)) as told_at
      from llm_calls
      where org_id = $1
        and run_id = wanted.run_id
    ) calls
    cross join lateral (
      select
        max(coalesce(told_at, at)) as told_at,
        max(started_at) filter (where completed_at is null and status is null) as open_tool_call_at,
        bool_or(completed_at is null and status is null and await_started_at is not null and await_ms is null)
          as awaits_person
      from tool_calls
      where org_id = $1
        and run_id = wanted.run_id
    ) tools`;

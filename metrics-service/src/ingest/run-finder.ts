import type { Transaction } from '../db/database.js';
import { TELEMETRY_RUN } from './better-told.js';
import { compareUtf8 } from '../text-order.js';
import type { Change } from './change.js';
import type { EntityRow } from './merge.js';
import type { RunRow } from './told-twice.js';

interface Start {
  runId: string;
  startedAt: string;
}

/** Texts in the same ISO 8601 form compare like their instants. */
function later(a: Start, b: Start | undefined): boolean {
  if (!b) return true;
  if (a.startedAt !== b.startedAt) return a.startedAt > b.startedAt;
  return compareUtf8(a.runId, b.runId) > 0;
}

/** The moment from which calls are assigned to a run by time; null: none are. */
export function startOf(
  row: { values: EntityRow['values'] } | null | undefined,
  oneWith: unknown,
): { sessionId: string; at: string } | null {
  const { session_id: sessionId, started_at: at } = row?.values ?? {};
  return oneWith == null && typeof sessionId === 'string' && typeof at === 'string' ? { sessionId, at } : null;
}

/** A moment of a session; `ofTelemetry`: told by Codex's telemetry, whose runs are other ones than those told by others. */
export interface Moment {
  readonly sessionId: string;
  readonly at: string;
  readonly ofTelemetry: boolean;
}

/** Finds the run of a moment among the stored runs and those of the batch, which replace their stored rows. */
export async function runFinder(
  tx: Transaction,
  moments: readonly Moment[],
  runs: Change<RunRow>[],
): Promise<(moment: Moment) => string | null> {
  const key = ({ sessionId, at, ofTelemetry }: Moment): string => `${at} ${ofTelemetry} ${sessionId}`;
  const asked = new Map(moments.map((asking) => [key(asking), asking]));
  const stored = new Map<string, Start>();
  if (asked.size > 0) {
    const { rows } = await tx.query<{
      session_id: string;
      at: Date;
      of_telemetry: boolean;
      run_id: string;
      started_at: Date;
    }>(
      `
      select asked.session_id, asked.at, asked.of_telemetry, latest.run_id, latest.started_at
      from unnest($2::text[], $3::timestamptz[], $4::boolean[]) as asked (session_id, at, of_telemetry)
      cross join lateral (
        select r.run_id, r.started_at
        from runs r
        where r.org_id = $1
          and r.session_id = asked.session_id
          and r.started_at <= asked.at
          and r.one_with is null
          and starts_with(r.run_id, '${TELEMETRY_RUN}') = asked.of_telemetry
          and r.run_id <> all($5::text[])
        order by r.started_at desc, r.run_id desc
        limit 1
      ) latest`,
      [
        tx.orgId,
        [...asked.values()].map(({ sessionId }) => sessionId),
        [...asked.values()].map(({ at }) => at),
        [...asked.values()].map(({ ofTelemetry }) => ofTelemetry),
        runs.map(({ after }) => after.id),
      ],
    );
    for (const row of rows) {
      const start = { runId: row.run_id, startedAt: row.started_at.toISOString() };
      const asking = { sessionId: row.session_id, at: row.at.toISOString(), ofTelemetry: row.of_telemetry };
      stored.set(key(asking), start);
    }
  }
  const isOfTelemetry = ({ after }: Change<RunRow>): boolean => after.id.startsWith(TELEMETRY_RUN);
  const [ofTelemetry, ofOthers] = [true, false].map((which) =>
    startsBySession(runs.filter((run) => isOfTelemetry(run) === which)),
  );
  return (moment) => {
    let found = stored.get(key(moment));
    const ofBatch = (moment.ofTelemetry ? ofTelemetry : ofOthers)!;
    const fromBatch = latestUpTo(ofBatch.get(moment.sessionId) ?? [], moment.at);
    if (fromBatch && later(fromBatch, found)) found = fromBatch;
    return found?.runId ?? null;
  };
}

function startsBySession(runs: Change<RunRow>[]): Map<string, Start[]> {
  const starts = new Map<string, Start[]>();
  for (const { after } of runs) {
    const found = startOf(after, after.oneWith);
    if (!found) continue;
    const list = starts.get(found.sessionId);
    const start = { runId: after.id, startedAt: found.at };
    if (list) list.push(start);
    else starts.set(found.sessionId, [start]);
  }
  for (const list of starts.values()) list.sort((a, b) => (later(a, b) ? 1 : -1));
  return starts;
}

/** The last of the sorted starts that is not after `at`, by binary search. */
function latestUpTo(starts: Start[], at: string): Start | undefined {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]!.startedAt <= at) low = middle + 1;
    else high = middle;
  }
  return starts[low - 1];
}

import type { Json } from '../contract/json.js';
import { intersect } from '../entities/field-sets.js';
import { entities } from '../entities/index.js';
import { KEPT_MS, type UsageTold } from '../entities/usage.js';
import { compareStamps, stampOfWon, type Stamp, type Stamps } from './stamps.js';
import type { Value } from './statements.js';

/** One event's word on a run's usage: what counts at a moment is the greatest stamp's of those up to it. */
export interface Told {
  readonly at: number;
  readonly stamp: Stamp;
  readonly usage: Json;
}

/** What was told, in order of moments, and so of stamps; the latest moment of all (epoch ms). */
interface History {
  readonly until: number;
  readonly told: readonly Told[];
  /** there was more than is kept, or a version before noted nothing of it */
  readonly isCut?: true;
}

interface Row {
  readonly values: Record<string, Value>;
  readonly stamps: Stamps;
}

/** More than this is not kept of one run. */
const MOST_TOLD = 200;

/** The row's history with what a statement adds, before it claims its fields. The order does not matter. */
export function withTold(row: Row, said: Value, stamp: Stamp): Value {
  const known = historyOf(row);
  const { until, told, isCut } = said as unknown as UsageTold<Stamp>;
  const all = [...(known?.told ?? []), ...told.map((one) => ({ ...one, stamp: one.stamp ?? stamp }))];
  const latest = Math.max(until, known?.until ?? until);
  const kept = sinceSpan(undisputed(all), latest);
  const isWhole = isCut !== true && tellsAll(row) && kept.length <= MOST_TOLD;
  return (isWhole ? { until: latest, told: kept } : { until: latest, told: [], isCut: true }) as unknown as Value;
}

/** Whether the run's end was stated: then nothing is kept of how it came about. */
export function isOver({ stamps }: Row): boolean {
  const outcome = entities.run.fieldSets.outcome!;
  return stamps.some(([, , , fields]) => intersect(fields, outcome));
}

/** What was told of the run's usage; null: nothing was, `unknown`: not all of it is known here. */
export function toldOf(row: Row): readonly Told[] | 'unknown' | null {
  return tellsAll(row) ? (historyOf(row)?.told ?? null) : 'unknown';
}

/** The same where its events are called otherwise. */
export function renameTold(history: Value, renamed: (stamp: Stamp) => Stamp): Value {
  if (history === null) return null;
  const { told, ...others } = history as unknown as History;
  return { ...others, told: told.map((one) => ({ ...one, stamp: renamed(one.stamp) })) } as unknown as Value;
}

function historyOf({ values }: Row): History | null {
  return (values.usage_told ?? null) as unknown as History | null;
}

/** Whether the event that tells of the usage now is known here, and so those before it. */
function tellsAll(row: Row): boolean {
  const history = historyOf(row);
  const usage = entities.run.fieldSets.progress_usage!;
  const won = row.stamps.find(([, , , fields]) => intersect(fields, usage));
  if (!won || !history) return !won && !history;
  const last = history.told.at(-1);
  return last !== undefined && compareStamps(last.stamp, stampOfWon(won)) === 0;
}

/** Without those that an event of an earlier moment, or of the same one, outdoes. */
function undisputed(all: readonly Told[]): Told[] {
  const kept: Told[] = [];
  for (const one of all.toSorted((a, b) => a.at - b.at || compareStamps(a.stamp, b.stamp))) {
    const last = kept.at(-1);
    if (last && compareStamps(last.stamp, one.stamp) >= 0) continue;
    if (last?.at === one.at) kept.pop();
    kept.push(one);
  }
  return kept;
}

/** Those of the span up to the latest moment, and the one that counted at its beginning. */
function sinceSpan(told: Told[], until: number): Told[] {
  const first = told.findLastIndex(({ at }) => at <= until - KEPT_MS);
  return told.slice(Math.max(0, first));
}

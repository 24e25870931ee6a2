import { DIMENSIONS } from '../../catalogue/index.js';
import type { Result } from '../../contract/frames.js';
import { framesOf } from '../query.js';
import type { QueryClient } from '../query/client.js';
import { metaOf, rowsOf, type ShownRow } from '../../presentation/rows.js';
import { showCount, showDuration, showShare } from '../../format/numbers.js';
import { printable, showTime } from '../../format/values.js';

const METRICS = ['runs', 'failed_runs', 'run_failure_rate', 'p50_run_duration', 'p95_run_duration'] as const;

/** Metrics of runs cannot be filtered by flags of their session; then they are unknown. */
const UNCOUNTED = Object.fromEntries(METRICS.map((id) => [id, null]));

/** A summary of the window's runs: exact; null means unknown. */
export interface RunsSummary {
  readonly metrics: Readonly<Record<(typeof METRICS)[number], number | null>>;
  /** the failed run that completed last */
  readonly lastFailure: ShownRow | null;
}

/** The summary of the runs that pass the filters, except for the filter on status. @throws BadUsage */
export async function summarize(client: QueryClient, query: Record<string, unknown>): Promise<RunsSummary> {
  const { from, to, timezone, filters } = query;
  const others = Object.fromEntries(Object.entries(filters ?? {}).filter(([name]) => name !== 'status'));
  const rows = async (asked: Record<string, unknown>): Promise<readonly ShownRow[]> => {
    const result: Result = await client.ask({ queries: [{ refId: 'A', from, to, timezone, ...asked }] });
    return rowsOf(framesOf(result)).rows;
  };
  const isCounted = !DIMENSIONS.some(({ name, flag }) => flag && name in others);
  const [metrics] = isCounted ? await rows({ view: 'total', metrics: METRICS, filters: others }) : [UNCOUNTED];
  const failed = { filters: { ...others, status: ['FAILED'] }, orderBy: 'completed_at', limit: 1 };
  const [lastFailure = null] = await rows({ view: 'runs', ...failed });
  return { metrics: metrics as RunsSummary['metrics'], lastFailure };
}

const CAUSE_CHARACTERS = 160;

/** `12 runs, 2 failed (16.7%); p50 1m 2s, p95 5m`, and which failed last and why. */
export function summaryLines({ metrics, lastFailure }: RunsSummary, timezone: string): string[] {
  const { runs, failed_runs, run_failure_rate, p50_run_duration, p95_run_duration } = metrics;
  const share = run_failure_rate === null ? '' : ` (${showShare(run_failure_rate)} of those that ended)`;
  const usual =
    p50_run_duration === null || p95_run_duration === null
      ? 'no duration is known'
      : `usually ${showDuration(p50_run_duration)} (p50), ${showDuration(p95_run_duration)} at most for 95% (p95)`;
  const count = `${showCount(runs ?? 0)} ${runs === 1 ? 'run' : 'runs'}`;
  return [
    ...(runs === null ? [] : [`${count}, ${showCount(failed_runs ?? 0)} failed${share}; ${usual}`]),
    ...(lastFailure ? [`last failure: ${failureText(lastFailure, timezone)}`] : []),
  ];
}

function failureText(run: ShownRow, timezone: string): string {
  const at = showTime(run.completed_at as number, timezone);
  const said = run.error_summary as string | null;
  return `${printable(run.run as string)} at ${at}, ${printable(run.failure_category as string)}${said ? `: ${oneLine(said, CAUSE_CHARACTERS)}` : ''}`;
}

/** A text on one line, cut with `…` after so many characters. */
export function oneLine(text: string, characters: number): string {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  const all = [...line];
  return all.length > characters ? `${all.slice(0, characters - 1).join('')}…` : line;
}

/** The notices of an answer, and its window. */
export function answeredBy(result: Result) {
  const frames = framesOf(result);
  return { ...metaOf(frames), rows: rowsOf(frames) };
}

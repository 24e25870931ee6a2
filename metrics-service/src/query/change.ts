import { grafanaUnit, type Metric } from '../catalogue/index.js';
import type { MetricValue } from '../catalogue/metric.js';
import { areCountsToldApart, areToldApart, type Share } from './intervals.js';

/** How a change is told: of shares in percentage points, of other ratios as the difference, else relative to the earlier. */
export type ChangeKind = 'points' | 'difference' | 'relative';

export function changeKindOf(metric: Pick<Metric, 'unit' | 'display'>): ChangeKind {
  if (metric.unit !== 'ratio') return 'relative';
  return grafanaUnit(metric as Metric) === 'percentunit' ? 'points' : 'difference';
}

/** The change since the earlier window (definitions.md, Comparison); null if the earlier value is 0 or null. */
export function changeOf(earlier: number | null, now: number | null, kind: ChangeKind = 'relative'): number | null {
  if (earlier === null || earlier === 0 || now === null) return null;
  if (kind === 'relative') return (now - earlier) / earlier;
  return kind === 'points' ? (now - earlier) * 100 : now - earlier;
}

/** With fewer runs in either window no change is drawn. */
export const FEWEST_RUNS = 20;

/** A value in both windows, with the cases behind it if it is a share of them. */
export interface Both {
  readonly now: number | null;
  readonly earlier: number | null;
  readonly shares: { readonly now: Share; readonly earlier: Share } | null;
}

/**
 * The colour of a change: green or red, legible as text on white and on black, where it is more than chance and one of both
 * is better, else that of text. Only shares of cases and counts can be told from chance; money and durations never are.
 */
export function changeColour(
  { better, value }: Metric,
  { now, earlier, shares }: Both,
): 'semi-dark-green' | 'red' | 'text' {
  if (better === 'neither' || now === null || earlier === null) return 'text';
  const isToldApart = shares
    ? areToldApart(shares.now, shares.earlier)
    : isCount(value) && areCountsToldApart(now, earlier);
  if (!isToldApart) return 'text';
  return now > earlier === (better === 'higher') ? 'semi-dark-green' : 'red';
}

/** Whether the value counts rows or people, so that chance can be told from change. */
function isCount(value: MetricValue): boolean {
  return value.base === 'trailing' || ('counts' in value && value.counts === true);
}

import type { Fraction } from './fraction.js';

/** The metrics that are shares of cases (definitions.md, Shares with an interval). */
export const SHARES = [
  'run_success_rate',
  'run_failure_rate',
  'run_cancel_rate',
  'run_timeout_rate',
  'failure_share',
  'tool_failure_rate',
  'tool_rejection_rate',
  'local_handoff_rate',
  'post_handoff_iteration_rate',
  'post_handoff_iteration_share',
  'quality_rate',
  'rework_rate',
];

const Z = 1.959963984540054;

/**
 * Both ends of Wilson's interval: the shares p from which the observed one is just z standard errors away, found by halving.
 * The fraction is of cases, not in lowest terms; null without cases.
 */
export function interval(share: Fraction | null): [low: number, high: number] | null {
  if (share === null) return null;
  const [observed, cases] = [Number(share.n) / Number(share.d), Number(share.d)];
  const isWithin = (p: number): boolean => Math.abs(observed - p) <= Z * Math.sqrt((p * (1 - p)) / cases);
  return [outermost(0, observed, isWithin), outermost(1, observed, isWithin)];
}

function outermost(end: number, observed: number, isWithin: (p: number) => boolean): number {
  // the observed share is within, and so is all between it and the end that is looked for
  let [outside, inside] = [end, observed];
  if (end === observed) return end;
  for (let step = 0; step < 200; step++) {
    const middle = (outside + inside) / 2;
    if (isWithin(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

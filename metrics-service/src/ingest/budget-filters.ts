import { takes } from '../catalogue/index.js';
import runs from '../catalogue/metrics/runs.js';

/** What a budget can be filtered by: what all runs can. */
const BUDGET_FILTERS: readonly string[] = takes(runs).filters;

/** Why a budget's filters are none of runs; null: they are. Pure. */
export function budgetFault(filters: Readonly<Record<string, unknown>> | null | undefined): string | null {
  const wrong = Object.keys(filters ?? {}).find((dimension) => !BUDGET_FILTERS.includes(dimension));
  if (wrong === undefined) return null;
  return `${JSON.stringify(wrong.slice(0, 80))} is no filter of runs: use one of ${BUDGET_FILTERS.join(', ')}`;
}

/** The name under which lengths of slots are chosen for the sums of all runs (levels.ts). */
export const SUMS_OF_ALL = '';

/** The same for the sums of the parts of runs, by their model. */
export const SUMS_OF_PARTS = 'parts';

/** The same for the sums of tool calls, by their tool. */
export const SUMS_OF_CALLS = 'tool_calls';

/** The same for the values in order by a dimension; '' is all runs. */
export function valuesOf(dimension: string): string {
  return `values/${dimension}`;
}

/** The same for the costs by quarters of an hour by a dimension. */
export function quartersOf(dimension: string): string {
  return `quarters/${dimension}`;
}

export type Plain = string | number | boolean | null;

/** Equal, doubles to the last digits: 1e-12 relative. */
export function sameValue(got: unknown, expected: Plain): boolean {
  if (typeof got !== 'number' || typeof expected !== 'number') return got === expected;
  if (Number.isSafeInteger(expected)) return got === expected || nearly(got, expected, 1e-14);
  return nearly(got, expected, 1e-12);
}

/** A change beside 0 is a difference of nearly equal doubles: what counts is how far it is from the ratio. */
export function sameChange(got: unknown, expected: Plain): boolean {
  if (typeof got !== 'number' || typeof expected !== 'number') return got === expected;
  return sameValue(got, expected) || Math.abs(got - expected) <= 1e-12;
}

function sameTrend(got: unknown, expected: Plain): boolean {
  const points = JSON.parse(expected as string) as (number | null)[];
  return valuesDiffer('', got as unknown[], points) === null;
}

/** Ends that were found by halving. */
function sameEnd(got: unknown, expected: Plain): boolean {
  if (typeof got !== 'number' || typeof expected !== 'number') return got === expected;
  return Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

/** How values of a column are compared. */
export function sameIn(column: string): typeof sameValue {
  if (column.endsWith('_change')) return sameChange;
  if (column.endsWith('_trend')) return sameTrend;
  return /_(low|high)$/.test(column) ? sameEnd : sameValue;
}

function nearly(got: number, expected: number, tolerance: number): boolean {
  return Math.abs(got - expected) <= tolerance * Math.max(Math.abs(got), Math.abs(expected));
}

/** Where a list of values differs from what was expected, in words. */
export function valuesDiffer(
  where: string,
  got: unknown[] | undefined,
  expected: Plain[],
  same: (got: unknown, expected: Plain) => boolean = sameValue,
): string | null {
  if (!got) return `${where}: missing`;
  if (got.length !== expected.length) {
    return `${where}: ${got.length} values instead of ${expected.length}\ngot      ${JSON.stringify(got)}`;
  }
  const index = expected.findIndex((value, at) => !same(got[at], value));
  if (index === -1) return null;
  return `${where}, value ${index}: got ${JSON.stringify(got[index])}, expected ${JSON.stringify(expected[index])}`;
}

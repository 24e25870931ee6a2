/** From the first to the last instant of something, in epoch milliseconds. */
export interface Span {
  firstMs: number;
  lastMs: number;
}

const DAY_MS = 86_400_000;

/** `from 2026-01-05 to 2026-02-01 (UTC)`, or the one day. */
export function spanText({ firstMs, lastMs }: Span): string {
  const [first, last] = [dateOf(firstMs), dateOf(lastMs)];
  return first === last ? `of ${first} (UTC)` : `from ${first} to ${last} (UTC)`;
}

/** The flags of `runboard query` for the whole days of a span, with their zone, since the organization's may differ. */
export function spanFlags({ firstMs, lastMs }: Span): string {
  return `--from ${dateOf(firstMs)} ${endFlags(lastMs)}`;
}

/** The flags of `runboard query` for a window that ends with the day of an instant. */
export function endFlags(ms: number): string {
  return `--to ${dateOf(ms + DAY_MS)} --timezone UTC`;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

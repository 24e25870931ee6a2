/** How much a work item costs, as colours: the names are those of a badge. */
export const BANDS = [
  { name: 'green', colour: '#3fb950', belowUsd: 5 },
  { name: 'yellow', colour: '#dfb317', belowUsd: 20 },
  { name: 'orange', colour: '#fe7d37', belowUsd: 50 },
  { name: 'red', colour: '#e05d44', belowUsd: null },
] as const;

/** The band of a cost in US dollars. */
export function bandOf(usd: number): (typeof BANDS)[number] {
  return BANDS.find(({ belowUsd }) => belowUsd === null || usd < belowUsd)!;
}

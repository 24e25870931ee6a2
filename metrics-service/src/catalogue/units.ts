import { showNumber, type NumberKind } from '../format/numbers.js';
import { NOTHING } from '../format/values.js';

/**
 * The units of definitions.md and how Grafana shows them: counts in full (8,940), tokens as 4.68B, durations as 14m:39s. In
 * the browser the plugin writes money and durations as the command line does.
 */
export const UNITS = {
  users: 'locale',
  agents: 'locale',
  runs: 'locale',
  'runs/day': 'short',
  sessions: 'locale',
  'work items': 'locale',
  escalations: 'locale',
  handoffs: 'locale',
  calls: 'locale',
  tokens: 'count:',
  files: 'locale',
  lines: 'locale',
  tests: 'locale',
  number: 'short',
  ratio: 'percentunit',
  ms: 'clockms',
  USD: 'currencyUSD',
  'USD/hour': 'currencyUSD',
} as const;

export type Unit = keyof typeof UNITS;

/** What a number is, by the unit that its field has in a frame. */
export const KINDS: Readonly<Record<string, NumberKind>> = {
  currencyUSD: 'money',
  clockms: 'duration',
  ms: 'duration',
  percentunit: 'share',
  'count:': 'tokens',
};

/** The decimals without which Grafana would show one of its units in another way: with 1 a clock has two of its units. */
export const DECIMALS: Readonly<Record<string, number>> = { clockms: 1, currencyUSD: 2 };

/** How Grafana shows a number in this unit of its own. */
export function shownIn(unit: string): { unit: string; decimals?: number } {
  const decimals = DECIMALS[unit];
  return decimals === undefined ? { unit } : { unit, decimals };
}

/** A metric's value as people write it: `14m 39s`, `$3,780.21`, `86.1%`, `–` for what is unknown. */
export function showMetric({ unit }: { readonly unit: Unit }, value: number | null): string {
  return value === null ? NOTHING : showNumber(value, KINDS[UNITS[unit]] ?? 'count');
}

/** The units of definitions.md and how Grafana shows them. */
export const UNITS = {
  users: 'short',
  runs: 'short',
  'runs/day': 'short',
  sessions: 'short',
  handoffs: 'short',
  tokens: 'short',
  files: 'short',
  lines: 'short',
  tests: 'short',
  ratio: 'percentunit',
  ms: 'ms',
  USD: 'currencyUSD',
} as const;

export type Unit = keyof typeof UNITS;

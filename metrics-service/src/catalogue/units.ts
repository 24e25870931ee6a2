/** The units of definitions.md and how Grafana shows them: counts in full (8,940), tokens as 4.68B. */
export const UNITS = {
  users: 'locale',
  agents: 'locale',
  runs: 'locale',
  'runs/day': 'short',
  sessions: 'locale',
  handoffs: 'locale',
  tokens: 'count:',
  files: 'locale',
  lines: 'locale',
  tests: 'locale',
  number: 'short',
  ratio: 'percentunit',
  ms: 'ms',
  USD: 'currencyUSD',
} as const;

export type Unit = keyof typeof UNITS;

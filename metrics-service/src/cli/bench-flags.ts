/** What `runboard bench` can measure. */
export const FIGURES = [
  'ingest',
  'telemetry',
  'import',
  'timeline',
  'export',
  'queries',
  'live',
  'budgets',
  'scale',
] as const;
/** What it measures if nothing is named: what takes minutes. */
export const USUAL = FIGURES.filter((name) => name !== 'scale' && name !== 'budgets');
export type FigureName = (typeof FIGURES)[number];

export const EVENTS_PER_SESSION = 25.2;

export interface Flags {
  events: number;
  batch: number;
  senders: number;
  transcripts: number;
  sessions: number;
  records: number;
  seconds?: number;
  runs: number;
  json?: boolean;
}

import type { Notice } from '../../contract/frames.js';
import type { AnswerMeta, ShownColumn, ShownRow, RowSet } from '../../presentation/rows.js';

const UNITS = {
  count: 'count',
  tokens: 'tokens',
  money: 'USD',
  duration: 'ms',
  share: 'ratio',
  change: 'ratio',
  points: 'percentage points',
  time: 'time',
} as const;

/**
 * The answer for programs: `{organization, view, window: {from, to}, timezone, interval, asOf, columns: [{name, title,
 * unit}], rows: [{<column>: value}], notices: [{severity, text}]}`, and with --explain `engine: {kept, steps}`. Numbers are exact and null is unknown or nothing;
 * times are RFC 3339 in UTC; a row has every column.
 */
export function answerJson(
  answer: RowSet,
  meta: AnswerMeta,
  whose: { owner: string; view: string; notices: readonly Notice[] },
): string {
  return `${JSON.stringify(answerValue(answer, meta, whose))}\n`;
}

/** The content of `answerJson`, as an object. */
export function answerValue(
  { columns, rows }: RowSet,
  { window, timezone, interval, asOf, engine }: AnswerMeta,
  { owner, view, notices }: { owner: string; view: string; notices: readonly Notice[] },
) {
  return {
    organization: owner,
    view,
    window: { from: instant(window.from), to: instant(window.to) },
    timezone,
    interval,
    asOf: instant(asOf),
    columns: columns.map(({ name, title, kind }) => ({ name, title, unit: unitOf(kind) })),
    rows: rows.map((row) => rowValue(columns, row)),
    notices,
    ...(engine ? { engine } : {}),
  };
}

/** A row by column name, exact, times in RFC 3339. */
export function rowValue(columns: readonly ShownColumn[], row: ShownRow): Record<string, unknown> {
  const value = (cell: unknown, kind: string): unknown =>
    kind === 'time' && typeof cell === 'number' ? instant(cell) : (cell ?? null);
  return Object.fromEntries(columns.map(({ name, kind }) => [name, value(row[name], kind)]));
}

function unitOf(kind: string): string | null {
  return UNITS[kind as keyof typeof UNITS] ?? null;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

import { showValue } from '../../format/values.js';
import type { RowSet, ShownColumn, ShownRow } from '../../presentation/rows.js';
import { textTable } from './text-table.js';

const COMPANIONS = /_(low|high|cases)$/;

/** A contrast turned around: a line per number, with both sides and their difference, each with its interval and cases. */
export function contrastLines({ columns, rows }: RowSet, timezone: string, bold: (text: string) => string): string[] {
  const [group, ...numbers] = columns.filter(({ name }) => !COMPANIONS.test(name));
  const sides = rows.map((row) => String(row[group!.name]));
  const heads = ['', ...sides.map((side) => side.charAt(0).toUpperCase() + side.slice(1))];
  const lines = numbers.map((column) => [column.title, ...rows.map((row) => told(row, column, timezone))]);
  return textTable(
    heads.map((head) => ({ head, align: 'left' as const })),
    lines,
    bold,
  );
}

/** `91.7% (64.6% to 98.5%), n=12`: the interval where there is one, the cases where they are told. */
function told(row: ShownRow, { name, kind }: ShownColumn, timezone: string): string {
  const show = (value: unknown): string => showValue(value, kind, timezone);
  const [low, high, cases] = ['low', 'high', 'cases'].map((end) => row[`${name}_${end}`]);
  const interval = low == null ? '' : ` (${show(low)} to ${show(high)})`;
  return `${show(row[name])}${interval}${cases == null ? '' : `, n=${showValue(cases, 'count', timezone)}`}`;
}

import type { RowSet } from '../../presentation/rows.js';
import { showWithInterval, withoutCompanions } from './interval.js';
import { textTable } from './text-table.js';

/** A contrast turned around: a line per number, with both sides and their difference, each with its interval and cases. */
export function contrastLines({ columns, rows }: RowSet, timezone: string, bold: (text: string) => string): string[] {
  const [group, ...numbers] = withoutCompanions(columns);
  const sides = rows.map((row) => String(row[group!.name]));
  const heads = ['', ...sides.map((side) => side.charAt(0).toUpperCase() + side.slice(1))];
  const lines = numbers.map((column) => [column.title, ...rows.map((row) => showWithInterval(row, column, timezone))]);
  return textTable(
    heads.map((head) => ({ head, align: 'left' as const })),
    lines,
    bold,
  );
}

import pc from 'picocolors';
import { NONE } from '../../contract/query.js';
import { bar, sparkline } from './bars.js';
import type { ShownColumn, ShownRow, RowSet } from '../../presentation/rows.js';
import { showWithInterval, withoutCompanions } from './interval.js';
import { cellsOf, textTable } from './text-table.js';
import { NOTHING, showValue } from '../../format/values.js';

export interface Look {
  readonly timezone: string;
  /** colours, bars and sparklines: for a terminal */
  readonly rich: boolean;
  /** characters per line, if the layout depends on it */
  readonly width: number;
  /** the requested metrics: the first one gets the bars */
  readonly metrics: readonly string[];
  readonly groupBy: readonly string[];
}

/** A header, then a line per row; on a terminal with a bar for the first metric, and narrow headers if it is too wide. */
export function tableLines(answer: RowSet, { timezone, rich, width, metrics, groupBy }: Look): string[] {
  const { bold, dim, cyan } = pc.createColors(rich);
  const columns = shownColumns(answer, groupBy);
  const barred = rich && answer.rows.length > 1 ? columns.find(({ name }) => name === metrics[0]) : undefined;
  const greatest = barred ? fullBar(answer.rows, barred) : 0;
  const heads = columns.flatMap((column) => [
    { head: column.title, align: isLeft(column) ? ('left' as const) : ('right' as const) },
    ...(column === barred ? [{ head: '', align: 'left' as const }] : []),
  ]);
  const cyanBar = (value: number | null): string => bar(value, greatest).replace(/.+/, cyan);
  const cells = answer.rows.map((row) =>
    columns.flatMap((column) => {
      const text = showCell(row, column, timezone);
      const shown = text === NOTHING || text === NONE ? dim(text) : text;
      return column === barred ? [shown, cyanBar(row[column.name] as number | null)] : [shown];
    }),
  );
  const lines = textTable(heads, cells, bold);
  if (!rich || lines.every((line) => cellsOf(line) <= width)) return lines;
  const stacked = heads.map(({ head, align }) => ({ head: head.replaceAll(' ', '\n'), align }));
  return textTable(stacked, cells, bold);
}

function showCell(row: ShownRow, column: ShownColumn, timezone: string): string {
  const { name, kind, role, estimatedBy = '' } = column;
  const value = row[name];
  if (`${name}_low` in row) return showWithInterval(row, column, timezone);
  if (kind === 'trend') return sparkline(value as (number | null)[]);
  return role === 'group' && value == null
    ? NONE
    : `${row[estimatedBy] === true ? '~' : ''}${showValue(value, kind, timezone)}`;
}

function isLeft({ kind }: ShownColumn): boolean {
  return kind === 'text' || kind === 'time' || kind === 'flag' || kind === 'trend';
}

/** The value of a full bar: 100 % for a share, else the greatest value. */
function fullBar(rows: readonly ShownRow[], { name, kind }: ShownColumn): number {
  const greatest = rows.reduce((most, row) => Math.max(most, (row[name] as number | null) ?? 0), 0);
  return kind === 'share' && greatest <= 1 ? 1 : greatest;
}

/** Hides ids that equal the shown names, and texts that no row has; requested columns are kept. */
export function shownColumns({ columns, rows }: RowSet, groupBy: readonly string[]): ShownColumn[] {
  return withoutCompanions(columns).filter(({ name, kind }) => {
    if (kind !== 'text' || groupBy.includes(name)) return true;
    const shown = columns.find((column) => name === `${column.name}_id`)?.name;
    return rows.some((row) => row[name] != null && (shown === undefined || row[name] !== row[shown]));
  });
}

import { findDimension, findMetric, shownIn } from '../../catalogue/index.js';
import type { Field, Notice } from '../../contract/frames.js';
import { flagColumn, numberColumn, textColumn, timeColumn, type FrameColumn } from '../frames.js';
import { InvalidQuery, unknownName } from '../invalid.js';
import { pageText } from '../notices.js';
import { planDirection } from '../plan.js';
import type { Question } from '../question.js';
import { valueIn, type ListColumn, type Page, type ListRow, type RowColumn } from '../statements/list.js';
import { metricConfig, shownInWords } from './metric-fields.js';

const DEFAULT_ROWS = 100;
export const MAX_ROWS = 10_000;

/** The requested rows of the list `what`, by default 100; refuses more than 10,000. */
export function planPage(
  query: Question,
  { columns, by, what }: { columns: readonly RowColumn[]; by: string; what: string },
): Page {
  const names = columns.map(({ name }) => name);
  const orderBy = query.orderBy || by;
  const order = columns.find(({ name }) => name === orderBy);
  if (!order) throw unknownName('orderBy', orderBy, names);
  const { limit, offset } = planLimit(query, what, DEFAULT_ROWS);
  return { order, direction: planDirection(query), limit, offset };
}

/** The limit and offset of a list; refuses a limit over 10,000. */
export function planLimit(query: Question, what: string, byDefault: number): { limit: number; offset: number } {
  const limit = query.limit ?? byDefault;
  if (limit > MAX_ROWS) throw new InvalidQuery(`limit of ${what} must be at most 10,000, not ${limit}`);
  return { limit, offset: query.offset ?? 0 };
}

/** The rows of a list as a frame's columns. */
export function listColumns(columns: readonly ListColumn[], rows: readonly ListRow[]): FrameColumn[] {
  return columns.map((column) =>
    listColumn(
      column,
      rows.map((row) => valueIn(column, row)),
    ),
  );
}

function listColumn(column: ListColumn, values: unknown[]): FrameColumn {
  const { name, type } = column;
  const config = listConfig(column);
  if (type === 'time') return timeColumn(name, values as number[], config);
  if (type === 'number') return numberColumn(name, values as number[], { config });
  if (type === 'flag') return flagColumn(name, values as boolean[], config);
  return textColumn(name, values as string[], config);
}

/** A column's title and how its values are shown. */
export function listConfig({ name, title, unit, ticks, estimates }: ListColumn): NonNullable<Field['config']> {
  const metric = findMetric(name);
  if (metric && title === undefined) return metricConfig(metric);
  const shown = shownInWords(name);
  return {
    displayNameFromDS: title ?? findDimension(name)?.title ?? name,
    ...(unit ? shownIn(unit) : {}),
    ...shown,
    ...(ticks ? { custom: { ticks } } : {}),
    ...(estimates ? { custom: { estimates } } : {}),
  };
}

/** Says that the limit leaves rows out, and how many: `first 100 of 48,210`. */
export function cutNotices(shown: number, offset: number, found: number, what = ''): Notice[] {
  return found > shown ? [{ severity: 'info', text: pageText(shown, offset, found, what) }] : [];
}

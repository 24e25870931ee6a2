import type { ShownColumn, ShownRow } from '../presentation/rows.js';
import type { AnsweredQuestion } from './asker.js';

/** About 5,000 tokens of a model's context. */
const MAX_CHARACTERS = 16_000;
const TEXT_CHARACTERS = 300;

/** A cell for a model: times in RFC 3339, numbers with at most six decimals, texts cut. */
function cell(value: unknown, { kind }: ShownColumn): unknown {
  if (kind === 'time' && typeof value === 'number') return new Date(value).toISOString();
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6;
  return typeof value === 'string' ? cutText(value) : (value ?? null);
}

function cutText(text: string): string {
  const all = [...text];
  return all.length > TEXT_CHARACTERS ? `${all.slice(0, TEXT_CHARACTERS).join('')}…` : text;
}

/** A row by column name; `sparse`: without unknown values, for lists with many columns. */
export function rowFor(columns: readonly ShownColumn[], row: ShownRow, sparse = false): Record<string, unknown> {
  const cells = columns.map((column): [string, unknown] => [column.name, cell(row[column.name], column)]);
  return Object.fromEntries(sparse ? cells.filter(([, value]) => value !== null) : cells);
}

/** The members of every answer: the window, the zone, and the notices. */
export function around({ answered, notices }: Pick<AnsweredQuestion, 'answered' | 'notices'>) {
  const { window, timezone, interval } = answered;
  const instant = (ms: number): string => new Date(ms).toISOString();
  return {
    window: { from: instant(window.from), to: instant(window.to), timezone },
    ...(interval === null ? {} : { interval }),
    notices: [...new Set(notices.map(({ text }) => text))],
  };
}

/** The units of columns whose names do not include them. */
export function unitsOf(columns: readonly ShownColumn[]): Record<string, string> {
  const units = {
    money: 'USD',
    duration: 'ms',
    share: 'ratio',
    change: 'ratio',
    points: 'percentage points',
  } as Record<string, string>;
  return Object.fromEntries(columns.flatMap(({ name, kind }) => (units[kind] ? [[name, units[kind]]] : [])));
}

/** The answer as JSON, with its list `of` cut until it fits into a model's context; `cut` says so then. */
export function fit<Answer extends object>(of: keyof Answer & string, value: Answer): string {
  const all = value[of] as readonly unknown[];
  for (let shown = all.length; ; shown = Math.floor(shown / 2)) {
    const note = `only the first ${shown} of ${all.length} ${of}: set a lower limit, or add filters`;
    const text = JSON.stringify({ ...(shown < all.length ? { cut: note } : {}), ...value, [of]: all.slice(0, shown) });
    if (text.length <= MAX_CHARACTERS || shown === 0) return text;
  }
}

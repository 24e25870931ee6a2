import pc from 'picocolors';
import type { AnswerMeta, RowSet } from '../../presentation/rows.js';
import { contrastLines } from './contrast.js';
import { seriesLines } from './series.js';
import { tableLines, type Look } from './table.js';
import { textTable } from './text-table.js';
import { printable, showTime, showValue, type Kind } from '../../format/values.js';
import { sparkline } from './bars.js';

/** For shorter windows, minutes are too coarse to show the ends. */
const SHORT_MS = 600_000;

/** An answer for people: a line with organization and window (of a list of now: when that is), followed by the numbers. */
export function renderAnswer(
  answer: RowSet,
  meta: AnswerMeta,
  look: Omit<Look, 'timezone'> & { owner: string; isOfNow?: boolean },
): string {
  const { window, timezone, interval, asOf } = meta;
  const { bold } = pc.createColors(look.rich);
  const smallest = window.to - window.from < SHORT_MS ? 'millisecond' : 'minute';
  const now = `as of ${showTime(asOf, timezone)}`;
  const ends = [window.from, window.to].map((ms) => showTime(ms, timezone, smallest)).join(' to ');
  const head = `${bold(printable(look.owner))}  ${look.isOfNow ? now : ends}  ${timezone}${interval === null ? '' : `, by ${interval}`}`;
  return `${[head, '', ...answerLines(answer, interval, { ...look, timezone })].join('\n')}\n`;
}

function answerLines(answer: RowSet, interval: string | null, look: Look & { isOfNow?: boolean }): string[] {
  if (answer.rows.length === 0) return [look.isOfNow ? 'nothing now' : 'nothing in this window'];
  if (answer.shape === 'contrast') return contrastLines(answer, look.timezone, pc.createColors(look.rich).bold);
  if (answer.shape === 'series') return seriesLines(answer, interval, look);
  const isGrouped = answer.columns.some(({ role }) => role === 'group');
  return answer.shape === 'total' && !isGrouped ? totalLines(answer, look) : tableLines(answer, look);
}

function kindIn(columns: RowSet['columns'], wanted: string): Kind {
  return columns.find(({ name }) => name === wanted)?.kind ?? 'change';
}

/** A line per metric. */
export function totalLines({ columns, rows }: RowSet, { timezone, rich }: Pick<Look, 'timezone' | 'rich'>): string[] {
  const { bold } = pc.createColors(rich);
  const isCompared = columns.some(({ kind }) => kind === 'change' || kind === 'points');
  const trends = columns.some(({ kind }) => kind === 'trend') ? [''] : [];
  const heads = [...(isCompared ? ['', 'This window', 'Before', 'Change'] : ['', '']), ...trends];
  const trendAt = trends.length > 0 ? heads.length - 1 : -1;
  const lines = columns
    .filter(({ role }) => role === 'metric')
    .map(({ name, title, kind }) => [
      title,
      showValue(rows[0]![name], kind, timezone),
      ...(isCompared ? [showValue(rows[0]![`${name}_previous`], kind, timezone)] : []),
      ...(isCompared ? [showValue(rows[0]![`${name}_change`], kindIn(columns, `${name}_change`), timezone)] : []),
      ...trends.map(() => sparkline(rows[0]![`${name}_trend`] as (number | null)[])),
    ]);
  const [head, ...body] = textTable(
    heads.map((text, index) => ({ head: text, align: index === 0 || index === trendAt ? 'left' : 'right' })),
    lines,
    bold,
  );
  return isCompared ? [head!, ...body] : body;
}

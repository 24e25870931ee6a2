import { minimumGroupSize } from '../../access/viewer-scope.js';
import type { QuestionContext } from '../context.js';
import { dayInWords } from '../figures.js';
import { whyNothing } from '../reasons.js';
import type { Sentence } from '../said.js';
import { nearestRunsStatement } from '../statements/nearest-runs.js';
import type { Rows } from '../rows.js';

/** Why there is nothing to say, and where there is something. */
export async function whyNothingSaid(context: QuestionContext, rows: Rows): Promise<Sentence[]> {
  const { kind, text } = await whyNothing(context, rows, 'run');
  if (kind !== 'nothing_in_range') return [[`${text[0]!.toUpperCase()}${text.slice(1)}.`]];
  const other = await atOtherTimes(context, rows);
  return [['No runs in this range.'], ...other];
}

/**
 * When there were other runs, with a link to a window as long as this one that shows them; nothing where numbers over few
 * people are hidden, since that there are some may be one of these.
 */
async function atOtherTimes(context: QuestionContext, rows: Rows): Promise<Sentence[]> {
  if (minimumGroupSize(context.scope) > 0) return [];
  const [found] = await context.ask(nearestRunsStatement(context.orgId, rows));
  const { before, after } = found as { before: number | null; after: number | null };
  const at = before ?? after;
  if (at === null) return [];
  const length = rows.window.to - rows.window.from;
  const day = dayInWords(at, rows.timezone, rows.window.to);
  const window = before === null ? { from: at, to: at + length } : { from: at + 1 - length, to: at + 1 };
  const text = before === null ? `The first runs after it are of ${day}` : `The latest runs before it are of ${day}`;
  return [[{ text, to: { board: 'overview', window } }, '.']];
}

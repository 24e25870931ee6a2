import { minimumGroupSize } from '../../access/viewer-scope.js';
import type { QuestionContext } from '../context.js';
import { dayInWords } from '../figures.js';
import { whyNothing } from '../reasons.js';
import type { Sentence } from '../said.js';
import { nearestRunsStatement } from '../statements/nearest-runs.js';
import type { Rows } from '../rows.js';

/** Why there is nothing to say, and where there is something. */
export async function whyNothingSaid(context: QuestionContext, rows: Rows): Promise<Sentence[]> {
  const reason = await whyNothing(context, rows, 'run');
  const text = `${reason.text.charAt(0).toUpperCase()}${reason.text.slice(1)}.`;
  if (reason.session) {
    const { id: session, time: window } = reason.session;
    return [[{ text, to: { board: 'session', session, window } }]];
  }
  if (reason.command !== undefined) {
    const [before, after] = text.split(reason.command) as [string, string];
    return [[before, { text: reason.command, isCommand: true }, after]];
  }
  if (reason.kind !== 'nothing_in_range') return [[text]];
  return [[rows.given.length > 0 ? text : 'No runs in this range.'], ...(await atOtherTimes(context, rows))];
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

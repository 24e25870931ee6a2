import type { QuestionContext } from '../context.js';
import { counted, dayInWords, percent, points } from '../figures.js';
import { areToldApart, type Share } from '../intervals.js';
import type { Part, Sentence } from '../said.js';
import { choosesOutcomes, grownOutcomes, mainDays } from '../outcomes.js';
import type { Facts, Numbers } from './facts.js';

/** Fewer ended runs than this have no rate worth a word. */
const FEWEST_ENDED = 20;
/** An outcome is named that makes up at least this share of the lost successes: as a part of the reason … */
const LEAST_SHARE = 0.25;
/** … or, from here on, as the reason. */
const MOST_OF_IT = 0.5;

/**
 * The success rate: by how many points it changed where Newcombe's interval of the difference does not hold 0, and which
 * outcome grew. Otherwise what it is.
 */
export async function success(context: QuestionContext, facts: Facts): Promise<Sentence[]> {
  const { rows, now, before } = facts;
  const [share, earlier] = [shareOf(now), before && shareOf(before)];
  if (choosesOutcomes(rows) || !share || now.runSuccessRate === null || share.of < FEWEST_ENDED) return [];
  const rate = percent(now.runSuccessRate);
  const isComparable = earlier !== null && earlier.of >= FEWEST_ENDED;
  const change = isComparable && areToldApart(share, earlier) ? share.count / share.of - earlier.count / earlier.of : 0;
  const by = points(change);
  if (by === null) {
    const clear = isComparable ? ', no clear change' : '';
    return [[`${rate} of ${counted(share.of, 'ended run')} succeeded${clear}.`]];
  }
  const said = `Success ${change < 0 ? 'fell' : 'rose'} ${by} to ${rate}`;
  return [[said, ...(change < 0 ? await becauseOf(context, facts) : []), '.']];
}

function shareOf({ succeededRuns, terminalRuns }: Numbers): Share | null {
  return succeededRuns === null || terminalRuns === null ? null : { count: succeededRuns, of: terminalRuns };
}

/** The outcome that grew most, if it makes up much of what does not succeed any more. */
async function becauseOf(context: QuestionContext, { rows, now, before, both }: Facts): Promise<(string | Part)[]> {
  const ended = { now: now.terminalRuns!, before: before!.terminalRuns! };
  const [most] = await grownOutcomes(context, rows, both.earlier, ended);
  const lost = (before!.succeededRuns! * ended.now) / ended.before - now.succeededRuns!;
  const share = most ? most.extra / lost : 0;
  if (!most || share < LEAST_SHARE) return [];
  const [day] = await mainDays(context, rows, [most]);
  const which = `${most.words.charAt(0).toLowerCase()}${most.words.slice(1)}`;
  const on = day ? ` on ${dayInWords(day.from, rows.timezone, rows.window.to)}` : '';
  return [
    share < MOST_OF_IT ? ', in part: ' : ': ',
    { text: `${which}${on}`, to: { board: 'sessions', filters: most.filters, ...(day && { window: day }) } },
  ];
}

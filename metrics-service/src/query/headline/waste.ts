import { showMoney } from '../../format/numbers.js';
import type { QuestionContext } from '../context.js';
import { dearSessions } from '../dear-sessions.js';
import { daysInWords } from '../figures.js';
import { choosesOutcomes, UNSUCCESSFUL } from '../outcomes.js';
import type { Sentence } from '../said.js';
import type { Facts } from './facts.js';

/** Less of the whole cost than this is not worth a sentence. */
const LEAST_SHARE = 0.01;
/** What went into runs that did not succeed, and which session has much of it. */
export async function waste(context: QuestionContext, { rows, now, both }: Facts): Promise<Sentence[]> {
  const { unsuccessfulCost, totalCost } = now;
  if (choosesOutcomes(rows) || unsuccessfulCost === null || totalCost === null) return [];
  if (unsuccessfulCost <= 0 || unsuccessfulCost < LEAST_SHARE * totalCost) return [];
  const text = `${showMoney(unsuccessfulCost)} went into runs that did not succeed`;
  const all = { text, to: { board: 'sessions', filters: { status: UNSUCCESSFUL } } } as const;
  const { ofUnsuccessful } = await dearSessions(context, rows, both);
  const [one] = ofUnsuccessful;
  if (!one) return [[all, '.']];
  const when = daysInWords(one.time.from, one.time.to, rows.timezone, rows.window.to);
  const which = context.linksFor === undefined ? `session ${one.session}` : 'one session';
  const to = { board: 'session', session: one.session, window: one.time } as const;
  return [[all, `, ${showMoney(one.cost)} of it into `, { text: which, to }, ` ${when}.`]];
}

import { runs } from '../../catalogue/bases/runs.js';
import { usdOf } from '../../catalogue/exact.js';
import { showMoney } from '../../format/numbers.js';
import type { QuestionContext } from '../context.js';
import { daysInWords } from '../figures.js';
import { isSomethingOfOutcome, type Facts } from './facts.js';
import { UNSUCCESSFUL } from '../outcomes.js';
import type { Sentence } from '../said.js';
import { dearestSessionStatement, type DearSession } from '../statements/dearest-sessions.js';

/** Less of the whole cost than this is not worth a sentence. */
const LEAST_SHARE = 0.01;
/** One session is named that has at least this share of what bought nothing, and this much in US dollars. */
const LEAST_SHARE_OF_ONE = 0.2;
const LEAST_OF_ONE = 1;

/** What went into runs that did not succeed, and whether one session has much of it. */
export async function waste(context: QuestionContext, { rows, now }: Facts): Promise<Sentence[]> {
  const { unsuccessfulCost, totalCost } = now;
  if (isSomethingOfOutcome(rows) || unsuccessfulCost === null || totalCost === null) return [];
  if (unsuccessfulCost <= 0 || unsuccessfulCost < LEAST_SHARE * totalCost) return [];
  const into = { text: `${showMoney(unsuccessfulCost)} went into runs that did not succeed` };
  const toAll = { board: 'sessions', filters: { status: UNSUCCESSFUL } } as const;
  const one = context.scope.kind === 'totals' ? null : await dearest(context, rows);
  const cost = one && usdOf(one.value);
  if (!one || cost === null || cost < Math.max(LEAST_OF_ONE, LEAST_SHARE_OF_ONE * unsuccessfulCost))
    return [[{ ...into, to: toAll }, '.']];
  const when = daysInWords(one.first_at, one.last_at, rows.timezone, rows.window.to);
  const which = context.linksFor === undefined ? `session ${one.session}` : 'one session';
  const to = { board: 'session', session: one.session, window: { from: one.first_at, to: one.last_at } } as const;
  return [[{ ...into, to: toAll }, `, ${showMoney(cost)} of it into `, { text: which, to }, ` ${when}.`]];
}

async function dearest(context: QuestionContext, rows: Facts['rows']): Promise<DearSession | null> {
  const { unsuccessful_cost_nanos: cost, unsuccessful_runs: count } = runs;
  const [found] = await context.ask(dearestSessionStatement(context.orgId, rows, cost, count));
  return (found as unknown as DearSession | undefined) ?? null;
}

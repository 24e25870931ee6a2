import { usdOf } from '../../catalogue/exact.js';
import type { QuestionContext } from '../context.js';
import { inDigits } from '../figures.js';
import { fingerprintTexts } from '../fingerprints.js';
import { retryLoopsStatement, type RetryLoop } from '../statements/retry-loops.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';

const FEWEST_RUNS = 3;
const MOST_CHARACTERS = 120;

/** The same failure in three or more runs of a session in a row. */
export const retryLoop: FindingKind = { id: 'retry_loop', title: 'Retry loop', find };

async function find(context: QuestionContext, { rows }: Facts): Promise<Finding[]> {
  if (context.scope.kind === 'totals') return [];
  const found = await context.ask(retryLoopsStatement(context.orgId, rows, FEWEST_RUNS, MOST_OF_A_KIND));
  const loops = found as unknown as RetryLoop[];
  const texts = await fingerprintTexts(context, [...new Set(loops.map(({ fingerprint }) => fingerprint))]);
  return loops.map(({ session, fingerprint, runs, cost, first_at: from, last_at: to }) => ({
    what: `${inDigits(Number(runs))} runs in a row of session ${session} failed alike: ${cut(texts.get(fingerprint) ?? fingerprint)}`,
    since: from,
    runs: Number(runs),
    money: usdOf(cost),
    to: { board: 'session', session, window: { from, to } },
  }));
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : text;
}

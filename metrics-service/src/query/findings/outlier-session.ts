import { runs } from '../../catalogue/bases/runs.js';
import { NANOS_PER_USD } from '../../catalogue/exact.js';
import { showMoney } from '../../format/numbers.js';
import type { QuestionContext } from '../context.js';
import { dearSessions } from '../dear-sessions.js';
import { inDigits } from '../figures.js';
import { sessionCostStatement } from '../statements/dear-sessions.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';

/** It costs as many times what this share of the sessions cost at most, of at least so many sessions. */
const FRACTION = 0.95;
const TIMES = 5;
const FEWEST_SESSIONS = 20;

/** Sessions that cost far more than nearly all others. */
export const outlierSession: FindingKind = { id: 'outlier_session', title: 'Outlier session', find };

async function find(context: QuestionContext, { rows, both }: Facts): Promise<Finding[]> {
  const measure = runs.cost_nanos;
  const dear = (await dearSessions(context, rows, both)).ofAll.slice(0, MOST_OF_A_KIND);
  if (dear.length === 0) return [];
  const [others] = await context.ask(sessionCostStatement(context.orgId, rows, measure, FRACTION));
  const { sessions, cost } = others as { sessions: string; cost: number };
  if (Number(sessions) < FEWEST_SESSIONS) return [];
  const most = cost / Number(NANOS_PER_USD);
  const nearlyAll = `${FRACTION * 100} % of ${inDigits(Number(sessions))} sessions cost ${showMoney(most)} at most`;
  return dear
    .filter((one) => one.cost >= TIMES * most)
    .map(({ session, cost: own, runs: count, time }) => ({
      what: `Session ${session} cost ${showMoney(own)}; ${nearlyAll}`,
      since: time.from,
      runs: count,
      money: own,
      to: { board: 'session', session, window: time },
    }));
}

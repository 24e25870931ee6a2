import { runs } from '../catalogue/bases/runs.js';
import { NANOS_PER_USD } from '../catalogue/exact.js';
import type { QuestionContext } from './context.js';
import type { Rows } from './rows.js';
import { dearSessionsStatement } from './statements/dear-sessions.js';
import { usualSession } from './usual-costs.js';

const HOUR_MS = 3_600_000;
/** Cheaper ones are none. */
const LEAST_NANOS = 5n * NANOS_PER_USD;

/**
 * The sessions of which the viewer sees that they cost that much in the last hour. What is usual is asked for only if any
 * cost enough, and is that of the whole organization, whoever asks.
 */
export async function runawaySessions(context: QuestionContext, rows: Rows): Promise<readonly string[]> {
  const { now, orgId } = context;
  const late = { ...rows, filters: [], given: [], window: { from: now - HOUR_MS, to: now } };
  const by = { measure: runs.cost_nanos, least: LEAST_NANOS + 1n };
  const dear = await context.ask(dearSessionsStatement(orgId, late, [by]));
  if (dear.length === 0) return [];
  const most = (await usualSession(context)) ?? 0;
  return dear.filter(({ cost_0 }) => Number(cost_0) > most).map(({ session }) => session as string);
}

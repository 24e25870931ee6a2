import { LRUCache } from 'lru-cache';
import { ORGANIZATION_SCOPE } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import { NANOS_PER_USD } from '../catalogue/exact.js';
import type { QuestionContext } from './context.js';
import type { Rows } from './rows.js';
import { dearSessionsStatement, sessionCostStatement } from './statements/dear-sessions.js';

const HOUR_MS = 3_600_000;
const DAYS_MS = 30 * 24 * HOUR_MS;
/** Cheaper ones are none. */
const LEAST_NANOS = 5n * NANOS_PER_USD;
/** Nor are those that cost no more than this share of the sessions did at most. */
const FRACTION = 0.99;
/** Of more sessions than this, what nearly all cost is kept for some minutes: it takes long to find, and changes slowly. */
const MANY = 10_000;
const KEPT_MS = 10 * 60_000;

const KEPT = new WeakMap<object, LRUCache<string, { readonly at: number; readonly nanos: number }>>();

/**
 * The sessions of which the viewer sees that they cost that much in the last hour. What is usual is asked for only if any
 * cost enough, and is that of the whole organization, whoever asks.
 */
export async function runawaySessions(context: QuestionContext, rows: Rows): Promise<readonly string[]> {
  const { now, orgId } = context;
  const all = { ...rows, filters: [], given: [] };
  const late = { ...all, window: { from: now - HOUR_MS, to: now } };
  const by = { measure: runs.cost_nanos, least: LEAST_NANOS + 1n };
  const dear = await context.ask(dearSessionsStatement(orgId, late, [by]));
  if (dear.length === 0) return [];
  const most = await mostOfNearlyAll(context, { ...all, window: { from: now - DAYS_MS, to: now } });
  return dear.filter(({ cost_0 }) => Number(cost_0) > most).map(({ session }) => session as string);
}

/** What nearly all sessions cost at most, in nano-US-dollars. */
async function mostOfNearlyAll(context: QuestionContext, rows: Rows): Promise<number> {
  const { now, orgId, service } = context;
  const kept = KEPT.get(service) ?? new LRUCache({ max: 1_000 });
  KEPT.set(service, kept);
  const known = kept.get(orgId);
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.nanos;
  const [found] = await context.as(ORGANIZATION_SCOPE, (whole) =>
    whole.ask(sessionCostStatement(orgId, { ...rows, scope: ORGANIZATION_SCOPE }, runs.cost_nanos, FRACTION)),
  );
  const { sessions, cost } = found as { sessions: string; cost: number | null };
  const nanos = cost ?? 0;
  if (Number(sessions) > MANY) kept.set(orgId, { at: now, nanos });
  return nanos;
}

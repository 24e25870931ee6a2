import { LRUCache } from 'lru-cache';
import { ORGANIZATION_SCOPE } from '../access/viewer-scope.js';
import { USUAL_DAYS_MS, usualRates as ratesOf, usualSession as sessionOf, type Between } from '../rollups/usual.js';
import type { QuestionContext, Row } from './context.js';
import { Draft, type Statement } from './sql/statement.js';

/** For who sees a part of the runs the usual is found from these, once in so many minutes. */
const KEPT_MS = 10 * 60_000;

/** nano-US-dollars per millisecond, by model: what its runs usually cost. */
export type Rates = ReadonlyMap<string, number>;

const KEPT = new WeakMap<object, LRUCache<string, { readonly at: number; readonly rates: Rates }>>();

/** What runs of a model usually cost, of those that the viewer may see. It may be some ten minutes old. */
export async function usualRates(context: QuestionContext): Promise<Rates> {
  const { orgId, scope, now, service } = context;
  if (scope.kind === 'organization') {
    const usual = await context.usual();
    return usual ? usual.rates : ratesIn(context);
  }
  const kept = KEPT.get(service) ?? new LRUCache({ max: 1_000 });
  KEPT.set(service, kept);
  const key = JSON.stringify([orgId, scope]);
  const known = kept.get(key);
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.rates;
  const rates = await ratesIn(context);
  kept.set(key, { at: now, rates });
  return rates;
}

async function ratesIn(context: QuestionContext): Promise<Rates> {
  const rows = await context.ask(usualStatement(context, ratesOf));
  return new Map(rows.map((row) => [row.model as string, Number(row.nanos_per_ms)]));
}

/** What nearly all sessions of the organization cost at most, whoever asks, in nano-US-dollars; null if no cost is known. */
export async function usualSession(context: QuestionContext): Promise<number | null> {
  const usual = await context.usual();
  if (usual) return usual.session;
  const [found] = await context.as(ORGANIZATION_SCOPE, (whole) => whole.ask(usualStatement(whole, sessionOf)));
  return (found as Row).session_nanos as number | null;
}

function usualStatement({ orgId, now }: QuestionContext, sql: (between: Between) => string): Statement {
  const draft = new Draft(orgId);
  draft.table('runs');
  return draft.statement(sql({ from: draft.instant(now - USUAL_DAYS_MS), to: draft.instant(now) }).trim());
}

import type { Database } from '../../db/database.js';
import { answerRequest } from '../../query/index.js';
import { metaOf } from '../../presentation/rows.js';
import { printNotices } from '../print-answer.js';
import { framesOf } from '../query.js';
import type { Surroundings } from '../surroundings.js';

/** A filter takes no more values: then all budgets are looked at. */
const MOST_IDS = 100;

/** Warns, on stderr, of what the budgets' filters name that is not there: they hold all the same, a team may come later. */
export async function warnOf(
  surroundings: Surroundings,
  database: Database,
  { orgId, ids }: { orgId: string; ids: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  const now = surroundings.clock();
  const filters = ids.length > MOST_IDS ? {} : { filters: { budget: ids } };
  const query = { refId: 'A', view: 'budgets', from: 0, to: now, limit: 10_000, ...filters };
  const { results } = await answerRequest(database, { orgId, viewer: null }, { queries: [query] }, now);
  const { notices } = metaOf(framesOf(Object.values(results)[0]!));
  printNotices(
    surroundings,
    notices.filter(({ severity }) => severity === 'warning'),
  );
}

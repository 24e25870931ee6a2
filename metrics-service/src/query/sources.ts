import { minimumGroupSize, type ViewerScope } from '../access/viewer-scope.js';
import type { Notice } from '../contract/frames.js';
import type { Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { isNarrow } from './sql/row-scope.js';
import { filterCondition, within } from './sql/conditions.js';
import { clause, Draft, lines } from './sql/statement.js';
import { milliseconds } from './statements/list.js';

const MOST_SOURCES = 200;

/** Whether the sources are shown: they are nobody's, so that whoever sees a part only sees none. */
export function seesSources(scope: ViewerScope): boolean {
  return !isNarrow(scope) && minimumGroupSize(scope) === 0;
}

export function hiddenSourcesNotice(scope: ViewerScope): Notice[] {
  if (seesSources(scope) || scope.kind === 'nothing') return [];
  return [{ severity: 'info', text: 'sources are shown to those who see the whole organization' }];
}

/** The newest sources that pass the filters on them, and how long ago the newest event of each was, in ms. */
export async function sourceAges(
  context: QuestionContext,
  filters: readonly Filter[],
): Promise<{ source: string; ageMs: bigint }[]> {
  if (!seesSources(context.scope)) return [];
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select source, (extract(epoch from newest_event_at) * 1000)::bigint as newest_ms',
    `from ${draft.table('sources')}`,
    clause('where', ['org_id = $1', ...ofSources(filters, draft)], '\n  and '),
    'order by newest_event_at desc, source',
    `limit ${MOST_SOURCES}`,
  );
  const rows = await context.ask(draft.statement(sql));
  return rows.map(({ source, newest_ms }) => ({
    source: source as string,
    ageMs: BigInt(Math.max(0, context.now - Number(newest_ms))),
  }));
}

/** The sources whose newest event lies in the window, the latest first. */
export async function silentSources(
  context: QuestionContext,
  window: Window,
): Promise<{ source: string; newestMs: number }[]> {
  const draft = new Draft(context.orgId);
  const sql = lines(
    `select source, ${milliseconds('newest_event_at')} as newest_ms`,
    `from ${draft.table('sources')}`,
    clause('where', ['org_id = $1', ...within('newest_event_at', window, draft)], '\n  and '),
    'order by newest_event_at desc, source',
  );
  const rows = await context.ask(draft.statement(sql));
  return rows.map(({ source, newest_ms }) => ({ source: source as string, newestMs: newest_ms as number }));
}

function ofSources(filters: readonly Filter[], draft: Draft): string[] {
  const own = filters.filter(({ dimension }) => dimension.name === 'source');
  return own.map((filter) => filterCondition(filter, 'source', draft));
}

import type { QuestionContext } from './context.js';
import { Draft, lines } from './sql/statement.js';

/** When the organization's first and newest kept events are of, in epoch ms; unknown to who may see nothing. */
export async function eventTimes(context: QuestionContext): Promise<{ first: number | null; newest: number | null }> {
  if (context.scope.kind === 'nothing') return { first: null, newest: null };
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select',
    '  (extract(epoch from first_event_at) * 1000)::bigint as first_ms,',
    '  (extract(epoch from newest_event_at) * 1000)::bigint as newest_ms',
    `from ${draft.table('ingest_state')}`,
    'where org_id = $1',
  );
  const [row] = await context.ask(draft.statement(sql));
  const msOf = (value: unknown): number | null => (value == null ? null : Number(value));
  return { first: msOf(row?.first_ms), newest: msOf(row?.newest_ms) };
}

import { Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';

/**
 * The pairs of ids that senders saw together and that are not one person yet, `user` and `other`, with when they were
 * last seen; `found` counts all of them, `since` is when the first of them was seen.
 */
export function idHintsStatement(orgId: string, most?: number): Statement {
  const draft = new Draft(orgId);
  const { table } = draft;
  const body = lines(
    'select',
    '  h.user_id as "user",',
    '  h.other_id as other,',
    `  ${milliseconds('max(h.seen_at)')} as seen_at,`,
    '  count(*) over () as found,',
    `  ${milliseconds('min(min(h.seen_at)) over ()')} as since`,
    `from ${table('id_hints')} h`,
    `left join ${table('persons')} one on one.org_id = $1 and one.user_id = h.user_id`,
    `left join ${table('persons')} two on two.org_id = $1 and two.user_id = h.other_id`,
    'where h.org_id = $1',
    '  and coalesce(one.person_id, h.user_id) <> coalesce(two.person_id, h.other_id)',
    'group by h.user_id, h.other_id',
    'order by h.user_id, h.other_id',
    most === undefined ? '' : `limit ${draft.bind(most, 'bigint')}`,
  );
  return draft.statement(body);
}

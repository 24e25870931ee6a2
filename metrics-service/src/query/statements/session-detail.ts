import { notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';
import type { Rows } from '../rows.js';

/**
 * A session's details beyond its row: `messages`, `handoff_methods` in order of first use, and the window's first
 * handoff that a run followed within X, with that run.
 */
export function sessionDetailStatement(orgId: string, rows: Rows, sessionId: string): Statement {
  const draft = new Draft(orgId);
  const session = draft.bind(sessionId, 'text');
  const inWindow = (alias: 'm' | 'h', time: string): string =>
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        `${alias}.session_id = ${session}`,
        notHidden(alias),
        ...within(time, rows.window, draft),
      ],
      '\n  and ',
    );
  const [handoffs, runs] = [draft.table('handoffs'), draft.table('runs')];
  const methods = lines(
    'select h.method, min(h.occurred_at) as first_at',
    `from ${handoffs} h`,
    inWindow('h', 'h.occurred_at'),
    'group by h.method',
  );
  const followed = lines(
    'select',
    `  h.method, ${milliseconds('h.occurred_at')} as handoff_at,`,
    `  r.run_id, ${milliseconds('r.started_at - h.occurred_at')} as after_ms`,
    `from ${handoffs} h`,
    `join ${runs} r on r.org_id = $1 and r.session_id = h.session_id and ${notHidden('r')}`,
    '  and r.started_at > h.occurred_at',
    `  and r.started_at <= h.occurred_at + ${draft.bind(rows.postHandoffMs, 'bigint')} * interval '1 millisecond'`,
    inWindow('h', 'h.occurred_at'),
    'order by h.occurred_at, h.handoff_id, r.started_at, r.run_id',
    'limit 1',
  );
  const messages = lines('select count(*)::float8', `from ${draft.table('messages')} m`, inWindow('m', 'm.sent_at'));
  const body = lines(
    'select',
    '  followed.*,',
    `  (\n${messages.replace(/^/gm, '    ')}\n  ) as messages,`,
    '  (select array_agg(method order by first_at, method collate "C") from methods) as handoff_methods',
    'from (values (1)) as one',
    'left join followed on true',
  );
  return draft.statement({
    with: [
      { name: 'methods', sql: methods },
      { name: 'followed', sql: followed },
    ],
    body,
  });
}

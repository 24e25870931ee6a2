import type { Rows } from '../plan.js';
import { milliseconds } from './list.js';
import { Bindings, clause, kept, lines, within, type Statement } from './statement.js';

/**
 * What a session's detail says beyond its row: `messages`, `handoff_methods` in the order of their first use, and the
 * first handoff of the window that a run followed within X, with the run.
 */
export function sessionDetailStatement(orgId: string, rows: Rows, sessionId: string): Statement {
  const bindings = new Bindings(orgId);
  const session = bindings.bind(sessionId, 'text');
  const inWindow = (alias: 'm' | 'h', time: string): string =>
    clause(
      'where',
      [`${alias}.org_id = $1`, `${alias}.session_id = ${session}`, kept(alias), ...within(time, rows.window, bindings)],
      '\n  and ',
    );
  const sql = lines(
    'with methods as (',
    'select h.method, min(h.occurred_at) as first_at',
    'from handoffs h',
    inWindow('h', 'h.occurred_at'),
    'group by h.method',
    '), followed as (',
    'select',
    `  h.method, ${milliseconds('h.occurred_at')} as handoff_at,`,
    `  r.run_id, ${milliseconds('r.started_at - h.occurred_at')} as after_ms`,
    'from handoffs h',
    `join runs r on r.org_id = $1 and r.session_id = h.session_id and ${kept('r')}`,
    '  and r.started_at > h.occurred_at',
    `  and r.started_at <= h.occurred_at + ${bindings.bind(rows.postHandoffMs, 'bigint')} * interval '1 millisecond'`,
    inWindow('h', 'h.occurred_at'),
    'order by h.occurred_at, h.handoff_id, r.started_at, r.run_id',
    'limit 1',
    ')',
    'select',
    '  followed.*,',
    `  (select count(*)::float8 from messages m ${inWindow('m', 'm.sent_at').replaceAll('\n ', '')}) as messages,`,
    '  (select string_agg(method, \', \' order by first_at, method collate "C") from methods) as handoff_methods',
    'from (values (1)) as one',
    'left join followed on true',
  );
  return { sql, values: bindings.values };
}

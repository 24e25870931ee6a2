import { DURATION } from '../../catalogue/columns.js';
import type { Filter } from '../filters.js';
import { filterCondition, joinPerson, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import { limitTo, milliseconds } from './list.js';
import type { Direction, Rows } from '../rows.js';

/** One item of a session's activity; null where its kind has no such value. */
const MEMBERS = {
  rank: { runs: '2', messages: '1', handoffs: '3' },
  at: { runs: 'r.started_at', messages: 'm.sent_at', handoffs: 'h.occurred_at' },
  id: { runs: 'r.run_id', messages: 'm.message_id', handoffs: 'h.handoff_id' },
  user_id: { runs: 'r.user_id', messages: 'm.user_id', handoffs: 'h.user_id' },
  /** the status of a run, the role of a message, the method of a handoff */
  what: { runs: 'r.status', messages: 'm.role', handoffs: 'h.method' },
  text: { runs: 'r.error_summary', messages: 'm.text', handoffs: 'null' },
  failure_category: { runs: 'r.failure_category', messages: 'null', handoffs: 'null' },
  model: { runs: 'r.model', messages: 'null', handoffs: 'null' },
  duration: { runs: DURATION.sql, messages: 'null', handoffs: 'null' },
} as const;

const TABLES = [
  ['messages', 'm'],
  ['runs', 'r'],
  ['handoffs', 'h'],
] as const;

export interface ActivityPage {
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** Condition: it is one of these runs, or happened between the start and the end of one, or is the user's word before it. */
function duringRuns(filter: Filter, [table, alias]: (typeof TABLES)[number], draft: Draft): string {
  if (table === 'runs') return filterCondition(filter, 'r.run_id', draft);
  const at = MEMBERS.at[table];
  const isDuring = `${at} between during.started_at and coalesce(during.completed_at, 'infinity')`;
  return lines(
    'exists (',
    `    select from ${draft.table('runs')} during`,
    '    where during.org_id = $1',
    `      and during.session_id = ${alias}.session_id`,
    '      and not during.hidden',
    `      and ${filterCondition(filter, 'during.run_id', draft)}`,
    `      and ${table === 'messages' ? `(${isDuring} or ${isWordBefore(draft)})` : isDuring}`,
    '  )',
  );
}

function isWordBefore(draft: Draft): string {
  return lines(
    "m.role = 'user' and m.sent_at = (",
    '        select max(word.sent_at)',
    `        from ${draft.table('messages')} word`,
    '        where word.org_id = $1',
    '          and word.session_id = during.session_id',
    '          and not word.hidden',
    "          and word.role = 'user'",
    '          and word.sent_at <= during.started_at',
    '      )',
  );
}

/**
 * The messages, runs and handoffs of a session in the window, of runs of it what happened during them, ordered by time; at equal times messages first, handoffs
 * last. `found` counts all of them.
 */
export function sessionActivityStatement(orgId: string, rows: Rows, page: ActivityPage): Statement {
  const draft = new Draft(orgId);
  const [session, ...ofRuns] = rows.filters as [Filter, ...Filter[]];
  const items = TABLES.map(([table, alias]) =>
    lines(
      clause(
        'select',
        Object.entries(MEMBERS).map(([name, sql]) => `${sql[table]} as ${name}`),
        ', ',
      ),
      `from ${draft.table(table)} ${alias}`,
      clause(
        'where',
        [
          `${alias}.org_id = $1`,
          filterCondition(session, `${alias}.session_id`, draft),
          notHidden(alias),
          ...within(MEMBERS.at[table], rows.window, draft),
          ...ofRuns.map((filter) => duringRuns(filter, [table, alias] as (typeof TABLES)[number], draft)),
        ],
        '\n  and ',
      ),
    ),
  );
  const body = lines(
    'select',
    `  rank, ${milliseconds('at')} as at, id, coalesce(pe.person_id, item.user_id) as user_id,`,
    `  coalesce(${SHOWN_NAME.sql}, pe.person_id, item.user_id) as user, what, text,`,
    '  failure_category, model, duration::float8 as duration, count(*) over () as found',
    'from item',
    joinPerson('item.user_id', draft),
    `order by item.at ${page.direction}, rank ${page.direction}, id collate "C" ${page.direction}`,
    limitTo(page, draft),
  );
  return draft.statement({ with: [{ name: 'item', sql: items.join('\nunion all\n') }], body });
}

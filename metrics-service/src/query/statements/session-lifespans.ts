import { gapClass, SESSION_LEVELS, SHORTEST_GAP_MS } from '../../rollups/sessions.js';
import { floor } from '../../rollups/slots.js';
import type { Window } from '../buckets.js';
import { Draft, lines, type Statement } from '../sql/statement.js';
import { dirtySessions, isShort } from './session-counts.js';

/** Of each window (numbered from 0) the sessions with a message in it, and the sum of their lifespans, ms; and how many sessions were written since. */
export interface SessionLifespans {
  readonly slice: number;
  readonly sessions: string;
  readonly ms: string;
  readonly dirty: string;
}

/** No gap is longer than 2 ^ so many seconds. */
const GREATEST_CLASS = 40;

/**
 * The lifespans of sessions in each window, from their last message in it less their first one, without reading those between. A session's
 * is its last message of all, if that lies before the window's end, else the one before the gap in which the window ends; its
 * first likewise. So they are the sums of the last and first ones that lie in the window, and what the gaps at its two ends say: those under an
 * hour are not kept, but are among the messages of an hour around it. Sessions that were written since are left out of all this, and looked at.
 */
export function sessionLifespansStatement(orgId: string, windows: readonly Window[]): Statement {
  const draft = new Draft(orgId);
  const numbers = draft.bind([...windows.keys()], 'integer[]');
  const areShort = draft.bind(windows.map(isShort), 'boolean[]');
  const ends = { since: windows.map(({ from }) => from), until: windows.map(({ to }) => to) };
  const columns = Object.entries(ends).flatMap(([end, instants]) => [
    [`w_${end}`, draft.instants(instants)] as const,
    ...SESSION_LEVELS.map((minutes) => {
      const starts = instants.map((instant) => floor(instant, minutes * 60_000));
      return [`${end}_${minutes}`, draft.instants(starts)] as const;
    }),
  ]);
  const body = lines(
    'select',
    '  w.slice,',
    '  case when w.is_short then short.sessions',
    '  else before_until.firsts - before_since.lasts - at_since.asleep + written.sessions end as sessions,',
    '  case when w.is_short then short.ms',
    '  else before_until.last_ms - before_since.last_ms - before_until.first_ms + before_since.first_ms',
    '    + at_until.ms - at_since.ms + written.ms end as ms,',
    '  (select count(*) from dirty) as dirty',
    `from unnest(${[numbers, areShort, ...columns.map(([, values]) => values)].join(', ')})`,
    `  w (slice, is_short, ${columns.map(([name]) => name).join(', ')})`,
    before('since', draft),
    before('until', draft),
    'cross join lateral (',
    '  select',
    '    count(*) filter (where at >= w.w_until) as asleep,',
    `    coalesce(sum(${ms('at')}) filter (where at < w.w_until), 0) as ms`,
    `  from (\n${gapsAt('w.w_since', draft)}\n  ) gaps`,
    ') at_since',
    'cross join lateral (',
    `  select coalesce(sum(${ms('since')}) filter (where since >= w.w_since), 0) as ms`,
    `  from (\n${gapsAt('w.w_until', draft)}\n  ) gaps`,
    ') at_until',
    'cross join lateral (',
    `  select count(first_at) as sessions, coalesce(sum(${ms('last_at')} - ${ms('first_at')}), 0) as ms`,
    '  from dirty d',
    '  cross join lateral (',
    '    select min(m.sent_at) as first_at, max(m.sent_at) as last_at',
    messages('    ', ['m.session_id = d.session_id', 'm.sent_at >= w.w_since', 'm.sent_at < w.w_until'], draft),
    '  ) its',
    ') written',
    'cross join lateral (',
    `  select count(*) as sessions, coalesce(sum(${ms('last_at')} - ${ms('first_at')}), 0) as ms`,
    '  from (',
    '    select min(m.sent_at) as first_at, max(m.sent_at) as last_at',
    messages(
      '    ',
      ['m.sent_at >= w.w_since', 'm.sent_at < case when w.is_short then w.w_until else w.w_since end'],
      draft,
    ),
    '    group by m.session_id',
    '  ) its',
    ') short',
  );
  return draft.statement({ with: [{ name: 'dirty', sql: dirtySessions(draft), materialized: true }], body });
}

function ms(moment: string): string {
  return `(extract(epoch from ${moment}) * 1000)::bigint`;
}

function messages(indent: string, conditions: readonly string[], draft: Draft): string {
  return lines(
    `${indent}from ${draft.table('messages')} m`,
    `${indent}where m.org_id = $1`,
    `${indent}  and not m.hidden`,
    `${indent}  and m.session_id is not null`,
    conditions.map((condition) => `${indent}  and ${condition}`),
  );
}

const IS_CLEAN = (column: string): string => `${column} <> all(array(select session_id from dirty))`;

/**
 * The numbers, and the sums of the times, of first and last messages before an end of the window: in whole slots, without those of sessions that were
 * written since, and in the rest of the shortest one.
 */
function before(end: 'since' | 'until', draft: Draft): string {
  const slots = SESSION_LEVELS.map((minutes, level) =>
    lines(
      '    select message_firsts as firsts, message_lasts as lasts, message_first_ms as first_ms, message_last_ms as last_ms',
      `    from ${draft.table('rollup_session_slots')}`,
      '    where org_id = $1',
      `      and minutes = ${minutes}`,
      level === 0 ? '' : `      and at >= w.${end}_${SESSION_LEVELS[level - 1]!}`,
      `      and at < w.${end}_${minutes}`,
    ),
  );
  const hour = `w.${end}_${SESSION_LEVELS.at(-1)!}`;
  const kept = draft.table('rollup_sessions');
  // few, but the planner does not know it
  const byKey = (of: string): string =>
    lines(
      '    cross join lateral (',
      '      select first_message_at, last_message_at',
      `      from ${kept}`,
      '      where org_id = $1',
      `        and session_id = ${of}.session_id`,
      '      offset 0',
      '    ) k',
    );
  const counted = (sign: '' | '-', isCounted: (column: string) => string): string => {
    const ofEach = (value: (column: string) => string): string[] =>
      ['k.first_message_at', 'k.last_message_at'].map(
        (column) => `case when ${isCounted(column)} then ${sign}${value(column)} else 0 end`,
      );
    return `    select ${[...ofEach(() => '1'), ...ofEach(ms)].join(', ')}`;
  };
  const written = lines(
    counted('-', (column) => `${column} < ${hour}`),
    '    from dirty d',
    byKey('d'),
  );
  const rest = lines(
    counted('', (column) => `${column} >= ${hour} and ${column} < w.w_${end}`),
    '    from (',
    '      select distinct m.session_id',
    messages('      ', [`m.sent_at >= ${hour}`, `m.sent_at < w.w_${end}`, IS_CLEAN('m.session_id')], draft),
    '    ) those',
    byKey('those'),
  );
  return lines(
    'cross join lateral (',
    '  select',
    ['firsts', 'lasts', 'first_ms', 'last_ms'].map((name) => `coalesce(sum(${name}), 0) as ${name}`).join(', '),
    '  from (',
    [...slots, written, rest].join('\n    union all\n'),
    '  ) parts',
    `) before_${end}`,
  );
}

/** The gaps between two messages of a session in which an instant lies, or with which it ends. */
function gapsAt(instant: string, draft: Draft): string {
  return lines(
    '    select long.at, long.since',
    `    from generate_series(${gapClass(SHORTEST_GAP_MS)}, ${GREATEST_CLASS}) longer (class)`,
    '    cross join lateral (',
    '      select g.at, g.since',
    `      from ${draft.table('rollup_message_gaps')} g`,
    '      where g.org_id = $1',
    '        and g.class = longer.class',
    `        and g.at >= ${instant}`,
    `        and g.at <= ${instant} + 1.01 * 2 ^ longer.class * interval '1 second'`,
    `        and g.since < ${instant}`,
    `        and ${IS_CLEAN('g.session_id')}`,
    '      offset 0',
    '    ) long',
    '    union all',
    '    select at, since',
    '    from (',
    '      select',
    `        min(m.sent_at) filter (where m.sent_at >= ${instant}) as at,`,
    `        max(m.sent_at) filter (where m.sent_at < ${instant}) as since`,
    messages(
      '      ',
      [
        `m.sent_at >= ${instant} - ${SHORTEST_GAP_MS} * interval '1 millisecond'`,
        `m.sent_at < ${instant} + ${SHORTEST_GAP_MS} * interval '1 millisecond'`,
        IS_CLEAN('m.session_id'),
      ],
      draft,
    ),
    '      group by m.session_id',
    '    ) near',
    `    where at - since < ${SHORTEST_GAP_MS} * interval '1 millisecond'`,
  );
}

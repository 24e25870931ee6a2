import { SESSION_LEVELS, SHORTEST_GAP_MS } from '../../rollups/sessions.js';
import { floor } from '../../rollups/slots.js';
import type { Window } from '../buckets.js';
import { notHidden } from '../sql/conditions.js';
import { Draft, lines, type Statement } from '../sql/statement.js';
import { ACTIVITY } from './active-sessions.js';

/** Of each window (numbered from 0) how many sessions were active in it; and how many sessions were written since. */
export interface SessionCount {
  readonly slice: number;
  readonly sessions: string;
  readonly dirty: string;
}

/** Nobody counts more: then the sessions themselves are read. */
export const MOST_DIRTY_SESSIONS = 1_000;

/**
 * The number of sessions with at least one run, message or handoff in each window, without reading what happened in it:
 * those that had begun before its end, less those that were over before its start, less those that slept through it. Sessions
 * that were written since are left out of these, and looked at one by one; so is what happened in a window under an hour.
 */
export function sessionCountsStatement(orgId: string, windows: readonly Window[]): Statement {
  const draft = new Draft(orgId);
  const numbers = draft.bind([...windows.keys()], 'integer[]');
  const since = draft.instants(windows.map(({ from }) => from));
  const until = draft.instants(windows.map(({ to }) => to));
  // a window's length decides how long a gap must be that spans it; one class less, as logarithms are rounded
  const classes = draft.bind(
    windows.map(({ from, to }) => Math.floor(Math.log2((to - from) / 1000))),
    'smallint[]',
  );
  const areShort = draft.bind(windows.map(isShort), 'boolean[]');
  const begun = before(
    'firsts',
    windows.map(({ to }) => to),
    'until',
    draft,
  );
  const over = before(
    'lasts',
    windows.map(({ from }) => from),
    'since',
    draft,
  );
  const body = lines(
    'select',
    '  w.slice,',
    '  case when w.is_short then short.count',
    `  else ${begun.sum} - ${over.sum} - asleep.count + changed.is_active - changed.was_counted end as sessions,`,
    '  (select count(*) from dirty) as dirty',
    `from unnest(${numbers}, ${since}, ${until}, ${classes}, ${areShort}, ${begun.slots}, ${over.slots})`,
    `  w (slice, since, until, class, is_short, ${begun.names}, ${over.names})`,
    begun.joins,
    over.joins,
    'cross join lateral (',
    '  select count(*)',
    '  from generate_series(w.class, 40) longer (class)',
    '  cross join lateral (',
    '    select',
    `    from ${draft.table('rollup_session_gaps')} g`,
    '    where g.org_id = $1',
    '      and g.class = longer.class',
    '      and g.at >= w.until',
    `      and g.at <= w.since + 1.01 * 2 ^ longer.class * interval '1 second'`,
    '      and g.since < w.since',
    '    offset 0',
    '  ) spans',
    ') asleep',
    changedSessions(draft),
    sessionsOfShort(draft),
  );
  return draft.statement({ with: [{ name: 'dirty', sql: dirtySessions(draft) }], body });
}

/** Gaps that span such a window are not kept. */
export function isShort({ from, to }: Window): boolean {
  return to - from < SHORTEST_GAP_MS;
}

/** The sessions of short windows, from what happened in them. */
function sessionsOfShort(draft: Draft): string {
  return lines(
    'cross join lateral (',
    '  select count(*)',
    '  from (',
    activeIn('w.since', 'case when w.is_short then w.until else w.since end', draft),
    '  ) those',
    ') short',
  );
}

/** The sessions in which something happened from one instant to another. */
function activeIn(since: string, until: string, draft: Draft): string {
  const active = Object.entries(ACTIVITY).map(([table, { alias, time }]) =>
    lines(
      `    select ${alias}.session_id`,
      `    from ${draft.table(table)} ${alias}`,
      `    where ${alias}.org_id = $1`,
      `      and ${notHidden(alias)}`,
      `      and ${alias}.session_id is not null`,
      `      and ${time} >= ${since}`,
      `      and ${time} < ${until}`,
    ),
  );
  return active.join('\n    union\n');
}

/** The sessions that were written since; more than are looked at where there are too many. */
export function dirtySessions(draft: Draft): string {
  return lines(
    'select distinct session_id',
    `from ${draft.table('rollup_session_marks')}`,
    'where org_id = $1',
    `limit ${MOST_DIRTY_SESSIONS + 1}`,
  );
}

/** How many first (last) moments lie before an instant of each window: in whole slots, and in the rest of the shortest one. */
function before(count: 'firsts' | 'lasts', instants: readonly number[], end: 'since' | 'until', draft: Draft) {
  const lengths = [...SESSION_LEVELS, 0];
  const column = (minutes: number): string => `${count}_${minutes}`;
  const starts = lengths.slice(0, -1).map((minutes) => instants.map((instant) => floor(instant, minutes * 60_000)));
  const table = draft.table('rollup_session_slots');
  const joins = SESSION_LEVELS.map((minutes, level) =>
    lines(
      'cross join lateral (',
      `  select coalesce(sum(${count}), 0) as ${count}`,
      `  from ${table}`,
      '  where org_id = $1',
      `    and minutes = ${minutes}`,
      ...(level === 0 ? [] : [`    and at >= w.${column(SESSION_LEVELS[level - 1]!)}`]),
      `    and at < w.${column(minutes)}`,
      `) ${column(minutes)}_sum`,
    ),
  );
  const moment = count === 'firsts' ? 'k.first_at' : 'k.last_at';
  const hour = `w.${column(SESSION_LEVELS.at(-1)!)}`;
  // the first and last moments of a session are among what happened
  const rest = lines(
    'cross join lateral (',
    `  select count(*) as ${count}`,
    '  from (',
    activeIn(hour, `w.${end}`, draft),
    '  ) those',
    // each by its key: they are few, but the planner does not know it
    '  cross join lateral (',
    '    select first_at, last_at',
    `    from ${draft.table('rollup_sessions')}`,
    '    where org_id = $1',
    '      and session_id = those.session_id',
    '    offset 0',
    '  ) k',
    `  where ${moment} >= ${hour}`,
    `    and ${moment} < w.${end}`,
    '    and those.session_id <> all(array(select session_id from dirty))',
    `) ${column(0)}_sum`,
  );
  return {
    sum: `(${lengths.map((minutes) => `${column(minutes)}_sum.${count}`).join(' + ')})`,
    slots: starts.map((times) => draft.instants(times)).join(', '),
    names: SESSION_LEVELS.map(column).join(', '),
    joins: [...joins, rest].join('\n'),
  };
}

/** Of the sessions written since: how many are active in the window as their rows are now, and as they were counted: in whole slots, and among the gaps. */
function changedSessions(draft: Draft): string {
  const hour = SESSION_LEVELS.at(-1)!;
  const active = Object.entries(ACTIVITY).map(([table, { alias, time }]) =>
    lines(
      'exists (',
      '        select',
      `        from ${draft.table(table)} ${alias}`,
      `        where ${alias}.org_id = $1`,
      `          and ${alias}.session_id = d.session_id`,
      `          and ${notHidden(alias)}`,
      `          and ${time} >= w.since`,
      `          and ${time} < w.until`,
      '      )',
    ),
  );
  return lines(
    'cross join lateral (',
    '  select',
    `    count(*) filter (where ${active.join('\n      or ')}) as is_active,`,
    `    count(*) filter (where k.first_at < w.firsts_${hour})`,
    `      - count(*) filter (where k.last_at < w.lasts_${hour})`,
    '      - count(*) filter (where exists (',
    '        select',
    `        from ${draft.table('rollup_session_gaps')} g`,
    '        where g.org_id = $1',
    '          and g.session_id = d.session_id',
    '          and g.since < w.since',
    '          and g.at >= w.until',
    '      )) as was_counted',
    '  from dirty d',
    `  left join ${draft.table('rollup_sessions')} k on k.org_id = $1 and k.session_id = d.session_id`,
    ') changed',
  );
}

import { ENTITIES } from '../../src/entities/index.js';

type Row = Record<string, any>;

/** The rows that grow old, by table: their id, and how events name them. */
const KINDS = Object.fromEntries(
  ENTITIES.filter(({ moments }) => moments.length > 0).map(({ name, table, id, idColumn }) => [
    table,
    { name, id: idColumn, member: id },
  ]),
);

/** What a run repeats of the times of its calls and tool calls. */
const REPEATED = ['heard_at', 'open_tool_call_at', 'spent_at'];

/** The moments of a row are all its own times. */
function momentsOf(row: Row): number[] {
  const times = Object.entries(row).filter(
    ([column, value]) => /(^|_)(at|through)$/.test(column) && !REPEATED.includes(column) && value !== null,
  );
  return times.map(([, value]) => Date.parse(value as string));
}

/**
 * What a retention must leave of an organization's tables (as of `tablesOf`), worked out plainly: what was heard of at
 * the cutoff (epoch ms) or later stays; with a call its run and what tells of the same request, with a run its calls and
 * what tells of the same run, with anything its session; and of what stays all events. Users and what is known of their ids stay,
 * and work items that are open, that have parts, or that a run which stays is about.
 */
export function keptOf(tables: Record<string, string[]>, cutoff: number): Record<string, string[]> {
  const rows = (table: string): Row[] => tables[table]!.map((text) => JSON.parse(text) as Row);
  // also what was said and won nothing, against a word of greater rank
  const heardOf = new Set(
    rows('events')
      .filter(({ time }) => Date.parse(time as string) >= cutoff)
      .map(({ type, data }) => {
        const [name] = (type as string).split('.');
        const kind = Object.values(KINDS).find((one) => one.name === name);
        return `${name} ${kind && (data[kind.member] ?? `key:${data.key}`)}`;
      }),
  );
  const kept = Object.fromEntries(
    Object.entries(KINDS).map(([table, { name, id }]) => {
      const isNew = (row: Row): boolean =>
        momentsOf(row).some((moment) => moment >= cutoff) || heardOf.has(`${name} ${row[id]}`);
      return [
        table,
        new Set<string>(
          rows(table)
            .filter(isNew)
            .map((row) => row[id]),
        ),
      ];
    }),
  );
  const others = Object.keys(KINDS).filter((table) => table !== 'runs' && table !== 'sessions');
  const ofRuns = others.flatMap((table) =>
    rows(table).map((row) => ({ table, id: row[KINDS[table]!.id], runId: row.run_id })),
  );
  const calls = rows('llm_calls');
  const newRuns = new Set(kept.runs);
  const runsOfCalls = new Set<string>(
    rows('runs').flatMap((run) => (newRuns.has(run.run_id) ? [run.run_id, run.one_with ?? run.run_id] : [])),
  );
  const isNewCall = (call: Row): boolean => kept.llm_calls!.has(call.call_id) || runsOfCalls.has(call.run_id);
  const isNewRequest = ({ request }: Row): boolean =>
    request !== null && calls.some((call) => call.request === request && isNewCall(call));
  const newCalls = calls.filter((call) => kept.llm_calls!.has(call.call_id) || isNewRequest(call));
  const newKeys = new Set<string>(
    [
      ...rows('runs').filter((run) => newRuns.has(run.run_id)),
      ...rows('messages').filter((one) => kept.messages!.has(one.message_id)),
    ].map(({ key }) => key),
  );
  const ofNew = new Set(ofRuns.flatMap(({ table, id, runId }) => (kept[table]!.has(id) && runId ? [runId] : [])));
  for (const { run_id: runId, one_with: oneWith } of rows('runs')) {
    if (ofNew.has(runId) || ofNew.has(oneWith)) kept.runs!.add(runId);
  }
  for (const run of rows('runs')) {
    const isTold = newCalls.some(({ run_id: of }) => of !== null && (of === run.run_id || of === run.one_with));
    if (isTold || (run.key !== null && newKeys.has(run.key))) kept.runs!.add(run.run_id);
  }
  for (const call of newCalls) if (!isThere(tables, call.run_id)) kept.llm_calls!.add(call.call_id);
  for (const { table, id, runId } of ofRuns) {
    if (kept.runs!.has(runId) && isThere(tables, runId)) kept[table]!.add(id);
  }
  for (const table of [...others, 'runs']) {
    for (const row of rows(table)) if (kept[table]!.has(row[KINDS[table]!.id])) kept.sessions!.add(row.session_id);
  }

  const result: Record<string, string[]> = { ...tables };
  const filter = (table: string, keeps: (row: Row) => boolean): void => {
    result[table] = tables[table]!.filter((text) => keeps(JSON.parse(text) as Row));
  };
  for (const row of rows('work_items')) {
    const isAbout = (run: Row): boolean => workItemOf(rows('sessions'), run) === row.work_item_id;
    const isUsed = rows('runs').some((run) => kept.runs!.has(run.run_id) && isAbout(run));
    const isParent = rows('work_items').some(({ parent_id: parent }) => parent === row.work_item_id);
    if (isUsed || isParent || !isClosed(row)) kept.work_items!.add(row.work_item_id);
  }
  for (const [table, { id }] of Object.entries(KINDS)) filter(table, (row) => kept[table]!.has(row[id]));
  filter('run_models', (row) => kept.runs!.has(row.run_id));
  filter('events', ({ type, data }) => {
    const about = Object.entries(KINDS).find(([, { name }]) => name === (type as string).split('.')[0]);
    return about === undefined || kept[about[0]]!.has(data[about[1].member] ?? `key:${data.key}`);
  });
  const newest = result.events!.map((text) => Date.parse((JSON.parse(text) as Row).time));
  const latest = newest.length > 0 ? new Date(Math.max(...newest)).toISOString() : (null as unknown as string);
  return { ...result, newest: [latest] };
}

/** Its own, else its session's. */
function workItemOf(sessions: Row[], run: Row): string | null {
  const session = sessions.find(({ session_id: id }) => id === run.session_id);
  return run.work_item_id ?? session?.work_item_id ?? session?.branch_work_item_id ?? null;
}

function isClosed({ closed_at: closed, reopened_at: reopened }: Row): boolean {
  return closed !== null && (reopened === null || Date.parse(closed) > Date.parse(reopened));
}

function isThere(tables: Record<string, string[]>, runId: string): boolean {
  return tables.runs!.some((text) => (JSON.parse(text) as Row).run_id === runId);
}

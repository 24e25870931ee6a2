type Row = Record<string, any>;

/** By table: the id, and the moments that a row has of its own. */
const KINDS: Record<string, { id: string; moments: string[]; entity: string }> = {
  sessions: { id: 'session_id', moments: ['created_at'], entity: 'sessionId' },
  messages: { id: 'message_id', moments: ['sent_at'], entity: 'messageId' },
  handoffs: { id: 'handoff_id', moments: ['occurred_at'], entity: 'handoffId' },
  runs: {
    id: 'run_id',
    moments: ['queued_at', 'started_at', 'progressed_at', 'completed_at'],
    entity: 'runId',
  },
  llm_calls: { id: 'call_id', moments: ['at'], entity: 'callId' },
};

const TABLE_OF: Record<string, string> = {
  session: 'sessions',
  message: 'messages',
  handoff: 'handoffs',
  run: 'runs',
  llm_call: 'llm_calls',
};

/**
 * What a retention must leave of an organization's tables (as of `tablesOf`), worked out plainly: what was heard of at
 * the cutoff (epoch ms) or later stays; with a call its run, with a run its calls, with anything its session; and of
 * what stays all events. Users stay.
 */
export function keptOf(tables: Record<string, string[]>, cutoff: number): Record<string, string[]> {
  const rows = (table: string): Row[] => tables[table]!.map((text) => JSON.parse(text) as Row);
  const kept = Object.fromEntries(
    Object.entries(KINDS).map(([table, { id, moments }]) => {
      const isNew = (row: Row): boolean =>
        moments.some((moment) => row[moment] !== null && Date.parse(row[moment]) >= cutoff) ||
        row.stamps.some(([timeMs]: [number]) => timeMs >= cutoff);
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
  const calls = rows('llm_calls');
  for (const call of calls) if (kept.llm_calls!.has(call.call_id) && call.run_id !== null) kept.runs!.add(call.run_id);
  for (const call of calls)
    if (kept.runs!.has(call.run_id) && isThere(tables, call.run_id)) kept.llm_calls!.add(call.call_id);
  for (const table of ['messages', 'handoffs', 'runs', 'llm_calls']) {
    for (const row of rows(table)) if (kept[table]!.has(row[KINDS[table]!.id])) kept.sessions!.add(row.session_id);
  }

  const result: Record<string, string[]> = { ...tables };
  const filter = (table: string, keeps: (row: Row) => boolean): void => {
    result[table] = tables[table]!.filter((text) => keeps(JSON.parse(text) as Row));
  };
  for (const [table, { id }] of Object.entries(KINDS)) filter(table, (row) => kept[table]!.has(row[id]));
  filter('run_models', (row) => kept.runs!.has(row.run_id));
  filter('events', ({ type, data }) => {
    const table = TABLE_OF[(type as string).split('.')[0]!];
    return table === undefined || kept[table]!.has(data[KINDS[table]!.entity]);
  });
  const newest = result.events!.map((text) => Date.parse((JSON.parse(text) as Row).time));
  const latest = newest.length > 0 ? new Date(Math.max(...newest)).toISOString() : (null as unknown as string);
  return { ...result, newest: [latest] };
}

function isThere(tables: Record<string, string[]>, runId: string): boolean {
  return tables.runs!.some((text) => (JSON.parse(text) as Row).run_id === runId);
}

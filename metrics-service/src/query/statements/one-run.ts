import { milliseconds, selected } from './list.js';
import { RUN_COLUMNS } from './runs-list.js';
import { Bindings, clause, joins, kept, lines, type Statement } from './statement.js';

function runIs(runId: string, bindings: Bindings): string {
  const conditions = ['r.org_id = $1', `r.run_id = ${bindings.bind(runId, 'text')}`, kept('r')];
  return clause('where', conditions, '\n  and ');
}

/** The run's row as in the runs list, the phase it is in, and when its session was first heard of. */
export function oneRunStatement(orgId: string, runId: string): Statement {
  const bindings = new Bindings(orgId);
  const first = (table: string, time: string): string =>
    `(select min(o.${time}) from ${table} o where o.org_id = $1 and o.session_id = r.session_id)`;
  const session = lines(
    'least(',
    '    s.created_at,',
    `    ${first('messages', 'sent_at')},`,
    `    ${first('runs', 'started_at')}`,
    '  )',
  );
  const sql = lines(
    clause('select\n ', [...RUN_COLUMNS.map(selected), 'r.phase', `${milliseconds(session)} as session_from`], ',\n  '),
    'from runs r',
    joins(['s.created_at', 'u.name'], 'r'),
    runIs(runId, bindings),
  );
  return { sql, values: bindings.values };
}

/** The run's phases of known length, the longest first; `share` of the run's duration, null where that is unknown. */
export function phasesOfRunStatement(orgId: string, runId: string): Statement {
  const bindings = new Bindings(orgId);
  const sql = lines(
    'select ph.key as name, ph.value::float8 as duration, ph.value::float8 / nullif(r.execution_ms, 0) as share',
    'from runs r',
    'cross join lateral jsonb_each_text(r.phase_ms) ph',
    runIs(runId, bindings),
    'order by duration desc, ph.key collate "C"',
  );
  return { sql, values: bindings.values };
}

/** The run's parts by model, which add up to it, with the number of their calls where calls are known. */
export function modelsOfRunStatement(orgId: string, runId: string): Statement {
  const bindings = new Bindings(orgId);
  const sql = lines(
    'with run as (',
    'select r.run_id',
    'from runs r',
    runIs(runId, bindings),
    '), part as (',
    'select p.model, p.input_tokens, p.output_tokens, p.cost_nanos',
    'from run_models p',
    'join run using (run_id)',
    'where p.org_id = $1',
    '), call as (',
    'select c.model, count(*) as calls',
    'from llm_calls c',
    'join run using (run_id)',
    'where c.org_id = $1',
    'group by c.model',
    ')',
    'select',
    "  nullif(model, '') as model, call.calls::float8 as calls,",
    '  part.input_tokens::float8 as input_tokens, part.output_tokens::float8 as output_tokens,',
    '  (part.cost_nanos * 0.000000001)::float8 as total_cost',
    'from part',
    'full join call using (model)',
    'order by part.cost_nanos desc nulls last, part.output_tokens desc nulls last, model',
  );
  return { sql, values: bindings.values };
}

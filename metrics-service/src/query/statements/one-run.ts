import { DURATION } from '../../catalogue/columns.js';
import { joins, notHidden } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { columnsRead, milliseconds, selectItems } from './list.js';
import { ofRun, RUN_COLUMNS } from './runs-list.js';

function runIs(runId: string, draft: Draft): string {
  const conditions = ['r.org_id = $1', `r.run_id = ${draft.bind(runId, 'text')}`, notHidden('r')];
  return clause('where', conditions, '\n  and ');
}

/** The run's row as in the list of runs, its current phase, and when its session was first heard of. */
export function oneRunStatement(orgId: string, runId: string): Statement {
  const draft = new Draft(orgId);
  const first = (table: string, time: string): string =>
    `(select min(o.${time}) from ${draft.table(table)} o where o.org_id = $1 and o.session_id = r.session_id)`;
  const session = lines(
    'least(',
    '    s.created_at,',
    `    ${first('messages', 'sent_at')},`,
    `    ${first('runs', 'started_at')}`,
    '  )',
  );
  const sql = lines(
    clause(
      'select\n ',
      [...selectItems(RUN_COLUMNS, ofRun), 'r.counters', 'r.phase', `${milliseconds(session)} as session_from`],
      ',\n  ',
    ),
    `from ${draft.table('runs')} r`,
    joins(['s.created_at', ...columnsRead(RUN_COLUMNS, ofRun)], 'r', draft),
    runIs(runId, draft),
  );
  return draft.statement(sql);
}

/** The run's phases of known duration, longest first; `share` of the run's duration, null if that is unknown. */
export function phasesOfRunStatement(orgId: string, runId: string): Statement {
  const draft = new Draft(orgId);
  const sql = lines(
    `select ph.key as name, ph.value::float8 as duration, ph.value::float8 / nullif(${DURATION.sql}, 0) as share`,
    `from ${draft.table('runs')} r`,
    'cross join lateral jsonb_each_text(r.phase_ms) ph',
    runIs(runId, draft),
    'order by duration desc, ph.key collate "C"',
  );
  return draft.statement(sql);
}

/** The run's parts by model, which add up to the run, with their number of calls if calls are known. */
export function modelsOfRunStatement(orgId: string, runId: string): Statement {
  const draft = new Draft(orgId);
  const run = lines('select r.run_id', `from ${draft.table('runs')} r`, runIs(runId, draft));
  const part = lines(
    'select',
    '  p.model, sum(p.input_tokens) as input_tokens, sum(p.output_tokens) as output_tokens,',
    '  sum(p.cost_nanos) as cost_nanos',
    `from ${draft.table('run_models')} p`,
    'join run using (run_id)',
    'where p.org_id = $1',
    'group by p.model',
  );
  const call = lines(
    'select c.model, count(*) as calls',
    `from ${draft.table('llm_calls')} c`,
    'join run using (run_id)',
    'where c.org_id = $1',
    '  and c.counts',
    'group by c.model',
  );
  const body = lines(
    'select',
    "  nullif(model, '') as model, call.calls::float8 as calls,",
    '  part.input_tokens::float8 as input_tokens, part.output_tokens::float8 as output_tokens, part.cost_nanos',
    'from part',
    'full join call using (model)',
    'order by part.cost_nanos desc nulls last, part.output_tokens desc nulls last, model',
  );
  return draft.statement({
    with: [
      { name: 'run', sql: run },
      { name: 'part', sql: part },
      { name: 'call', sql: call },
    ],
    body,
  });
}

import type { TestService } from '../support/service.js';

export interface Org {
  orgId: string;
  token: string;
}

/** What the tables have of an organization's visible runs, calls and tool calls, as plain rows in a fixed order. */
export async function readOrg(service: TestService, { orgId }: Org) {
  return service.database.inOrganization(orgId, async (tx) => {
    const rows = async (sql: string): Promise<Record<string, any>[]> => (await tx.query(sql, [orgId])).rows;
    return {
      runs: await rows(`
        select run_id, session_id, user_id, agent, workflow, started_at, completed_at, status, failure_category, error_summary,
          model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
        from runs where org_id = $1 and not hidden order by started_at, run_id`),
      calls: await rows(`
        select c.call_id, c.run_id, c.session_id, c.at, c.model, c.phase, c.input_tokens, c.output_tokens, c.cache_read_tokens,
          c.cache_write_tokens, c.reasoning_tokens
        from llm_calls c join runs r on r.org_id = $1 and r.run_id = c.run_id and not r.hidden
        where c.org_id = $1 and c.counts order by c.at, c.call_id`),
      tools: await rows(`
        select t.tool_call_id, t.run_id, t.session_id, t.name, t.started_at, t.completed_at, t.status, t.error_type,
          t.rejected_by, t.input_bytes, t.output_bytes
        from tool_calls t join runs r on r.org_id = $1 and r.run_id = t.run_id and not r.hidden
        where t.org_id = $1 order by t.at, t.tool_call_id`),
      messages: await rows(`
        select message_id, session_id, role, sent_at from messages
        where org_id = $1 and not hidden order by sent_at, message_id`),
      sessions: await rows(
        `select session_id, runtime, repo, workspace, work_item_id from sessions where org_id = $1 order by session_id`,
      ),
    };
  });
}

/** The totals that a question gets. */
export async function totals(service: TestService, { token }: Org, metrics: string[], [from, to]: [number, number]) {
  const body = { from, to, queries: [{ view: 'table', metrics }] };
  const { values } = (await service.request('/v1/query', { token, body })).body.results.A.frames[0].data;
  return Object.fromEntries(metrics.map((metric, index) => [metric, values[index][0]]));
}

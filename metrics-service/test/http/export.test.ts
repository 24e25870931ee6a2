import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, WINDOW, type World } from '../query/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const { from, to } = WINDOW;
const WEEK = `from=${from}&to=${to}`;

/** The file's lines; every line ends in CRLF. */
async function linesOf(path: string, token?: string): Promise<string[]> {
  const { status, body } = await world.request(`/v1/export/${path}`, token ? { token } : {});
  expect([status, status === 200 ? '' : body.detail]).toEqual([200, '']);
  expect(body.endsWith('\r\n')).toBe(true);
  return body.slice(0, -2).split('\r\n');
}

describe('GET /v1/export/{view}.csv', () => {
  it('has the runs with the titles of the boards, times in the zone, numbers as they are', async () => {
    const path = `/v1/export/runs.csv?${WEEK}&timezone=Europe/Vienna&direction=asc&var-user=Ann&var-user=u-bob`;
    const { status, headers, body } = await world.request(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename=runboard-runs-2026-03-02T0100-to-2026-03-09T0100.csv',
    );
    expect(body.split('\r\n')).toEqual([
      'Run,Session,User,User id,Team,Repository,Status,Started,Completed,Duration,Queue wait,Waited for a person,Model,Task type,Agent,Role,Workflow,Stage,Work item,Input tokens,' +
        'Output tokens,Total cost,Failure category,Error summary,Files changed,Lines added,Lines deleted,Tests run,' +
        'Tests passed,Page,candidates,score',
      'r1,s1,Ann,u-ann,core,web,SUCCEEDED,2026-03-02T11:00:00+01:00,2026-03-02T11:10:00+01:00,600000,2000,0,claude-sonnet-4-5,' +
        'feature,builder,,,,W-1,1000,200,0.5,,,3,100,20,10,9,,4,0.1',
      'r2,s1,Ann,u-ann,core,web,FAILED,2026-03-03T12:00:00+01:00,2026-03-03T12:20:00+01:00,1200000,4000,300000,gpt-5,,reviewer,,,,W-1,800,150,0.25,' +
        'tool_error,,1,10,5,4,1,,7,0.2',
      'r3,s2,bob@example.org,u-bob,apps,api,CANCELED,2026-03-04T13:00:00+01:00,2026-03-04T13:05:00+01:00,300000,,,,,,,,review,W-2,,,,,,,,,,,,,',
      'r4,s2,bob@example.org,u-bob,apps,api,TIMEOUT,2026-03-05T10:00:00+01:00,2026-03-05T11:00:00+01:00,3600000,6000,,' +
        'claude-sonnet-4-5,,reviewer,reviewer,fix,implementation,W-1,2000,300,1,,,2,,,,,,,',
      'r5,s2,Ann,u-ann,core,api,IN_FLIGHT,2026-03-06T09:00:00+01:00,,,,,,,,,,review,W-2,,,,,,,,,,,,,',
      '',
    ]);
  });

  it('begins with a byte-order mark where that is asked for, and only there', async () => {
    const startOf = async (query: string) => {
      const response = await fetch(`${world.address}/v1/export/sessions.csv?${WEEK}${query}`, {
        headers: { Authorization: `Bearer ${world.token}` },
      });
      // as text it would be taken away
      return Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 8);
    };
    expect(await startOf('&bom=true')).toBe('\u00EF\u00BB\u00BFSessi');
    for (const query of ['', '&bom=', '&bom=false']) expect(await startOf(query)).toBe('Session,');
  });

  it('has headings that say their units where that is asked for', async () => {
    const [lists] = await linesOf(`sessions.csv?${WEEK}&headings=units`);
    expect(lists).toBe(
      'Session,User,User id,Team,Repository,Workspace,Runtime,Work item,Last active,Runs,Run success rate (0 to 1),Failed runs,Why runs failed,Total cost (USD),' +
        'Total tokens,Cost coverage (0 to 1),Agent active time (ms),Lifespan (ms),Handoffs,Local handoff,' +
        'Post-handoff iteration,Page',
    );
    const metrics = 'metrics=total_cost,avg_run_duration&groupBy=team';
    const [ofTable] = await linesOf(`table.csv?${WEEK}&${metrics}&headings=units`);
    expect(ofTable).toBe('Team,Total cost (USD),Average run duration (ms)');
    expect((await linesOf(`table.csv?${WEEK}&${metrics}&headings=plain`))[0]).toBe(
      'Team,Total cost,Average run duration',
    );
    const { status, body } = await world.request(`/v1/export/table.csv?${WEEK}&${metrics}&headings=big`);
    expect([status, body.detail]).toEqual([400, 'headings must be plain or units, not "big"']);
  });

  it('has the sessions', async () => {
    const { headers } = await world.request(`/v1/export/sessions.csv?${WEEK}&timezone=`);
    expect(headers.get('content-disposition')).toContain('=runboard-sessions-2026-03-02-to-2026-03-09.csv');
    const lines = await linesOf(`sessions.csv?${WEEK}&orderBy=total_cost&limit=1&offset=1`);
    expect(lines).toEqual([
      'Session,User,User id,Team,Repository,Workspace,Runtime,Work item,Last active,Runs,Run success rate,Failed runs,Why runs failed,Total cost,Total tokens,' +
        'Cost coverage,Agent active time,Lifespan,Handoffs,Local handoff,Post-handoff iteration,Page',
      's1,Ann,u-ann,core,web,,,W-1,2026-03-04T08:00:00Z,2,0.5,1,Tool error,0.75,2150,1,1500000,93660000,2,true,true,'.replace(
        'Z,',
        '+00:00,',
      ),
    ]);
  });

  it('has a table, the change of its numbers below zero included', async () => {
    const query = `from=${Date.UTC(2026, 2, 4)}&to=${to}&metrics=runs,run_success_rate&groupBy=user&compare=previous`;
    expect(await linesOf(`table.csv?${query}`)).toEqual([
      'User,user_id,Runs,Runs (previous),Runs (change),Run success rate,Run success rate (previous),Run success rate (change)',
      'bob@example.org,u-bob,2,0,,0,,',
      'Ann,u-ann,1,2,-0.5,,0.5,',
    ]);
  });

  it.each([
    ['var-team=$__all', 5],
    ['var-team=*&var-team=core', 5],
    ['var-team=', 5],
    ['var-team=core', 3],
    ['var-team=core&var-team=apps', 5],
    ['var-failure_category=(none)', 4],
    [`filters=${encodeURIComponent('{"team":{"not":["core"]}}')}`, 2],
    ['var-post_handoff_iteration=true&var-status=FAILED', 1],
    ['from=0&to=1', 0],
  ])('filters: %s', async (query, count) => {
    const window = query.startsWith('from') ? '' : `${WEEK}&`;
    expect(await linesOf(`runs.csv?${window}${query}`)).toHaveLength(1 + count);
  });

  it.each([
    ['pie.csv', 404, 'one of table, sessions, runs'],
    ['runs.json', 404, 'there is no'],
    ['runs.csv', 400, 'from and to are needed'],
    [`runs.csv?${WEEK}&from=1`, 400, 'from is given more than once'],
    [`runs.csv?${WEEK}&var-colour=red`, 400, 'unknown dimension "colour"'],
    [`runs.csv?${WEEK}&var-__proto__=red`, 400, 'unknown dimension "__proto__"'],
    [`runs.csv?${WEEK}&var-team=core&filters=${encodeURIComponent('{"team":"x"}')}`, 400, 'team is filtered by'],
    [`runs.csv?${WEEK}&filters=red`, 400, 'filters must be JSON'],
    [`runs.csv?${WEEK}&var-team=$team`, 400, 'was not resolved'],
    [`runs.csv?${WEEK}&orderBy=beauty`, 400, 'unknown orderBy "beauty"'],
    [`runs.csv?${WEEK}&timezone=Mars/Base`, 400, 'Mars/Base'],
    [`runs.csv?${WEEK}&bom=yes`, 400, 'bom must be true or false, not "yes"'],
    [`runs.csv?${WEEK}&bom=true&bom=false`, 400, 'bom must be true or false'],
    [`table.csv?${WEEK}`, 400, 'metrics: name at least one'],
    [`sessions.csv?${WEEK}&var-phase=edit`, 400, 'does not take the filter phase'],
  ])('%s is refused', async (path, status, says) => {
    const answer = await world.request(`/v1/export/${path}`);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(says)]);
  });

  it('needs a token with scope read, and GET', async () => {
    const token = await world.organization('sending', {}, ['ingest']);
    expect((await world.request(`/v1/export/runs.csv?${WEEK}`, { token })).status).toBe(403);
    expect((await world.request(`/v1/export/runs.csv?${WEEK}`, { method: 'POST' })).status).toBe(405);
  });

  it('makes no formula of what somebody sent', async () => {
    const token = await world.organization('hostile');
    const names = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      ' =1',
      '\u00a0+1',
      '\u200b@SUM(A1)',
      '\ufeff\u2060-1',
      'a "b", c',
      'line\nline',
      'ü 日本',
      '=HYPERLINK("x")',
    ];
    const events = names.map((text, index) => ({
      ...{ specversion: '1.0', source: 'x', id: `${index}`, type: 'run.completed' },
      data: {
        ...{ runId: `r${10 + index}`, startedAt: '2026-03-02T10:00:00Z', completedAt: '2026-03-02T10:00:01.5Z' },
        ...{ status: 'FAILED', errorSummary: text },
      },
    }));
    const sent = await world.request('/v1/events', { token, body: events });
    expect(sent.body.accepted).toBe(names.length);
    const { body } = await world.request(`/v1/export/runs.csv?${WEEK}&direction=asc`, { token });
    const cells = body
      .split(/\r\nr\d\d,/)
      .slice(1)
      .map((line: string) => /uncategorized,(.*?),,,,,,(\r\n)?$/s.exec(line)?.[1]);
    expect(cells).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\t=1",
      '"\'\r=1"',
      "' =1",
      "'\u00a0+1",
      "'\u200b@SUM(A1)",
      "'\ufeff\u2060-1",
      '"a ""b"", c"',
      '"line\nline"',
      'ü 日本',
      '"\'=HYPERLINK(""x"")"',
    ]);
    expect(body).toContain('2026-03-02T10:00:01.500+00:00');
  });

  it('has every row, in batches', async () => {
    const token = await world.organization('many');
    const runs = Array.from({ length: 2500 }, (_, n) => ({
      ...{ specversion: '1.0', source: 'x', id: `${n}`, type: 'run.started' },
      data: { runId: `r${n}`, sessionId: `s${n}`, startedAt: new Date(from + n * 1000).toISOString() },
    }));
    await world.request('/v1/events', { token, body: runs });
    const lines = await linesOf(`runs.csv?${WEEK}&direction=asc`, token);
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(runs.map(({ data }) => data.runId));
    expect(await linesOf(`sessions.csv?${WEEK}`, token)).toHaveLength(2501);
    expect(await linesOf(`sessions.csv?${WEEK}&limit=1200`, token)).toHaveLength(1201);
    // more than an answer may have
    expect(await linesOf(`sessions.csv?${WEEK}&limit=500000`, token)).toHaveLength(2501);
  });

  it('says the offset of the day, the hour that the clocks repeat included', async () => {
    const token = await world.organization('clocks');
    // the clocks of Vienna go back at 01:00 UTC
    const times = ['2025-10-26T00:30:00Z', '2025-10-26T00:59:59.999Z', '2025-10-26T01:00:00Z', '2025-10-26T01:30:00Z'];
    const runs = times.map((startedAt, n) => ({
      ...{ specversion: '1.0', source: 'x', id: `${n}`, type: 'run.started' },
      data: { runId: `r${n}`, sessionId: 's', startedAt },
    }));
    await world.request('/v1/events', { token, body: runs });
    for (const direction of ['asc', 'desc']) {
      const query = `from=2025-10-01T00:00:00Z&to=2025-11-01T00:00:00Z&timezone=Europe/Vienna&direction=${direction}`;
      const cells = (await linesOf(`runs.csv?${query}`, token)).slice(1).map((line) => line.split(',')[7]);
      expect(direction === 'asc' ? cells : cells.reverse()).toEqual([
        '2025-10-26T02:30:00+02:00',
        '2025-10-26T02:59:59.999+02:00',
        '2025-10-26T02:00:00+01:00',
        '2025-10-26T02:30:00+01:00',
      ]);
    }
  });

  it('frees its connection when the reader goes away', async () => {
    const controller = new AbortController();
    const headers = { authorization: `Bearer ${world.token}` };
    const response = await fetch(`${world.address}/v1/export/runs.csv?${WEEK}`, { headers, signal: controller.signal });
    controller.abort();
    await response.text().catch(() => {});
    expect(await linesOf(`runs.csv?${WEEK}`)).toHaveLength(6);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { MOST_ROWS } from '../../src/query/measure.js';
import { testService, type TestService } from '../support/service.js';

const WINDOW = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };

let service: TestService;

/** As many runs as there may be groups, each in a session of its own, and one more in February. */
beforeAll(async () => {
  service = await testService({ config: { queryTimeoutMs: 60_000 } });
  const owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  await owner.query(
    `
    insert into runs (org_id, run_id, session_id, started_at, stamps, hidden, deleted)
    select 'acme', 'r' || i, 's' || i, case when i > $1 then '2026-02-01' else '2026-01-15' end::timestamptz, '{}', false, false
    from generate_series(1, $1::int + 1) as i`,
    [MOST_ROWS],
  );
  await owner.query('analyze runs');
  await owner.end();
}, 120_000);
afterAll(() => service.stop());

async function ask(to: number, query: object): Promise<any> {
  const queries = [{ refId: 'A', view: 'table', metrics: ['runs'], groupBy: ['session'], limit: 10, ...query }];
  return (await service.request('/v1/query', { body: { ...WINDOW, to, queries } })).body.results.A;
}

describe('groups without number', () => {
  it('are answered up to a bound, however few of them are shown', async () => {
    const { status, frames } = await ask(WINDOW.to, {});
    expect([status, frames[0].data.values[0].length]).toEqual([200, 10]);
  }, 120_000);

  it('are refused above it, with what can be done', async () => {
    const { status, error } = await ask(WINDOW.to + 1, {});
    expect([status, error]).toEqual([400, expect.stringMatching(/more than 500,000 groups.*shorter range.*sessions/)]);
  }, 120_000);
});

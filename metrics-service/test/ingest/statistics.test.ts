import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { prune } from '../../src/retention/prune.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService({ jobs: true });
});
afterAll(() => service.stop());

async function analyzedRows(table: string): Promise<number> {
  const { rows } = await service.database.query<{ rows: string }>(
    `select reltuples::bigint as rows from pg_class where oid = $1::regclass`,
    [table],
  );
  return Number(rows[0]!.rows);
}

it('the planner knows of the rows soon after much has come in', async () => {
  const at = '2026-01-01T00:00:00Z';
  const events = Array.from({ length: 2_000 }, (_, index) => ({
    specversion: '1.0',
    id: `e${index}`,
    source: 's',
    type: 'message.created',
    data: { messageId: `m${index}`, sessionId: `s${index % 7}`, role: 'user', sentAt: at },
  }));
  const { body } = await service.request('/v1/events', { body: events });
  expect(body.accepted).toBe(2_000);
  const deadline = Date.now() + 20_000;
  while ((await analyzedRows('messages')) < 2_000 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await analyzedRows('messages')).toBe(2_000);
  expect(await analyzedRows('events')).toBe(2_000);
});

it('and after a rebuild, and a retention', async () => {
  await service.database.inOrganization('acme', (tx) => tx.query('delete from messages'));
  await service.database.query('select analyze_tables()');
  expect(await analyzedRows('messages')).toBe(0);
  await rebuild(service.database, 'acme', loadPrices());
  expect(await analyzedRows('messages')).toBe(2_000);
  await prune(service.database, 'acme', new Date('2026-01-02'));
  expect(await analyzedRows('messages')).toBe(0);
});

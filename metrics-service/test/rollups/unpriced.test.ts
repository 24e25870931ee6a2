import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answerRequest } from '../../src/query/index.js';
import { claim } from '../../src/rollups/claim.js';
import { SUMS_OF_ALL, SUMS_OF_PARTS } from '../../src/rollups/names.js';
import { refresh } from '../../src/rollups/refresh.js';
import { testService, type TestService } from '../support/service.js';

const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => DAY + 24 * HOUR_MS });
});
afterAll(() => service.stop());

it('names the models without a price also where slots of parts are longer than those of runs', async () => {
  const { orgId, token } = await service.newOrganization();
  const startedAt = new Date(DAY + 2.5 * HOUR_MS).toISOString();
  const run = {
    runId: 'r1',
    status: 'SUCCEEDED',
    startedAt,
    completedAt: startedAt,
    usage: [{ model: 'unheard-of', inputTokens: 5, outputTokens: 1 }],
  };
  await service.accept(token, [
    { specversion: '1.0', id: 'e1', source: 'test', type: 'run.completed', time: startedAt, data: run },
  ]);
  const database = { ...service.database, engine: 'sums' as const };
  await claim(database, orgId);
  const levels = {
    [SUMS_OF_ALL]: [
      [1440, 1],
      [60, 1],
      [5, 1],
    ],
    [SUMS_OF_PARTS]: [[1440, 1]],
  };
  await database.inOrganization(orgId, (tx) =>
    tx.query(`update rollup_state set levels = $2 where org_id = $1`, [orgId, JSON.stringify(levels)]),
  );
  await refresh(database, orgId);
  const queries = [{ refId: 'A', view: 'total', metrics: ['total_cost'], explain: true }];
  const window = { from: DAY, to: DAY + 5 * HOUR_MS };
  const { results } = await answerRequest(database, { orgId, viewer: null }, { ...window, queries }, window.to);
  const { meta } = (results.A as unknown as { frames: { schema: { meta: object } }[] }).frames[0]!.schema;
  expect(meta).toMatchObject({
    custom: { engine: { kept: expect.arrayContaining([expect.objectContaining({ base: 'runs', raw: [] })]) } },
    notices: expect.arrayContaining([
      { severity: 'warning', text: expect.stringContaining('no price for unheard-of:') },
    ]),
  });
});

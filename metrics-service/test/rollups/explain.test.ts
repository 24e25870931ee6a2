import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../src/db/database.js';
import type { Made } from '../../src/query/made.js';
import { AnswerTexts, answerRequest } from '../../src/query/index.js';
import { refresh } from '../../src/rollups/refresh.js';
import { claim } from '../../src/rollups/claim.js';
import { testService, type TestService } from '../support/service.js';

/** What an answer says of what it was made of. */
const DAY = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const WINDOW = { from: DAY + 60_000, to: DAY + 48 * HOUR_MS };

let service: TestService;
let database: Database;
let orgId: string;
beforeAll(async () => {
  service = await testService({ clock: () => WINDOW.to });
  database = { ...service.database, engine: 'sums' };
  const made = await service.newOrganization();
  orgId = made.orgId;
  const runs = Array.from({ length: 8 }, (_, n) => {
    const startedAt = new Date(DAY + n * 5 * HOUR_MS).toISOString();
    const data = { runId: `r${n}`, sessionId: 's1', userId: n % 2 === 0 ? 'ann' : 'bob', startedAt };
    return { specversion: '1.0', id: `e${n}`, source: 'test', type: 'run.started', time: startedAt, data };
  });
  await service.accept(made.token, runs);
  await claim(database, orgId);
  await refresh(database, orgId);
});
afterAll(() => service.stop());

async function ask(query: object, texts?: AnswerTexts): Promise<{ engine: Made | undefined; values: unknown }> {
  const queries = [{ refId: 'A', view: 'table', metrics: ['runs'], ...query }];
  const request = { ...WINDOW, queries };
  const { results } = await answerRequest(
    database,
    { orgId, viewer: null },
    request,
    WINDOW.to,
    texts ? { texts } : {},
  );
  const result = results.A!;
  if (result.status !== 200) throw new Error(JSON.stringify(result));
  const { schema, data } = result.frames[0]!;
  return { engine: schema.meta?.custom?.engine as Made | undefined, values: data.values };
}

it('says nothing of it unless asked', async () => {
  expect((await ask({ groupBy: ['user'] })).engine).toBeUndefined();
});

it('tells sums, the piece that was read from the runs, and the tables and time of each statement', async () => {
  const { engine } = await ask({ groupBy: ['user'], explain: true });
  const { kept, steps } = engine!;
  // the sums by user are of an hour, the shortest; the window begins a minute after one did
  const raw = [{ from: WINDOW.from, to: DAY + HOUR_MS }];
  expect(kept).toEqual([{ base: 'runs', kept: 'sums', by: 'user', slots: 3, raw }]);
  const ofSums = steps.filter(({ reads }) => reads.includes('rollup_sums_by'));
  expect(ofSums).toHaveLength(1);
  expect(ofSums[0]!.reads).toContain('persons');
  expect(steps.filter(({ reads }) => reads.includes('runs')).length).toBeGreaterThanOrEqual(1);
  expect(steps[0]!.reads).toEqual(['rollup_state', 'rollup_marks']);
  for (const { ms } of steps) expect(ms).toBeGreaterThanOrEqual(0);
  expect(steps.reduce((sum, { ms }) => sum + ms, 0)).toBeGreaterThan(0);
});

it('tells that all was read from the rows', async () => {
  const { engine } = await ask({ groupBy: ['user', 'stage'], explain: true });
  expect(engine!.kept).toEqual([]);
});

it('is never told from a cache, which keeps the answer without it', async () => {
  const texts = new AnswerTexts();
  const query = { groupBy: ['user'] };
  const plain = await ask(query, texts);
  const first = await ask({ ...query, explain: true }, texts);
  const second = await ask({ ...query, explain: true }, texts);
  expect(second.engine!.steps).not.toEqual(first.engine!.steps);
  expect([first.values, second.values]).toEqual([plain.values, plain.values]);
  expect(await ask(query, texts)).toEqual(plain);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/access/tokens.js';
import { failureFingerprint } from '../../src/contract/failure-fingerprint.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const AT = '2026-01-31T09:00:00Z';
const TESTS = '<n> of <n> tests failed';
const hashOf = (text: string): string => failureFingerprint(text)!.hash;
let service: TestService;
let made = 0;
/** A run of a user that ended so. */
const run = (userId: string, status: string, errorSummary?: string) => {
  const runId = `r${(made += 1)}`;
  const data = { runId, sessionId: `s-${userId}`, startedAt: AT, completedAt: AT, status, errorSummary };
  return [
    { specversion: '1.0', id: `${runId}/s`, source: '/test', type: 'run.started', data: { ...data, userId } },
    { specversion: '1.0', id: runId, source: '/test', type: 'run.completed', data },
  ];
};

beforeAll(async () => {
  service = await testService();
  await service.accept(service.token, [
    ...run('ann', 'FAILED', '2 of 40 tests failed'),
    ...run('ann', 'FAILED', '7 of 38 tests failed.'),
    ...run('bob', 'FAILED', '1 of 40 tests failed'),
    ...run('bob', 'FAILED', "ENOENT: no such file, open '/home/bob/a.ts'"),
    ...run('bob', 'FAILED'),
    ...run('bob', 'TIMEOUT', '3 of 40 tests failed'),
    ...run('cyd', 'SUCCEEDED', 'all is well'),
  ]);
});
afterAll(() => service.stop());

const WINDOW = { from: Date.parse(AT) - 1000, to: Date.parse(AT) + 1000 };
async function frames(query: object, headers: Record<string, string> = {}, token = service.token) {
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  const answer = await service.request('/v1/query', { body, headers, token });
  return answer.body.results.A.frames as any[];
}
const TABLE = { view: 'table', metrics: ['runs'], groupBy: ['failure_fingerprint'] };
async function groups(more: object = {}, headers = {}, token = service.token): Promise<unknown[][]> {
  const [frame] = await frames({ ...TABLE, ...more }, headers, token);
  const columns = frame.data.values as unknown[][];
  return columns[0]!.map((_value, row) => columns.map((column) => column[row]));
}

describe('failures', () => {
  it('are grouped by what their summaries have in common', async () => {
    expect(await groups()).toEqual([
      [TESTS, hashOf(TESTS), 3],
      ['ENOENT: no such file, open <text>', hashOf('ENOENT: no such file, open <text>'), 1],
      [null, null, 3],
    ]);
    const [frame] = await frames({ ...TABLE, view: 'total', filters: { failure_fingerprint: [TESTS] } });
    expect(frame.schema.fields[0].labels).toEqual({
      failure_fingerprint: TESTS,
      failure_fingerprint_id: hashOf(TESTS),
    });
  });

  it.each([[TESTS], [hashOf(TESTS)], ['99 of 100 tests failed']])('are found by %s', async (value) => {
    expect(await groups({ filters: { failure_fingerprint: [value] } })).toEqual([[TESTS, hashOf(TESTS), 3]]);
    const [sessions] = await frames({ view: 'sessions', filters: { failure_fingerprint: [value] } });
    expect(sessions.data.values[0].toSorted()).toEqual(['s-ann', 's-bob']);
  });

  it('can be left out', async () => {
    const without = await groups({ filters: { failure_fingerprint: { not: [TESTS, null] } } });
    expect(without.map(([, , count]) => count)).toEqual([1]);
  });

  it('have values with their texts', async () => {
    const { body } = await service.request('/v1/dimensions/failure_fingerprint/values?search=tests');
    expect(body.values).toEqual([{ value: hashOf(TESTS), label: TESTS }]);
  });

  it('are told to who sees totals only by their hash alone', async () => {
    const token = await service.organization('large', { alertVisibility: 'totals' }, ['ingest', 'read', 'delegate']);
    await service.accept(
      token,
      Array.from({ length: 6 }, (_, index) => run(`u${index}`, 'FAILED', `no ${index}`)).flat(),
    );
    const viewer = { 'x-runboard-viewer-auth': 'trusted', 'x-runboard-viewer-kind': 'alert' };
    expect(await groups({}, viewer, token)).toEqual([[hashOf('no <n>'), hashOf('no <n>'), 6]]);
    expect(await groups({}, {}, token)).toEqual([['no <n>', hashOf('no <n>'), 6]]);
    const { body } = await service.request('/v1/dimensions/failure_fingerprint/values', { token, headers: viewer });
    expect(JSON.stringify(body)).not.toContain('no <n>');
  });

  it('follow what is said later, and are the same when the tables are made anew', async () => {
    const later = {
      specversion: '1.0',
      id: 'later',
      source: '/test',
      type: 'run.completed',
      time: '2026-02-01T00:00:00Z',
    };
    const data = { runId: 'r4', completedAt: AT, status: 'FAILED', errorSummary: '5 of 6 tests failed' };
    await service.accept(service.token, [{ ...later, data }]);
    expect((await groups())[0]).toEqual([TESTS, hashOf(TESTS), 4]);
    const before = await tablesOf(service.database, 'acme');
    await rebuild(service.database, 'acme', loadPrices());
    expect(await tablesOf(service.database, 'acme')).toEqual(before);
  });

  it('of an erased person say nothing any more', async () => {
    const { token } = await createToken(service.database, 'acme', { name: 'read', scopes: ['read'] });
    const erasure = { userId: 'ann', pseudonym: 'erased-1', replaceId: true, actor: 'test' };
    await eraseUser(service.database, 'acme', erasure);
    expect((await groups({}, {}, token)).map(([name, , count]) => [name, count])).toEqual([
      [TESTS, 2],
      [null, 5],
    ]);
  });
});

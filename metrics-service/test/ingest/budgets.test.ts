import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/access/tokens.js';
import type { TokenScope } from '../../src/contract/access.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { eraseUser } from '../../src/retention/erase.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const AT = Date.parse('2026-06-10T09:00:00Z');
let made = 0;
/** An event so many minutes after nine. */
const event = (minutes: number, type: string, data: object): Record<string, unknown> => ({
  ...{ specversion: '1.0', source: 'test', id: `e${(made += 1)}`, type: `budget.${type}` },
  time: new Date(AT + minutes * 60_000).toISOString(),
  data: { budgetId: 'b', ...data },
});
const set = (minutes: number, data: object = {}) => event(minutes, 'set', { limitUsd: 10, period: 'month', ...data });

async function rows(orgId: string): Promise<Record<string, unknown>[]> {
  const { budgets } = await tablesOf(service.database, orgId);
  return budgets!.map((text) => JSON.parse(text) as Record<string, unknown>);
}

async function rebuilt(orgId: string): Promise<unknown> {
  const before = await tablesOf(service.database, orgId);
  await rebuild(service.database, orgId, loadPrices());
  expect(await tablesOf(service.database, orgId)).toEqual(before);
  return before;
}

describe('a budget', () => {
  it('is what was said of it last, as a whole', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.accept(token, [
      set(2, { limitUsd: '12.5', period: 'week' }),
      set(1, { name: 'Core', filters: { team: ['core'] }, thresholds: [0.5] }),
    ]);
    const expected = { budget_id: 'b', deleted: false, limit_nanos: 12_500_000_000, period: 'week' };
    expect(await rows(orgId)).toMatchObject([{ ...expected, name: null, filters: null, thresholds: null }]);
    await rebuilt(orgId);
  });

  it('is deleted until it is set again, whatever comes first', async () => {
    const { orgId, token } = await service.newOrganization();
    await service.accept(token, [event(2, 'deleted', {})]);
    await service.accept(token, [set(1)]);
    expect(await rows(orgId)).toMatchObject([{ deleted: true }]);
    await service.accept(token, [set(3)]);
    expect(await rows(orgId)).toMatchObject([{ deleted: false }]);
    await rebuilt(orgId);
  });
});

describe('who may set one', () => {
  const tokenOf = async (orgId: string, scopes: TokenScope[]) =>
    (await createToken(service.database, orgId, { name: 't', scopes })).token;
  const session = {
    ...{ specversion: '1.0', source: 'test', id: 's', type: 'session.created' },
    data: { sessionId: 's', createdAt: '2026-06-10T09:00:00Z' },
  };

  it.each<[TokenScope[], boolean, boolean]>([
    [['admin'], true, false],
    [['ingest', 'directory'], false, true],
    [['ingest', 'admin'], true, true],
  ])('a token of %j: budgets %j, else %j', async (scopes, budgets, else_) => {
    const { orgId } = await service.newOrganization();
    const token = await tokenOf(orgId, scopes);
    const { body } = await service.request('/v1/events', { token, body: [set(0), session] });
    const forbidden = [
      ...(budgets ? [] : [[0, 'forbidden', 'type', 'only a token with scope admin may send budget.set']]),
      ...(else_ ? [] : [[1, 'forbidden', 'type', 'only a token with scope ingest may send session.created']]),
    ];
    const rejected = (body.rejected as Record<string, unknown>[]).map((one) => [
      ...[one.index, one.code, one.path, one.message],
    ]);
    expect(rejected).toEqual(forbidden);
    expect(body.accepted).toBe(2 - forbidden.length);
  });

  it('what one administrator says holds over what another said before, whatever else their tokens may', async () => {
    const { orgId } = await service.newOrganization();
    await service.accept(await tokenOf(orgId, ['admin', 'directory']), [set(1, { limitUsd: 1 })]);
    await service.accept(await tokenOf(orgId, ['admin']), [set(2, { limitUsd: 2 })]);
    expect(await rows(orgId)).toMatchObject([{ limit_nanos: 2_000_000_000 }]);
  });
});

describe('what it may say', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  it.each<[object, string]>([
    [{ limitUsd: 0 }, 'data.limitUsd'],
    [{ limitUsd: '0.0000000001' }, 'data.limitUsd'],
    [{ limitUsd: -1 }, 'data.limitUsd'],
    [{ limitUsd: 1_000_000_001 }, 'data.limitUsd'],
    [{ period: 'year' }, 'data.period'],
    [{ thresholds: [0] }, 'data.thresholds.0'],
    [{ thresholds: many(11).map(() => 1) }, 'data.thresholds'],
    [{ filters: { nothing: ['a'] } }, 'data.filters'],
    // not of single runs, and not of sessions
    [{ filters: { run: ['r'] } }, 'data.filters'],
    [{ filters: { local_handoff: ['true'] } }, 'data.filters'],
    [{ filters: { team: [7] } }, 'data.filters.team'],
    [{ filters: { team: [''] } }, 'data.filters.team.0'],
    [{ filters: { team: ['a\0b'] } }, 'data.filters.team.0'],
    [{ filters: { team: many(101) } }, 'data.filters.team'],
    [{ filters: { team: { is: ['a'] } } }, 'data.filters.team'],
    [{ filters: Object.fromEntries(many(21).map((name) => [name, 'a'])) }, 'data.filters'],
  ])('not %j', async (data, path) => {
    const { token } = await service.newOrganization();
    const { body } = await service.request('/v1/events', { token, body: [set(0, data)] });
    expect(body.rejected).toMatchObject([{ code: 'invalid_event', path }]);
  });

  it('but a limit of more than any run may cost, and filters in every form of a query', async () => {
    const { token } = await service.newOrganization();
    const filters = { team: 'core', user: ['ann', null], repo: { not: ['web'] }, model: { not: null }, status: [] };
    const { body } = await service.request('/v1/events', { token, body: [set(0, { limitUsd: 1e9, filters })] });
    expect(body).toMatchObject({ accepted: 1 });
  });
});

describe('erasing a user', () => {
  it('takes their ids and names from the filters, now and before, and the names of these budgets', async () => {
    const { orgId, token } = await service.newOrganization();
    const ann = { userId: 'ann', name: 'Ann Example', aliases: ['ann2'] };
    const others = { limitUsd: 1, budgetId: 'other', name: 'Others', filters: { user: ['bob'], team: ['ann'] } };
    await service.accept(token, [
      {
        ...{ specversion: '1.0', source: 'test', id: 'u', type: 'user.upserted', time: '2026-06-10T08:00:00Z' },
        data: ann,
      },
      set(1, { name: 'Of Ann', filters: { user: 'Ann Example', team: { not: ['ann'] } } }),
      set(2, { name: 'Of both', filters: { user: { not: ['ann2', 'bob', null] } } }),
      set(3, { filters: { user: ['ann', 'bob'] } }),
      set(4, { budgetId: 'left', name: 'Of Ann', filters: { user: ['ann2'] } }),
      set(1, others),
    ]);
    await eraseUser(service.database, orgId, { userId: 'ann2', pseudonym: 'erased-1', replaceId: true });
    const after = await rows(orgId);
    expect(after.map(({ budget_id, name, filters }) => [budget_id, name, filters]).sort()).toEqual([
      ['b', null, { user: ['erased-1-1', 'bob'] }],
      ['left', null, { user: ['erased-1-2'] }],
      ['other', 'Others', others.filters],
    ]);
    const { events } = (await rebuilt(orgId)) as { events: string[] };
    const logged = events
      .map((text) => JSON.parse(text) as { type: string; time: string; entity: string; data: { filters: object } })
      .filter(({ entity }) => entity === 'budget:b')
      .sort((one, other) => one.time.localeCompare(other.time));
    expect(logged.map(({ data }) => data.filters)).toEqual([
      { user: 'erased-1-1', team: { not: ['ann'] } },
      { user: { not: ['erased-1-2', 'bob', null] } },
      { user: ['erased-1-1', 'bob'] },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Ann Example|Of Ann|ann2/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { deleteOrganization } from '../../src/retention/delete-organization.js';
import { updateOrganization } from '../../src/access/organizations.js';
import type { Database, Transaction } from '../../src/db/database.js';
import { eraseUser } from '../../src/retention/erase.js';
import { prune } from '../../src/retention/prune.js';
import { AnswerTexts, answerRequest } from '../../src/query/index.js';
import { testService, type TestService } from '../support/service.js';

const NOON = Date.UTC(2026, 0, 31, 12);
const WINDOW = { from: NOON - 86_400_000, to: NOON + 86_400_000 };

let service: TestService;
let now = NOON;
/** statements that an answer took, beside those about the organization and the viewer */
let statements: string[] = [];
let counted: Database;
/** how long what is asked of open runs takes, so that others ask meanwhile */
let delayMs = 0;
const cache = new AnswerTexts();

beforeAll(async () => {
  service = await testService({ clock: () => now });
  counted = {
    ...service.database,
    inOrganization: (orgId, work, options) =>
      service.database.inOrganization(
        orgId,
        (tx) => {
          const query: Transaction['query'] = async (sql, values, options) => {
            if (sql.includes("status = 'IN_FLIGHT'")) await setTimeout(delayMs);
            if (/from (runs|sessions|messages|\()/.test(sql)) statements.push(sql);
            return tx.query(sql, values, options);
          };
          return work({
            orgId,
            query,
            write: (sql, values) => tx.write(sql, values),
            attempt: (asked) => tx.attempt(asked),
            planAnew: () => tx.planAnew(),
          });
        },
        options,
      ),
  };
  await send('user.upserted', { userId: 'ada', email: 'ada@example.com', team: 'core' });
  await send('user.upserted', { userId: 'bo', email: 'bo@example.com', team: 'web' });
  await run('r1', { userId: 'ada' });
});
afterAll(() => service.stop());

let events = 0;
function event(type: string, data: object) {
  return {
    specversion: '1.0',
    id: `e${(events += 1)}`,
    source: 'test',
    type,
    time: new Date(NOON).toISOString(),
    data,
  };
}

async function send(type: string, data: object): Promise<void> {
  expect((await service.request('/v1/events', { body: event(type, data) })).body).toMatchObject({ accepted: 1 });
}

function run(runId: string, more: object): Promise<void> {
  return send('run.started', { runId, sessionId: 's', startedAt: new Date(NOON).toISOString(), ...more });
}

type Viewer = Parameters<typeof answerRequest>[1]['viewer'];
const COUNT = { view: 'total', metrics: ['runs'] };

async function ask(
  query: object,
  viewer: Viewer = null,
  { linksFor, orgId = 'acme', signal }: { linksFor?: string; orgId?: string; signal?: AbortSignal } = {},
) {
  statements = [];
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  const { results } = await answerRequest(counted, { orgId, viewer }, body, now, { texts: cache, linksFor, signal });
  const frame = results.A?.status === 200 ? results.A.frames[0]! : undefined;
  const config = frame?.schema.fields[0]?.config;
  return { config, values: frame?.data.values, meta: frame?.schema.meta, computed: statements.length > 0 };
}

/** Those that count runs. */
function ofRuns(asked: string[]): string[] {
  return asked.filter((sql) => sql.includes('count(*) as runs'));
}

describe('an answer', () => {
  it('is computed once, and says when it was asked for', async () => {
    expect(await ask(COUNT)).toMatchObject({ values: [[1]], computed: true, meta: { custom: { asOf: NOON } } });
    now += 1_000;
    expect(await ask(COUNT)).toMatchObject({
      values: [[1]],
      computed: false,
      meta: { custom: { asOf: NOON + 1_000 } },
    });
  });

  it('is computed once for all who ask at the same time, and is the same for all', async () => {
    const query = { ...COUNT, metrics: ['runs', 'total_cost'] };
    const answers = await Promise.all([ask(query), ask(query), ask(query)]);
    expect(answers.map(({ values }) => values)).toEqual([
      [[1], [null]],
      [[1], [null]],
      [[1], [null]],
    ]);
    expect(ofRuns(statements)).toHaveLength(1);
  });

  it('is computed once for all who ask as of now, each for a window that ends just then', async () => {
    const query = { view: 'total', metrics: ['queued_runs_now', 'in_flight_runs_now'] };
    delayMs = 300;
    const windows = [0, 40].map((ms) => ({ from: WINDOW.from + ms, to: WINDOW.to + ms }));
    const together = async (more: object): Promise<number> => {
      const answers = await Promise.all(windows.map((window) => ask({ ...query, ...window, ...more })));
      expect(answers.map(({ meta }) => meta?.custom)).toMatchObject(windows.map((window) => ({ window })));
      return statements.filter((sql) => sql.includes("status = 'IN_FLIGHT'")).length;
    };
    expect(await together({})).toBe(1);
    // one of the metrics is of the window
    expect(await together({ metrics: ['queued_runs_now', 'runs'] })).toBe(2);
    delayMs = 0;
  });

  it('is computed by who waited for somebody that went away', async () => {
    const query = { ...COUNT, metrics: ['runs', 'total_tokens'] };
    const gone = new AbortController();
    const broken = ask(query, null, { signal: gone.signal });
    const waiting = ask(query);
    gone.abort(new Error('gone'));
    await expect(broken).rejects.toThrow();
    expect((await waiting).values).toEqual([[1], [null]]);
  });

  it('is computed anew for another window, refId, zone or question', async () => {
    for (const other of [{ from: WINDOW.from + 1 }, { refId: 'B' }, { timezone: 'Asia/Tokyo' }, { orderBy: 'runs' }]) {
      expect((await ask({ ...COUNT, ...other })).computed).toBe(true);
    }
    expect((await ask(COUNT)).computed).toBe(false);
  });

  it('follows an event', async () => {
    await run('r2', { userId: 'bo' });
    expect(await ask(COUNT)).toMatchObject({ values: [[2]], computed: true });
    await send('run.deleted', { runId: 'r2' });
    expect(await ask(COUNT)).toMatchObject({ values: [[1]], computed: true });
  });

  it('follows a change of somebody’s name', async () => {
    const users = { view: 'table', metrics: ['runs'], groupBy: ['user'] };
    expect((await ask(users)).values?.[0]).toEqual(['ada@example.com']);
    await send('user.upserted', { userId: 'ada', name: 'Ada' });
    expect((await ask(users)).values?.[0]).toEqual(['Ada']);
  });

  it('follows the settings of the organization', async () => {
    const days = { view: 'series', metrics: ['runs'], interval: 'day' };
    expect((await ask(days)).meta?.custom).toMatchObject({ timezone: 'UTC' });
    await updateOrganization(service.database, 'acme', { timezone: 'Asia/Tokyo' });
    expect((await ask(days)).meta?.custom).toMatchObject({ timezone: 'Asia/Tokyo' });
  });

  it('follows the clock where it is about it', async () => {
    const age = { view: 'total', metrics: ['data_age'] };
    const timeline = { view: 'timeline', filters: { session: ['s'] } };
    const before = [(await ask(age)).values, (await ask(timeline)).values?.[7]];
    now += 5_000;
    const after = [(await ask(age)).values, (await ask(timeline)).values?.[7]];
    expect(before).toEqual([[[1_000]], [1_000, 1_000]]);
    expect(after).toEqual([[[6_000]], [6_000, 6_000]]);
  });

  it('is not shown to whoever sees less', async () => {
    const viewer = (email: string): Viewer => ({ kind: 'user', email, signIn: 'trusted', isGrafanaAdmin: false });
    expect((await ask(COUNT)).values).toEqual([[1]]);
    expect((await ask(COUNT, viewer('ada@example.com'))).values).toEqual([[1]]);
    expect((await ask(COUNT, viewer('bo@example.com'))).values).toEqual([[0]]);
    await send('user.upserted', { userId: 'bo', team: 'core' });
    expect((await ask(COUNT, viewer('bo@example.com'))).values).toEqual([[1]]);
  });

  it('has links for the data source that asks, and for nobody else', async () => {
    const users = { view: 'table', metrics: ['runs'], groupBy: ['user'] };
    const linksFor = async (uid?: string) =>
      JSON.stringify((await ask(users, null, { linksFor: uid })).config?.links ?? null);
    expect(await linksFor('one')).toContain('var-datasource=one&');
    expect(await linksFor('other')).toContain('var-datasource=other&');
    // what is the same for everybody leads nowhere
    expect((await ask({ ...users, audience: 'public' }, null, { linksFor: 'one' })).config?.links).toBeUndefined();
    expect(await linksFor()).toBe('null');
  });

  it('is not kept where the question was wrong', async () => {
    await ask(COUNT);
    const wrong = { view: 'total', metrics: ['nothing'] };
    expect((await ask(wrong)).values).toBeUndefined();
    expect((await ask(COUNT)).computed).toBe(false);
  });

  it('follows an erasure', async () => {
    const users = { view: 'table', metrics: ['runs'], groupBy: ['user'] };
    expect((await ask(users)).values?.[0]).toEqual(['Ada']);
    await eraseUser(service.database, 'acme', { userId: 'ada', pseudonym: 'erased-1', replaceId: true });
    expect((await ask(users)).values?.[0]).toEqual(['erased-1']);
  });

  it('follows what a retention removes', async () => {
    expect((await ask(COUNT)).values).toEqual([[1]]);
    await prune(service.database, 'acme', new Date(NOON + 1));
    expect(await ask(COUNT)).toMatchObject({ values: [[0]], computed: true });
  });

  it('is not that of a deleted organization, whose id another one has now', async () => {
    const owner = new pg.Client({ connectionString: service.url });
    await owner.connect();
    const seen: unknown[] = [];
    for (const repo of ['one', 'two']) {
      const token = await service.organization('again');
      const createdAt = new Date(NOON).toISOString();
      const created = event('session.created', { sessionId: 's', createdAt, repo });
      const body = [created, event('run.started', { runId: 'r', sessionId: 's', startedAt: createdAt })];
      expect((await service.request('/v1/events', { body, token })).body).toMatchObject({ accepted: 2 });
      seen.push(
        (await ask({ view: 'table', metrics: ['runs'], groupBy: ['repo'] }, null, { orgId: 'again' })).values?.[0],
      );
      await deleteOrganization(service.database, 'again', { owner, actor: 'test' });
    }
    await owner.end();
    expect(seen).toEqual([['one'], ['two']]);
  });
});

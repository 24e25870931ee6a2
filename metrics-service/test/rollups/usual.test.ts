import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { claim } from '../../src/rollups/claim.js';
import { organizationsToRefresh } from '../../src/rollups/state.js';
import { renewUsual } from '../../src/rollups/usual.js';
import { rowsOf, type QueryResult } from '../query/world.js';
import { testService, type TestService } from '../support/service.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MANY = 2_000;

let service: TestService;
let owner: pg.Client;
beforeAll(async () => {
  service = await testService({ clock: Date.now });
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});

let events = 0;
const event = (type: string, data: object) => ({
  ...{ specversion: '1.0', source: 'platform', id: `e${(events += 1)}`, type },
  data,
});

/** A run of ten seconds in a session of its own, with its model. */
function ended(name: string, startedMs: number, costUsd: number): object[] {
  const at = (ms: number): string => new Date(ms).toISOString();
  return [
    event('run.started', { runId: name, sessionId: `s-${name}`, startedAt: at(startedMs), model: 'm' }),
    event('run.completed', { runId: name, completedAt: at(startedMs + 10_000), status: 'SUCCEEDED', costUsd }),
  ];
}

interface Organization {
  readonly orgId: string;
  readonly token: string;
}

/** With an open run of which only the model is known. */
async function organization(): Promise<Organization> {
  const made = await service.newOrganization();
  const startedAt = new Date(Date.now() - MINUTE).toISOString();
  await service.accept(made.token, [event('run.started', { runId: 'open', sessionId: 'o', startedAt, model: 'm' })]);
  return made;
}

async function ask({ token }: Organization, query: object): Promise<Record<string, unknown>[]> {
  const body = { from: Date.now() - 1, to: Date.now(), queries: [{ refId: 'A', ...query }] };
  return rowsOf((await service.request('/v1/query', { token, body })).body.results.A as QueryResult);
}

/** The runaway sessions, and what the open run costs in a second by the estimate (USD). */
async function found(of: Organization): Promise<object> {
  const dear = await ask(of, { view: 'table', metrics: ['runaway_sessions_now'], groupBy: ['session'] });
  const [open] = await ask(of, { view: 'live' });
  expect(open).toMatchObject({ run: 'open', cost_estimated: true });
  const usdPerSecond = Number(open!.total_cost) / (Number(open!.elapsed) / 1_000);
  return { runaways: dear.map(({ session }) => session).sort(), usdPerSecond: Math.round(1e6 * usdPerSecond) / 1e6 };
}

async function renew({ orgId }: Organization): Promise<void> {
  await renewUsual(service.database, orgId);
}

/** As if it had been found so long ago. */
async function age({ orgId }: Organization, ms: number): Promise<void> {
  await owner.query(`update rollup_usual set at = at - $2::bigint * interval '1 millisecond' where org_id = $1`, [
    orgId,
    ms,
  ]);
}

/** As the definitions have it: continuous, at position p (n - 1). */
function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  return below + (position % 1) * (sorted[Math.ceil(position)]! - below);
}

/** Sends sessions of a day ago that cost a step, two steps … and answers their costs. */
async function spend({ token }: Organization, name: string, step: number): Promise<number[]> {
  const costs = Array.from({ length: MANY }, (_, n) => step * (n + 1));
  const runs = costs.map((cost, n) => ended(`${name}${n}`, Date.now() - DAY - n * 1_000, cost));
  for (let from = 0; from < MANY; from += 500) await service.accept(token, runs.slice(from, from + 500).flat());
  return costs;
}

it('is found by the definitions, kept, found anew after ten minutes, and not used after an hour', async () => {
  const of = await organization();
  const dear = { 's-dear': 19.825, 's-less': 19.805 };
  const costs = [...(await spend(of, 'r', 0.01)), ...Object.values(dear)];
  for (const [session, cost] of Object.entries(dear)) {
    await service.accept(of.token, ended(session.slice(2), Date.now() - MINUTE, cost));
  }
  const expected = (spent: readonly number[]) => ({
    runaways: Object.entries(dear).flatMap(([name, cost]) => (cost > percentile(spent, 0.99) ? [name] : [])),
    usdPerSecond: Math.round((1e6 * percentile(spent, 0.5)) / 10) / 1e6,
  });
  expect(expected(costs).runaways).toEqual(['s-dear']);
  expect(await found(of)).toEqual(expected(costs));
  await renew(of);
  expect(await found(of)).toEqual(expected(costs));

  const later = [...costs, ...(await spend(of, 't', 0.02))];
  await age(of, 9 * MINUTE);
  await renew(of);
  expect(await found(of)).toEqual(expected(costs));
  await age(of, MINUTE);
  await renew(of);
  expect(await found(of)).toEqual(expected(later));
  expect(expected(later)).not.toEqual(expected(costs));

  await owner.query(`update rollup_usual set session_nanos = 1, rates = '{"m": 1000000}' where org_id = $1`, [
    of.orgId,
  ]);
  expect(await found(of)).toEqual({ runaways: ['s-dear', 's-less'], usdPerSecond: 1 });
  await age(of, 61 * MINUTE);
  expect(await found(of)).toEqual(expected(later));
});

it('is asked for where it is behind, but where there are few runs', async () => {
  const isListed = async ({ orgId }: Organization): Promise<boolean> => {
    await service.database.inOrganization(orgId, async (tx) => {
      await tx.query(`delete from rollup_marks where org_id = $1`, [orgId]);
      await tx.query(`delete from rollup_session_marks where org_id = $1`, [orgId]);
    });
    return (await organizationsToRefresh(service.database)).some((one) => one.orgId === orgId);
  };
  const [many, few] = [await organization(), await organization()];
  await spend(many, 'r', 0.01);
  for (const one of [many, few]) {
    await claim(service.database, one.orgId);
    expect(await isListed(one)).toBe(true);
    await renew(one);
    expect(await isListed(one)).toBe(false);
    await age(one, 10 * MINUTE);
  }
  expect([await isListed(many), await isListed(few)]).toEqual([true, false]);
});

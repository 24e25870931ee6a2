import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ENTITIES } from '../../src/entities/index.js';
import { randomEvents } from '../support/random-events.js';
import { testService, type TestService } from '../support/service.js';

const TABLES = ENTITIES.flatMap(({ table, parts }) => [table, ...Object.keys(parts ?? {})]);

let service: TestService;
let owner: pg.Client;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  service = await testService();
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  for (const org of ['vienna', 'graz']) {
    tokens[org] = await service.organization(org);
    await service.accept(tokens[org], randomEvents(3, { count: 300 }).events);
  }
});
afterAll(async () => {
  await owner.end();
  await service.stop();
});

async function versions(): Promise<Record<string, bigint>> {
  const { rows } = await owner.query<{ org_id: string; version: string }>(
    `select org_id, data_version as version from ingest_state where org_id in ('vienna', 'graz')`,
  );
  return Object.fromEntries(rows.map(({ org_id, version }) => [org_id, BigInt(version)]));
}

/** By how much each organization's version moved on. */
async function moved(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await versions();
  await work();
  const after = Object.entries(await versions());
  return Object.fromEntries(after.map(([org, version]) => [org, Number(version - before[org]!)]));
}

/** A generated one takes no value. */
const OWN_COLUMNS = `
  select quote_ident(attname) as name
  from pg_attribute
  where attrelid = $1::regclass
    and attnum > 0
    and not attisdropped
    and attgenerated = ''`;

describe('whoever writes a table that questions read', () => {
  it.each(TABLES)('moves the version of the organization on: %s', async (table) => {
    const has = `where org_id = 'vienna'`;
    const { rows } = await owner.query(`select from ${table} ${has}`);
    if (rows.length === 0) throw new Error(`there are no ${table} to try it on`);
    expect(await moved(() => owner.query(`update ${table} set org_id = org_id ${has}`))).toEqual({
      vienna: 1,
      graz: 0,
    });
    expect(
      await moved(() => owner.query(`with gone as (delete from ${table} ${has} returning *) select from gone`)),
    ).toEqual({ vienna: 1, graz: 0 });
    const columns = (await owner.query<{ name: string }>(OWN_COLUMNS, [table])).rows.map(({ name }) => name).join(', ');
    const copied = `select (jsonb_populate_record(t, '{"org_id": "vienna"}')).* from ${table} t`;
    const copy = `insert into ${table} (${columns}) select ${columns} from (${copied}`;
    expect(await moved(() => owner.query(`${copy} where org_id = 'graz') t`))).toEqual({ vienna: 1, graz: 0 });
    await owner.query('begin');
    expect(await moved(() => owner.query(`truncate ${table}`))).toEqual({ vienna: 1, graz: 1 });
    await owner.query('rollback');
  });

  it('moves it on once, however many tables ingest writes', async () => {
    const { events } = randomEvents(4, { count: 300 });
    const more = events.map((event) => ({ ...event, source: `another ${event.source}` }));
    expect(await moved(() => service.accept(tokens.graz!, more))).toEqual({ vienna: 0, graz: 1 });
  });

  it('is noticed by who has asked before', async () => {
    const queries = [{ refId: 'A', view: 'total', metrics: ['runs'] }];
    const body = { from: '2005-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z', queries };
    const runs = async (): Promise<unknown> => {
      const answer = await service.request('/v1/query', { token: tokens.vienna!, body });
      return answer.body.results.A.frames[0].data.values;
    };
    expect(await runs()).not.toEqual([[0]]);
    await owner.query(`update runs set hidden = true where org_id = 'vienna'`);
    expect(await runs()).toEqual([[0]]);
  });
});

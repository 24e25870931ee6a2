import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Viewer } from '../../src/access/viewer.js';
import { inSnapshot } from '../../src/query/index.js';
import { Draft } from '../../src/query/sql/statement.js';
import { WINDOW } from '../query/world.js';
import { startWorld, viewed, type Viewed } from './world-of-viewers.js';
import type { World } from '../query/world.js';

/** Statements over a table that nobody wrote a visibility rule for, and that know nothing of rules. */
let world: World;
let organization: Viewed;
beforeAll(async () => {
  world = await startWorld([]);
  organization = await viewed(world, 'closed', { memberVisibility: 'team' });
  const owner = new pg.Client({ connectionString: world.url });
  await owner.connect();
  await owner.query(`
    create table secrets (org_id text collate "C" not null, secret text not null, primary key (org_id, secret));
    insert into secrets values ('closed', 'of everybody');
    grant select on secrets to runboard_service`);
  await owner.end();
});
afterAll(() => world.stop());

const TIM: Viewer = { kind: 'user', email: 'tim@example.org', signIn: 'trusted', isGrafanaAdmin: false };

/** The rows of a statement that takes these tables through the draft, and is written as it is. */
function rowsOf(viewer: Viewer | null, tables: readonly string[], sql: string): Promise<unknown[]> {
  return inSnapshot(world.database, { orgId: 'closed', viewer }, { now: WINDOW.to }, async (snapshot) => {
    const draft = new Draft('closed');
    tables.forEach(draft.table);
    return snapshot.question().ask(draft.statement(sql));
  });
}

describe('a table without a rule', () => {
  const SQL = 'select secret from secrets where org_id = $1';

  it('is read for who sees everything', async () => {
    expect(await rowsOf(null, ['secrets'], SQL)).toEqual([{ secret: 'of everybody' }]);
  });

  it('is an error for a member', async () => {
    await expect(rowsOf(TIM, ['secrets'], SQL)).rejects.toThrow('secrets has no rule');
  });

  it.each([
    SQL,
    'select secret from only secrets where org_id = $1',
    'select secret from (select 1) one, secrets where org_id = $1',
    'select secret from ingest_state join secrets using (org_id) where org_id = $1',
    'select (select secret from secrets s where s.org_id = $1 limit 1) as secret',
  ])('is unknown to PostgreSQL where a member’s statement did not take it: %s', async (sql) => {
    await expect(rowsOf(TIM, [], sql)).rejects.toThrow(/relation "(secrets|ingest_state)" does not exist/);
  });
});

describe('a table with a rule', () => {
  const runsOf = async (viewer: Viewer | null, tables: string[], from: string): Promise<unknown> => {
    const rows = await rowsOf(viewer, tables, `select r.run_id as run from ${from} where r.org_id = $1 order by 1`);
    return rows.map((row) => (row as { run: string }).run);
  };

  it('holds the visible rows only, however it is named', async () => {
    expect(await runsOf(null, ['runs'], 'runs r')).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
    for (const from of ['runs r', 'only runs r', '(select 1) one, runs r', 'runs as r']) {
      expect(await runsOf(TIM, ['runs'], from)).toEqual(['r1', 'r2', 'r5']);
    }
  });

  it('is unknown where the statement did not take it', async () => {
    await expect(runsOf(TIM, [], 'runs r')).rejects.toThrow('relation "runs" does not exist');
  });

  it('has all attributes of a session but a creator who is not visible', async () => {
    const sql = 'select s.* from sessions s where s.org_id = $1 order by s.session_id';
    const [whole, seen] = [await rowsOf(null, ['sessions'], sql), await rowsOf(TIM, ['sessions'], sql)];
    const known = (rows: unknown[]): unknown[] =>
      (rows as Record<string, unknown>[]).map(({ stamps: _stamps, ...row }) => row);
    expect(known(seen)).toEqual(
      known(whole).map((row) => {
        const { created_by_user_id: creator } = row as { created_by_user_id: string };
        return { ...(row as object), created_by_user_id: creator === 'u-ann' ? 'u-ann' : null };
      }),
    );
  });

  it('still answers a member, whose question goes through the same door', async () => {
    const viewer = { kind: 'user', email: 'tim@example.org', role: 'Viewer', auth: 'oauth_google' };
    expect(await organization.rows(viewer, { view: 'total', metrics: ['runs'] })).toEqual([{ runs: 3 }]);
  });
});

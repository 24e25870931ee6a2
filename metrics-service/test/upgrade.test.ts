import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createOrganization } from '../src/access/organizations.js';
import { createToken } from '../src/access/tokens.js';
import { rebuild } from '../src/ingest/rebuild.js';
import { loadPrices } from '../src/pricing/index.js';
import { audit } from './chaos/audit.js';
import { Ledger } from './chaos/ledger.js';
import { post } from './chaos/post.js';
import { sendUntil } from './chaos/sender.js';
import { runboard, serve, type Serving } from './support/command.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { nextVersion, type NextVersion } from './support/next-version.js';
import { Random } from './support/random.js';

/** What a migration may do while the version before is running: see AGENTS.md. */
const EXPANDING = `
  alter table runs add column next_text text, add column next_count bigint not null default 0;
  alter table sessions add column next_text text;
  alter table events add column next_text text;
  update runs set next_count = 0;
  create index runs_next on runs (org_id, next_count);
  create table next_things (org_id text collate "C" not null, thing_id text not null, primary key (org_id, thing_id));
  alter table next_things enable row level security;`;

let next: NextVersion;
let database: TestDatabase;
const services: Serving[] = [];

beforeAll(async () => {
  database = await testDatabase();
  next = nextVersion(EXPANDING);
});
afterAll(async () => {
  for (const service of services) await service.end('SIGKILL');
  next.remove();
  await database.drop();
});

async function started(version: 'this' | 'next'): Promise<Serving> {
  const main = version === 'next' ? next.main : undefined;
  const service = await serve(database.url, { RUNBOARD_DATA_DIR: join(next.folder, version) }, main);
  services.push(service);
  return service;
}

it('goes on while the next version migrates and starts beside it, and may be killed then', async () => {
  await createOrganization(database.database, 'acme');
  const scopes = ['ingest' as const, 'directory' as const, 'read' as const];
  const { token } = await createToken(database.database, 'acme', { name: 'test', scopes });
  const ledger = new Ledger(new Random(3), 'acme');
  const traffic = { requests: 0, answers: {} as Record<string, number> };
  const ready = async (url: string): Promise<number> => (await fetch(`${url}/ready`)).status;
  const runs = async (url: string): Promise<unknown> => {
    const queries = [{ refId: 'A', view: 'total', metrics: ['runs'] }];
    const text = JSON.stringify({ from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', queries });
    const { body } = await post(`${url}/v1/query`, token, { type: 'application/json', text });
    return JSON.parse(body).results.A.frames[0].data.values[0][0];
  };
  const more = async (count: number): Promise<void> => {
    for (const until = ledger.acknowledged.length + count; ledger.acknowledged.length < until;) {
      if (ledger.broken.length > 0) throw new Error(ledger.broken.join('\n'));
      await sleep(20);
    }
  };

  const older = await started('this');
  let { url } = older;
  const receivers = [{ url: () => url, token, ledger }];
  let isOver = false;
  const giveUp = new AbortController();
  const sending = Promise.all(
    [1, 2, 3, 4].map((seed) =>
      sendUntil(() => isOver, receivers, { random: new Random(seed), traffic, givenUp: giveUp.signal }),
    ),
  );
  try {
    await more(100);
    const newer = await started('next');
    expect(newer.sofar.stdout).toContain('Migrated the database (9998_next)');
    // sessions are told to both
    receivers.push({ url: () => newer.url, token, ledger });
    await more(200);
    expect([await ready(older.url), await ready(newer.url)]).toEqual([200, 200]);
    expect([await runs(older.url), await runs(newer.url)]).toEqual([expect.any(Number), expect.any(Number)]);
    await older.end('SIGKILL');
    url = newer.url;
    await more(100);
    const { code, stderr } = await runboard(['serve'], { DATABASE_URL: database.url, PORT: '0' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/newer version of Runboard .*9998_next/),
    });
    isOver = true;
    await sending;
    const door = { databaseUrl: database.url, url: newer.url, token };
    const anew = async (): Promise<void> => void (await rebuild(database.database, 'acme', loadPrices()));
    expect(await audit(ledger, { ...door, rebuild: anew })).toEqual([]);
  } finally {
    giveUp.abort();
  }
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { dataFolder, runboard, start, startUntil, type Started } from '../support/command.js';

/** The service with a role of its own, on the database that `npm start` makes. */
let folder: Awaited<ReturnType<typeof dataFolder>>;
let service: Started;
let ownerUrl: string;
let serviceUrl: string;

beforeAll(async () => {
  folder = await dataFolder();
  service = await start(folder.path);
  const read = async (name: string) =>
    JSON.parse(await readFile(join(folder.path, name), 'utf8')) as Record<string, string>;
  ownerUrl = (await read('database.json')).url!;
  const address = new URL(ownerUrl);
  address.username = 'runboard_service';
  address.password = (await read('passwords.json')).service!;
  serviceUrl = address.href;
});
afterAll(async () => {
  await service.end();
  await folder.remove();
});

async function asOwner(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  return (await client.query<Record<string, unknown>>({ text: sql }).finally(() => client.end())).rows;
}

describe('a service with a role of its own', () => {
  it('is how npm start works', async () => {
    const connected = `select distinct usename as role from pg_stat_activity where application_name = 'runboard'`;
    expect(await asOwner(connected)).toEqual([{ role: 'runboard_service' }]);
  });

  it('is enough for commands that only work with what is in the tables', async () => {
    const { code, stdout } = await runboard(['org', 'list'], { DATABASE_URL: serviceUrl });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('default') });
  });

  it.each([['migrate'], ['backup', '/nowhere'], ['org', 'delete', 'default', '--yes']])(
    'says what it takes to %s',
    async (...args) => {
      const { code, stderr } = await runboard(args, { DATABASE_URL: serviceUrl });
      expect(stderr).toMatch(
        /^.*does not own the tables: set DATABASE_OWNER_URL to the address with the role that does\n$/,
      );
      expect(code).toBe(1);
    },
  );

  it('leaves that to the owner, where one is named', async () => {
    const { code, stdout } = await runboard(['migrate'], { DATABASE_URL: serviceUrl, DATABASE_OWNER_URL: ownerUrl });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing to do\n' });
  });

  it('serves a database that somebody else migrated, and no other', async () => {
    const environment = {
      DATABASE_URL: serviceUrl,
      RUNBOARD_DATA_DIR: join(folder.path, 'second'),
      RUNBOARD_DEMO: '0',
      PORT: '0',
    };
    const served = await startUntil('curl ', 'SIGTERM', environment.RUNBOARD_DATA_DIR, environment);
    expect(served).toMatchObject({ code: 0, stderr: '' });
    await asOwner(`delete from pgmigrations where name like '0001%'`);
    const { code, stderr } = await runboard(['serve'], environment);
    expect(stderr).toMatch(
      /^.*older than this version.*run `runboard migrate` as the one that does \(DATABASE_OWNER_URL\).*\n$/,
    );
    expect(code).toBe(1);
  });
});
